import type { Output } from '../../../contract/operation.ts'
import { system } from '../../../contract/system.ts'
import type { SystemModification } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { isSame, toState, toText } from './kinds.ts'
import type { Kind, State, Step } from './kinds.ts'
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
  /** Takes a configuration change back; answers the change that did it. */
  rollBack(
    tx: Tx,
    user_id: string,
    modification_id: string | undefined,
    by: string,
  ): Promise<SystemModification>
  /** The newest changes of a user in a sentence each. */
  recent(user_id: string, limit: number): Promise<string[]>
  readonly undo: Undo
}

/** The ledger of configuration changes, and the undo list of daily data. */
export function openChanges(kernel: Kernel): Changes {
  const kinds = new Map<string, Kind>()
  const kind = (name: string): Kind => {
    const known = kinds.get(name)
    if (known === undefined) throw new Error(`No kind ${name} is registered.`)
    return known
  }
  const ledger = openLedger(kernel, kind)
  return {
    ...ledger,
    register: (name, registered) => kinds.set(name, registered),
    undo: openUndo(kernel, kind),
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
        return { modifications: rows.map(toModification), ...next }
      }),
      [system.rollback.name]: writes(system.rollback, {
        commit: (tx, { user_id }, { modification_id }) =>
          ledger.rollBack(tx, user_id, modification_id, user_id),
      }),
    },
  }
}

function openLedger(kernel: Kernel, kind: (name: string) => Kind): Pick<Changes, 'record' | 'rollBack'> {
  const record = async (tx: Tx, { before, after, ...given }: NewModification): Promise<ModificationRow> => {
    const row: ModificationRow = {
      ...given,
      id: kernel.id(),
      before_state: toText(before),
      after_state: toText(after),
      applied_at: kernel.now(),
      rolled_back_by: null,
    }
    await changeStore.insertModification(tx.tables<ChangeTables>(), row)
    return row
  }
  return {
    record: async (tx, modification) => (await record(tx, modification)).id,
    rollBack: async (tx, user_id, modification_id, by) => {
      const db = tx.tables<ChangeTables>()
      const row = await find(db, user_id, modification_id)
      const step: Step = {
        kind: row.kind,
        target: row.target,
        before: toState(row.after_state),
        after: toState(row.before_state),
      }
      const current = await kind(row.kind).read(tx, user_id, row.target)
      if (!isSame(current, step.before)) {
        const conflicts = (await changeStore.laterThan(db, row)).map(({ id, description }) => ({
          id,
          description,
        }))
        throw new Fault('ROLLBACK_FAILED', 'A later change of the same object stands in the way.', {
          conflicts,
        })
      }
      await kind(row.kind).restore(tx, user_id, row.target, step.after)
      const description = `Rolled back: ${row.description}`.slice(0, 500)
      const made = await record(tx, { ...row, ...step, description, applied_by: by })
      await changeStore.markRolledBack(db, user_id, row.id, made.id)
      return toModification(made)
    },
  }
}

/** The named change, or the newest that was not rolled back and is no rollback itself. */
async function find(
  db: Parameters<typeof changeStore.modification>[0],
  user_id: string,
  id: string | undefined,
): Promise<ModificationRow> {
  const newest = async () => {
    const rows = await changeStore.modifications(db, user_id, { limit: 500 })
    const undoing = new Set(rows.map((row) => row.rolled_back_by))
    return rows.find((row) => row.rolled_back_by === null && !undoing.has(row.id))
  }
  const row = id === undefined ? await newest() : await changeStore.modification(db, user_id, id)
  if (row === undefined)
    throw new Fault(
      'VALIDATION_ERROR',
      'There is no such change.',
      { modification_id: id ?? null },
      { status: 404 },
    )
  if (row.rolled_back_by !== null) {
    throw new Fault('ROLLBACK_FAILED', 'This change was already rolled back.', {
      conflicts: [{ id: row.rolled_back_by }],
    })
  }
  return row
}

/** The ledger's row as the contract shows it. */
function toModification(row: ModificationRow): Output<typeof system.rollback> {
  return {
    id: row.id,
    type: row.type,
    description: row.description,
    before_state: toState(row.before_state) ?? {},
    after_state: toState(row.after_state) ?? {},
    applied_by: row.applied_by,
    applied_at: row.applied_at,
    rollback_available: row.rolled_back_by === null,
    impact_assessment: `Changes ${row.kind} ${row.target} and nothing else.`,
    target: { kind: row.kind as SystemModification['target']['kind'], id: row.target },
    impact: { workflows: [], triggers: [], executions: [], problems: [], irreversible: [] },
    proof: null,
  }
}
