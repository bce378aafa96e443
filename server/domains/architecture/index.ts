import { system } from '../../../contract/system.ts'
import type { ArchitectureDiff, SystemArchitecture } from '../../../contract/system.ts'
import type { Input } from '../../../contract/operation.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Changes } from '../changes/index.ts'
import { compareArchitectures } from './compare.ts'
import { isChange, toMoment } from './moment.ts'
import { positionKind } from './positions.ts'
import { openSources } from './sources.ts'
import type { SourceParts, Sources } from './sources.ts'
import { openTelling } from './telling.ts'
import type { Telling } from './telling.ts'

export interface Architecture extends Pick<Telling, 'follow'> {
  answers: Answers
  /** The architecture of a user as it is. */
  draw(user_id: string): Promise<SystemArchitecture>
}

interface Parts extends SourceParts {
  changes: Pick<Changes, 'register' | 'record' | 'onRecorded' | 'find'>
}

/** What a user has set up, how it hangs together, and what passes through it. */
export function openArchitecture(kernel: Kernel, parts: Parts): Architecture {
  const { changes, past } = parts
  const sources = openSources(kernel, parts)
  const nodes = async (user_id: string) => new Set((await sources.now(user_id)).agents.map(({ id }) => id))
  changes.register('architecture', positionKind({ changes, nodes }))
  const telling = openTelling(kernel, { draw: sources.now, modifications: changes.find })
  changes.onRecorded((tx, change) => telling.changed(tx, change))
  return {
    draw: sources.now,
    follow: telling.follow,
    answers: {
      [system.architecture.name]: reads(system.architecture, async ({ user_id }, { at }) =>
        at === undefined
          ? sources.now(user_id)
          : sources.at(user_id, await toMoment(past, user_id, at, 'at')),
      ),
      [system.architecture_diff.name]: reads(system.architecture_diff, ({ user_id }, asked) =>
        difference(kernel, { ...parts, sources }, user_id, asked),
      ),
    },
  }
}

/** What changed from one moment to another; of a change alone, what that changed. */
async function difference(
  { clock }: Pick<Kernel, 'clock'>,
  { past, sources }: Pick<Parts, 'past'> & { sources: Sources },
  user_id: string,
  { from, to }: Input<typeof system.architecture_diff>,
): Promise<ArchitectureDiff> {
  const start = from ?? (to !== undefined && isChange(to) ? to : undefined)
  if (start === undefined) {
    const issues = [{ path: '/from', message: 'is needed unless to is a change' }]
    throw new Fault('VALIDATION_ERROR', '/from is needed unless to is a change.', { issues })
  }
  const side = from === undefined ? 'before' : 'after'
  const earlier = await toMoment(past, user_id, start, from === undefined ? 'to' : 'from', side)
  const later = to === undefined ? undefined : await toMoment(past, user_id, to, 'to')
  const before = await sources.at(user_id, earlier)
  const after = await (later === undefined ? sources.configured(user_id) : sources.at(user_id, later))
  return {
    from: iso(earlier.time),
    to: iso(later?.time ?? clock.now()),
    ...compareArchitectures(before, after),
  }
}
