import type { Input } from '../../../contract/operation.ts'
import { system } from '../../../contract/system.ts'
import type { SystemModification } from '../../../contract/system.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answer } from '../../kernel/answers.ts'
import { canonical } from '../../kernel/canonical.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Assessing } from './assess.ts'
import type { Change, Foreseen } from './impact.ts'
import { isSame } from './kinds.ts'
import type { Kind, Modify, State } from './kinds.ts'
import { toModification } from './ledger.ts'
import { merge } from './patch.ts'
import { recordedIn } from './recorded.ts'
import { changeStore } from './store.ts'
import type { Summarising } from './summary.ts'
import type { ChangeTables } from './store.ts'
import { refuseControl } from './words.ts'

type Wanted = Input<typeof system.modify>

interface Prepared {
  change: Change & { before: State; after: State }
  modify: Modify
  foreseen: Foreseen
}

/** The one kind of each type that a modification changes where it names no target. */
const KINDS: Readonly<Record<Wanted['type'], string>> = {
  agent_config: 'agent',
  workflow_change: 'workflow',
  system_setting: 'setting',
  architecture_change: 'architecture',
}

interface Parts extends Pick<Assessing, 'assess' | 'assessed'> {
  kinds: ReadonlyMap<string, Kind>
  summarise: Summarising
}

/** Merges a change into one object: looked into before, made as the object's own operations would make it. */
export function openModify(kernel: Kernel, { kinds, summarise, assess, assessed }: Parts): Answer {
  return writes(system.modify, {
    prepare: async (call, wanted): Promise<Prepared> => {
      refuseControl(wanted.description, 'description')
      const { kind, modify, ref, patch } = whatIsMeant(kinds, wanted)
      const target = modify.find(call, ref)
      const before = await kinds.get(kind)?.read(kernel.store.reader, call.user_id, target)
      if (before === undefined) throw missing(kind, ref)
      checkBefore(before, wanted.before_state)
      const after = merge(before, patch)
      if (isSame(before, after)) throw new Fault('MODIFICATION_FAILED', 'That is how it is already.')
      await modify.check(call, target, after)
      const change = { user_id: call.user_id, kind, target, before, after }
      return { change, modify, foreseen: await assess(change) }
    },
    commit: async (tx, _call, { description, dry_run }, { change, modify, foreseen }) => {
      const { user_id, kind, target, before } = change
      const now = await kinds.get(kind)?.read(tx, user_id, target)
      if (!isSame(now, before))
        throw new Fault('MODIFICATION_FAILED', 'It was changed by somebody else meanwhile.')
      assessed(tx, foreseen)
      const make = async (): Promise<SystemModification> => {
        await applyTo(tx, modify, change, description)
        const made = recordedIn(tx).findLast((one) => one.kind === kind && one.target === target)
        const row = made && (await changeStore.modification(tx.tables<ChangeTables>(), user_id, made.id))
        if (row === undefined) throw new Fault('MODIFICATION_FAILED', 'That is how it is already.')
        return toModification(row, dry_run !== true, await summarise(tx, row))
      }
      return tx.attempt(make, dry_run === true ? 'tried' : 'kept')
    },
  })
}

/** @throws Fault `VALIDATION_ERROR` that names what the target lacks. */
function whatIsMeant(
  kinds: ReadonlyMap<string, Kind>,
  { type, target, after_state }: Wanted,
): { kind: string; modify: Modify; ref: string | undefined; patch: State } {
  const kind = target?.kind ?? KINDS[type]
  const modify = kinds.get(kind)?.modify
  if (modify === undefined) {
    const message = `is of a kind that cannot be modified: ${kind}`
    throw new Fault('VALIDATION_ERROR', `/target ${message}.`, {
      issues: [{ path: '/target/kind', message }],
    })
  }
  if (modify.type !== type) {
    const message = `must be ${modify.type} for a target of the kind ${kind}`
    throw new Fault('VALIDATION_ERROR', `/type ${message}.`, { issues: [{ path: '/type', message }] })
  }
  const { id, ...rest } = after_state
  if (id !== undefined && typeof id !== 'string') throw wrongId('must be a text')
  if (id !== undefined && target !== undefined && id !== target.id)
    throw wrongId('must be the id of the target')
  return { kind, modify, ref: target?.id ?? id, patch: rest }
}

function wrongId(message: string): Fault {
  const path = '/after_state/id'
  return new Fault('VALIDATION_ERROR', `${path} ${message}.`, { issues: [{ path, message }] })
}

function missing(kind: string, ref: string | undefined): Fault {
  return new Fault(
    'VALIDATION_ERROR',
    `There is no ${kind} ${ref ?? ''}.`,
    { kind, id: ref },
    { status: 404 },
  )
}

/** @throws Fault `MODIFICATION_FAILED` (409) when a field is not what the client took it to be. */
function checkBefore(before: State, claimed: State | undefined): void {
  const wrong = Object.entries(claimed ?? {}).filter(
    ([name, value]) => name !== 'id' && canonical(before[name] ?? null) !== canonical(value ?? null),
  )
  if (wrong.length === 0) return
  const fields = wrong.map(([name]) => name)
  const text = `It is not as before_state says: ${fields.join(', ')}.`
  throw new Fault('MODIFICATION_FAILED', text, { fields })
}

/** What stands in the way of a rollback stands in the way of this, too. */
async function applyTo(
  tx: Tx,
  modify: Modify,
  { user_id, target, after }: Prepared['change'],
  description: string,
): Promise<void> {
  try {
    await modify.apply(tx, user_id, target, after, description)
  } catch (error) {
    if (error instanceof Fault && error.name === 'ROLLBACK_FAILED')
      throw new Fault('MODIFICATION_FAILED', error.message, error.details)
    throw error
  }
}
