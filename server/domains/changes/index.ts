import type { Kysely } from 'kysely'
import type { Input, Output } from '../../../contract/operation.ts'
import { system } from '../../../contract/system.ts'
import type { SystemModification } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import { proofOf } from '../../kernel/proof.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { toState, toText } from './kinds.ts'
import { openLatest } from './latest.ts'
import type { Latest } from './latest.ts'
import { diff, revert } from './patch.ts'
import type { Reverted } from './patch.ts'
import { note, recordedIn } from './recorded.ts'
import type { Recorded } from './recorded.ts'
import type { Kind, State } from './kinds.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'
import { openUndo } from './undo.ts'
import type { Undo } from './undo.ts'

/** A configuration change to be recorded in the transaction that makes it. */
export interface NewModification {
  user_id: string
  type: ModificationRow['type']
  kind: string
  target: string
  description: string
  before: State | undefined
  after: State | undefined
  applied_by: string
}

export interface Changes {
  answers: Answers
  /** Says how objects of a kind are read and put back; once for each kind, while the app opens. */
  register(name: string, kind: Kind): void
  /** Records a configuration change; answers its id. */
  record(tx: Tx, modification: NewModification): Promise<string>
  /** Takes configuration changes back; answers the change that did it, of several the last. */
  rollBack(
    tx: Tx,
    user_id: string,
    wanted: Input<typeof system.rollback>,
    by: string,
  ): Promise<SystemModification>
  /** The newest changes of a user in a sentence each. */
  recent(user_id: string, limit: number): Promise<string[]>
  /** The configuration changes of a transaction so far, in their order. */
  recordedIn(tx: Tx): readonly Recorded[]
  readonly undo: Undo
  readonly latest: Latest
}

/** The ledger of configuration changes, and the undo list of daily data. */
export function openChanges(kernel: Kernel): Changes {
  const kinds = new Map<string, Kind>()
  const kind = (name: string): Kind => {
    const known = kinds.get(name)
    if (known === undefined) throw new Error(`No kind ${name} is registered.`)
    return known
  }
  const without = async (db: Pick<Reader, 'tables'>, row: ModificationRow) => {
    const now = await kind(row.kind).read(db, row.user_id, row.target)
    return { now, ...revert(now, toState(row.before_state), toState(row.after_state)) }
  }
  const isStanding = async (db: Pick<Reader, 'tables'>, row: ModificationRow): Promise<boolean> =>
    'state' in (await without(db, row))
  const ledger = openLedger(kernel, kind, without)
  return {
    ...ledger,
    recordedIn,
    register: (name, registered) => kinds.set(name, registered),
    undo: openUndo(kernel, kind),
    latest: openLatest(kernel, (row) => isStanding(kernel.store.reader, row)),
    recent: async (user_id, limit) => {
      const rows = await changeStore.modifications(kernel.store.reader.tables<ChangeTables>(), user_id, {
        limit,
      })
      return rows.map(({ description }) => description)
    },
    answers: {
      [system.modifications.name]: reads(system.modifications, async ({ user_id }, filter) => {
        const limit = filter.limit ?? LIMIT_DEFAULT
        const before = filter.cursor === undefined ? {} : { before: String(fromCursor(filter.cursor)) }
        const db = kernel.store.reader.tables<ChangeTables>()
        const found = await changeStore.modifications(db, user_id, { ...filter, ...before, limit: limit + 1 })
        const { rows, ...next } = toPage(found, limit, (row) => row.id)
        const modifications: SystemModification[] = []
        for (const row of rows)
          modifications.push(toModification(row, await isStanding(kernel.store.reader, row)))
        return { modifications, ...next }
      }),
      [system.rollback.name]: writes(system.rollback, {
        commit: (tx, { user_id }, wanted) => ledger.rollBack(tx, user_id, wanted, user_id),
      }),
    },
  }
}

/** Changes that are looked through for the newest that can be taken back. */
const SEARCHED_MAX = 500

/** The object of a change as it is, and as it would be without the change, or where something later stands in the way. */
type Without = (
  db: Pick<Reader, 'tables'>,
  row: ModificationRow,
) => Promise<{ now: State | undefined } & Reverted>

