import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import { isUndone } from './effect.ts'
import { sealOf } from './signed.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'
import { undoStore } from './undo-store.ts'
import type { UndoRow } from './undo-store.ts'

/** What was changed last, of configuration as of daily data: that is what "undo" means. */
export interface Latest {
  /** The newest change that can be taken back, unless daily data was changed since. */
  toUndo(user_id: string): Promise<ModificationRow | undefined>
  /** Whether there is daily data that can be taken back, and whether taking that back was the last that was done. */
  hasDaily(user_id: string): boolean
  isDailyUndone(user_id: string): Promise<boolean>
  /**
   * The newest change when it took back another one, which describes it, unless daily data was changed or undone since.
   */
  toRedo(user_id: string): Promise<ModificationRow | undefined>
  /** The id of the newest change of an object. With `took_back` it is noted that it took back that earlier one. */
  settle(tx: Tx, user_id: string, target: string, took_back?: string): Promise<string | undefined>
}

type Listed = Pick<ModificationRow, 'id' | 'user_id' | 'target' | 'applied_at' | 'rolled_back_by'>

/** Changes that are looked through. */
const SEARCHED_MAX = 500

export function openLatest(
  { store, keys, clock }: Pick<Kernel, 'store' | 'keys' | 'clock'>,
  isStanding: (row: ModificationRow) => Promise<boolean>,
): Latest {
  const reading = () => store.reader.tables<ChangeTables>()
  const { connection } = store.reader
  /** Whether another object took the place of what was deleted, which so came back although it is not there. */
  const wasMadeAnew = async ({ user_id, target, rolled_back_by }: Listed): Promise<boolean> => {
    if (rolled_back_by === null) return false
    const by = await changeStore.modification(reading(), user_id, rolled_back_by)
    return by !== undefined && by.target !== target
  }
  return {
    toUndo: async (user_id) => {
      const breathe = openTurns(clock)
      const done = undoStore.newestEntry(connection, user_id, 'do')
      const filter = { rollbacks: false, limit: SEARCHED_MAX }
      for (const listed of await changeStore.modifications(reading(), user_id, filter)) {
        if (!isLater(listed, done)) return undefined
        if ((await isUndone(reading(), listed)) || (await wasMadeAnew(listed))) continue
        await breathe()
        const row = await changeStore.modification(reading(), user_id, listed.id)
        if (row !== undefined && (await isStanding(row))) return row
      }
      return undefined
    },
    hasDaily: (user_id) => undoStore.newestEntry(connection, user_id, 'do') !== undefined,
    isDailyUndone: async (user_id) => {
      const undone = undoStore.newestEntry(connection, user_id, 'undo')
      const [newest] = await changeStore.modifications(reading(), user_id, { limit: 1 })
      return undone !== undefined && (newest === undefined || !isLater(newest, undone))
    },
    toRedo: async (user_id) => {
      const [newest] = await changeStore.modifications(reading(), user_id, { limit: 1 })
      const row = newest && (await changeStore.modification(reading(), user_id, newest.id))
      if (row === undefined || row.rolls_back === null || !(await isStanding(row))) return undefined
      const taken = await changeStore.modification(reading(), user_id, row.rolls_back)
      // What took back a taking back did something again: of that there is nothing more to do again.
      if (taken === undefined || taken.rolls_back !== null) return undefined
      const undone = undoStore.newestEntry(connection, user_id, 'undo')
      const done = undoStore.newestDeed(connection, user_id)
      const { description } = taken
      return isLater(row, undone) && isLater(row, done) ? { ...row, description } : undefined
    },
    settle: async (tx, user_id, target, took_back) => {
      const db = tx.tables<ChangeTables>()
      const [listed] = await changeStore.modifications(db, user_id, { target, limit: 1 })
      const row = listed && (await changeStore.modification(db, user_id, listed.id))
      if (row === undefined) return undefined
      // A row that somebody has changed is not sealed anew.
      const isOwn = row.seal === sealOf(keys, row)
      if (took_back !== undefined && row.id !== took_back && row.rolls_back === null && isOwn) {
        const said = { ...row, rolls_back: took_back }
        await changeStore.markRollback(db, user_id, { ...said, seal: sealOf(keys, said) })
        await changeStore.markRolledBack(db, user_id, took_back, row.id)
      }
      return row.id
    },
  }
}

/** Ids tell the order within a millisecond. */
function isLater(
  { applied_at, id }: Pick<ModificationRow, 'applied_at' | 'id'>,
  entry: UndoRow | undefined,
): boolean {
  if (entry === undefined || applied_at > entry.created_at) return true
  return applied_at === entry.created_at && id > entry.id
}
