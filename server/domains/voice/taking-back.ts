import type { AgentConfig } from '../../../contract/agents.ts'
import type { Call } from '../../kernel/answers.ts'
import type { Changes } from '../changes/index.ts'
import { MODEL } from '../language/learnt/kinds.ts'
import type { Course, Sensitive } from '../workflows/spoken/course.ts'

type Modification = NonNullable<Awaited<ReturnType<Changes['latest']['toUndo']>>>

const UNDONE = ['Undone', 'That would take back'] as const
const AGAIN = ['Done again', 'That would do again'] as const
const NOTHING_ELSE = 'There is nothing else to undo. Undoing that would do again'

interface Around {
  /** Whether a change was the last one of this conversation. */
  isMine: (modification_id: string) => boolean
  dry_run: boolean
}

/**
 * What "undo" and "redo" come to when something was set up otherwise last: nothing when it was daily data, or something
 * that was taught, which asks for nothing either.
 */
export async function takingBack(
  { latest }: Pick<Changes, 'latest'>,
  call: Call,
  action: string,
  { isMine, dry_run }: Around,
): Promise<Course | undefined> {
  const { user_id } = call
  if (action === 'undo') {
    const row = await latest.toUndo(user_id)
    if (row?.kind === MODEL)
      return dry_run ? { kind: 'say', text: `${UNDONE[1]}: ${row.description}` } : undefined
    if (row !== undefined) return courseOf(row, inverse(call, row), isMine(row.id), UNDONE)
    // Whoever has undone everything may mean the undoing itself: that is asked.
    const undone = latest.hasDaily(user_id) ? undefined : await latest.toRedo(user_id)
    return undone?.kind === MODEL
      ? undefined
      : undone && courseOf(undone, inverse(call, undone), false, ['Done again', NOTHING_ELSE])
  }
  if (action !== 'redo') return undefined
  const row = await latest.toRedo(user_id)
  if (row?.kind === MODEL) return undefined
  if (row !== undefined) return courseOf(row, inverse(call, row), isMine(row.id), AGAIN)
  if (await latest.isDailyUndone(user_id)) return undefined
  return { kind: 'say', text: 'There is nothing to do again.' }
}

function courseOf(
  { id, kind, target, description, rolls_back }: Modification,
  asked: Pick<Sensitive, 'operation' | 'input'>,
  isMine: boolean,
  [done, would]: readonly [done: string, would: string],
): Course {
  const said = description.replace(/^Rolled back: /, '')
  const again = rolls_back === null ? {} : { again: rolls_back }
  const takes_back = { modification_id: id, kind, target, ...again }
  const sensitive: Sensitive = { ...asked, done: `${done}: ${said}`, takes_back }
  const about = kind === 'agent' || kind === 'workflow' ? { about: { kind, id: target } as const } : {}
  if (isMine) return { kind: 'sensitive', sensitive, ...about }
  return { kind: 'agree', question: `${would}: ${said} Shall I?`, agreed: sensitive, ...about }
}

/** The operations that do the opposite of each other, by kind. */
const OPERATIONS: Readonly<Record<string, 'agents' | 'workflows'>> = {
  agent: 'agents',
  workflow: 'workflows',
}

/** A rollback takes a passkey; who has none may still do the opposite, which a sign-in is enough for. */
function inverse(call: Call, row: Modification): Pick<Sensitive, 'operation' | 'input'> {
  const { kind, target: id, before_state, after_state } = row
  const area = OPERATIONS[kind]
  if (call.caller?.has_passkey === true || area === undefined) return rollback(row)
  if (after_state === null) return { operation: `${area}.restore`, input: { id } }
  if (before_state === null) return { operation: `${area}.delete`, input: { id } }
  const before = JSON.parse(before_state) as Record<string, unknown>
  const after = JSON.parse(after_state) as Record<string, unknown>
  const changed = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name]),
  )
  return { operation: `${area}.update`, input: { id, ...withoutAdded(Object.fromEntries(changed), after) } }
}

function keysOf({ config }: Record<string, unknown>): AgentConfig['api_keys'] {
  return (config as Partial<AgentConfig> | undefined)?.api_keys ?? {}
}

/** Keys that came stay unless they are taken away by name. */
function withoutAdded(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const known = keysOf(before)
  const added = Object.keys(keysOf(after)).filter((name) => !Object.hasOwn(known, name))
  if (before['config'] === undefined || added.length === 0) return before
  const api_keys = { ...known, ...Object.fromEntries(added.map((name) => [name, ''])) }
  return { ...before, config: { ...(before['config'] as object), api_keys } }
}

function rollback({ id }: Modification): Pick<Sensitive, 'operation' | 'input'> {
  return { operation: 'system.rollback', input: { modification_id: id } }
}