function openLedger(
  kernel: Kernel,
  kind: (name: string) => Kind,
  without: Without,
): Pick<Changes, 'record' | 'rollBack'> {
  const record = async (
    tx: Tx,
    { before, after, ...given }: NewModification,
    rolls_back: string | null,
  ): Promise<ModificationRow> => {
    note(tx, { ...given, before, after })
    const states = { before_state: toText(before), after_state: toText(after) }
    const applied = { id: kernel.id(), applied_at: kernel.now(), rolled_back_by: null, rolls_back }
    const { passkey_id = null, evidence = null } = proofOf(tx) ?? {}
    const row: ModificationRow = { ...given, ...states, ...applied, passkey_id, evidence }
    await changeStore.insertModification(tx.tables<ChangeTables>(), row)
    return row
  }
  /** The named change, or the newest that can be taken back and is no rollback itself. */
  const find = async (tx: Tx, user_id: string, id: string | undefined): Promise<ModificationRow> => {
    const db = tx.tables<ChangeTables>()
    const newest = { rollbacks: false, limit: SEARCHED_MAX }
    if (id !== undefined) {
      const row = await changeStore.modification(db, user_id, id)
      if (row !== undefined) return row
    } else {
      for (const row of await changeStore.modifications(db, user_id, newest))
        if ('state' in (await without(tx, row))) return row
    }
    const details = { modification_id: id ?? null }
    throw new Fault('VALIDATION_ERROR', 'There is no such change.', details, { status: 404 })
  }
  const takeBack = async (tx: Tx, row: ModificationRow, reason: string, by: string) => {
    const db = tx.tables<ChangeTables>()
    const { now, ...reverted } = await without(tx, row)
    if ('conflicts' in reverted) throw await conflict(db, row, reverted.conflicts)
    const { user_id, type, kind: name, target } = row
    const states = { before: now, after: reverted.state }
    await kind(name).restore(tx, user_id, target, states.after)
    const description = `Rolled back: ${row.description}${reason}`.slice(0, 500)
    const change = { user_id, type, kind: name, target, description, ...states, applied_by: by }
    const made = await record(tx, change, row.id)
    await changeStore.markRolledBack(db, user_id, row.id, made.id)
    return toModification(made, true)
  }
  return {
    record: async (tx, modification) => (await record(tx, modification, null)).id,
    rollBack: async (tx, user_id, { modification_id, steps = 1, reason }, by) => {
      if (modification_id !== undefined && steps > 1) {
        throw new Fault('VALIDATION_ERROR', 'A named change is rolled back alone, without steps.', {
          issues: [{ path: '/steps', message: 'must not be given with modification_id' }],
        })
      }
      const why = reason === undefined ? '' : ` Reason: ${reason}`
      let made = await takeBack(tx, await find(tx, user_id, modification_id), why, by)
      for (let step = 1; step < steps; step += 1)
        made = await takeBack(tx, await find(tx, user_id, undefined), why, by)
      return made
    },
  }
}

/** Names the later changes that stand in the way, and where they meet. */
async function conflict(
  db: Kysely<ChangeTables>,
  row: ModificationRow,
  paths: readonly string[],
): Promise<Fault> {
  const later = await changeStore.laterThan(db, row)
  const conflicts = later.flatMap(({ id, description, before_state, after_state }) => {
    const touched = diff(toState(before_state), toState(after_state)).map(({ path }) => path)
    const met = paths.filter((path) =>
      touched.some((other) => isWithin(path, other) || isWithin(other, path)),
    )
    return met.length === 0 ? [] : [{ id, description, paths: met }]
  })
  return new Fault('ROLLBACK_FAILED', 'A later change of the same thing stands in the way.', { conflicts })
}

function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`)
}

/** The ledger's row as the contract shows it. */
function toModification(row: ModificationRow, rollback_available: boolean): Output<typeof system.rollback> {
  return {
    id: row.id,
    type: row.type,
    description: row.description,
    before_state: toState(row.before_state) ?? {},
    after_state: toState(row.after_state) ?? {},
    applied_by: row.applied_by,
    applied_at: row.applied_at,
    rollback_available,
    impact_assessment: `Changes ${row.kind} ${row.target} and nothing else.`,
    target: { kind: row.kind as SystemModification['target']['kind'], id: row.target },
    impact: { workflows: [], triggers: [], executions: [], problems: [], irreversible: [] },
    proof: row.passkey_id,
  }
}
