import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Changes } from '../changes/index.ts'
import type { RecordsCapability } from '../../skills/capabilities.ts'
import { RECORDS_MAX, bindRecords } from './capabilities.ts'
import type { Binding } from './capabilities.ts'
import { utc } from './bring.ts'
import { contentText } from './entry.ts'
import { openFitting } from './fitting.ts'
import type { Fitting } from './fitting.ts'
import { recordStore } from './record-store.ts'
import type { MemoryTables, Owner, RecordRow } from './store.ts'

type RestoredHook = (tx: Tx, user_id: string, id: string, row: RecordRow | undefined) => void

export interface Records extends Pick<Fitting, 'keep' | 'fits' | 'isReadable'> {
  /** The documents of an agent, for what acts in the name of it. */
  bindRecords(binding: Binding): RecordsCapability
  /** A document by its id alone, and putting it back; for what acts on documents without an agent. */
  recordOf(tx: Tx, user_id: string, id: string): Promise<RecordRow | undefined>
  putRecord(tx: Tx, row: RecordRow): Promise<void>
  /** Documents of all agents of a user after an id, by id. */
  recordsAfter(user_id: string, after: string, limit: number): Promise<RecordRow[]>
  /**
   * Adds a document that comes from elsewhere, as an undo would. @throws Fault `VALIDATION_ERROR` when there are too many,
   * or it is not what its collection holds.
   */
  bringRecord(tx: Tx, row: RecordRow): Promise<void>
  /** Removes at most 200 documents of an agent for good; answers how many, 0 once there are no more. */
  forgetRecords(tx: Tx, owner: Owner): Promise<number>
  /** Hears, in its transaction, of each document that an undo put back or took away. */
  onRestored(hook: RestoredHook): void
  /** Documents of a collection in all agents of a user, at most 1,000. */
  recordsOf<T>(user_id: string, collection: string): Promise<{ agent_id: string; body: T }[]>
  /** Names of the groups of a collection in all agents of a user, the first thousand. */
  groupsOf(user_id: string, collection: string): Promise<string[]>
}

/** Documents of one user that are read at once. */
const DOCUMENTS_MAX = 1_000
/** Those that are forgotten in one transaction: each may have 64 KiB. */
const FORGOTTEN_MAX = 200

/** The documents of agents' skills. */
export function openRecords(kernel: Kernel, changes: Pick<Changes, 'register'>): Records {
  const hooks: RestoredHook[] = []
  const { keep, fits, isReadable, problemOf } = openFitting(kernel.log)
  changes.register('record', {
    read: async (db, user_id, id) => {
      const row = await recordStore.findOf(db.tables<MemoryTables>(), user_id, id)
      return row && { ...row }
    },
    restore: async (tx, user_id, id, state) => {
      const db = tx.tables<MemoryTables>()
      if (state === undefined) await recordStore.remove(db, user_id, id)
      else await recordStore.put(db, state as unknown as RecordRow)
      for (const hook of hooks) hook(tx, user_id, id, state as RecordRow | undefined)
    },
  })
  return {
    keep,
    fits,
    isReadable,
    bindRecords: (binding) => bindRecords(binding, fits),
    recordOf: (tx, user_id, id) => recordStore.findOf(tx.tables<MemoryTables>(), user_id, id),
    putRecord: async (tx, row) => {
      await recordStore.put(tx.tables<MemoryTables>(), row)
    },
    recordsAfter: (user_id, after, limit) =>
      recordStore.after(kernel.store.reader.tables<MemoryTables>(), user_id, after, limit),
    bringRecord: async (tx, row) => {
      const db = tx.tables<MemoryTables>()
      if ((await recordStore.count(db, row, row.collection)) >= RECORDS_MAX)
        throw new Fault('VALIDATION_ERROR', `There are already ${RECORDS_MAX} documents of this kind.`)
      contentText(JSON.parse(row.body))
      const problem = problemOf(row)
      if (problem !== undefined) throw new Fault('VALIDATION_ERROR', problem)
      await recordStore.put(db, { ...row, created_at: utc(row.created_at) })
      for (const hook of hooks) hook(tx, row.user_id, row.id, row)
    },
    forgetRecords: (tx, owner) => recordStore.removeSome(tx.tables<MemoryTables>(), owner, FORGOTTEN_MAX),
    onRestored: (hook) => hooks.push(hook),
    groupsOf: async (user_id, collection) => {
      const db = kernel.store.reader.tables<MemoryTables>()
      const rows = await recordStore.groupsOf(db, user_id, collection, DOCUMENTS_MAX)
      return rows.map(({ group_name }) => group_name)
    },
    recordsOf: async <T>(user_id: string, collection: string) => {
      const db = kernel.store.reader.tables<MemoryTables>()
      const rows = await recordStore.ofUser(db, user_id, collection, DOCUMENTS_MAX)
      return rows.filter(fits).map(({ agent_id, body }) => ({ agent_id, body: JSON.parse(body) as T }))
    },
  }
}
