import type { Kysely } from 'kysely'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

type Row = Pick<ModificationRow, 'id' | 'rolled_back_by' | 'rolls_back'>

/** Whether a change is in effect: nothing took it back, or what did was taken back itself. */
function isInEffect(row: Row, all: ReadonlyMap<string, Row>): boolean {
  let holds = true
  for (let by = row.rolled_back_by; by !== null; by = all.get(by)?.rolled_back_by ?? null) holds = !holds
  return holds
}

/**
 * Of a change and those of the same object that came after it: the later ones whose effect is there. What takes back one of
 * them is none of its own, since that one is not in effect then.
 */
export function laterInEffect<R extends Row>(row: Row, since: readonly R[]): R[] {
  const all = new Map(since.map((one) => [one.id, one]))
  return since.filter(
    (one) => one.id > row.id && isInEffect(one, all) && (one.rolls_back === null || one.rolls_back <= row.id),
  )
}

/** Whether a change was taken back already: undo goes past it, also when it looks as if it were there again. */
export async function isUndone(db: Kysely<ChangeTables>, row: ModificationRow): Promise<boolean> {
  if (row.rolled_back_by === null) return false
  const since = await changeStore.since(db, row)
  return !isInEffect(row, new Map(since.map((one) => [one.id, one])))
}
