import type { Kysely } from 'kysely'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

type Link = Pick<ModificationRow, 'id' | 'rolled_back_by' | 'rolls_back'>

/** What a change set one place of its object to, `undefined` where that is not there. */
export interface Touch extends Link {
  from: string | undefined
  to: string | undefined
}

/** Rollbacks of one change that are looked at, the newest of them: undone and done again more often, it counts as undone. */
const ROLLBACKS_MAX = 5_000

/**
 * Whether a change was taken back already, by a rollback that was not taken back itself: undo goes past it, also when it
 * looks as if it were there again.
 */
export async function isUndone(
  db: Kysely<ChangeTables>,
  { id, user_id, rolled_back_by }: Pick<ModificationRow, 'id' | 'user_id' | 'rolled_back_by'>,
): Promise<boolean> {
  if (rolled_back_by === null) return false
  const rollbacks = await changeStore.rollbacksOf(db, user_id, id, ROLLBACKS_MAX)
  return rollbacks.length === ROLLBACKS_MAX || isUndoneBy(id, rollbacks)
}

/** The same, by its rollbacks, those of these rollbacks, and so on: newest first. */
export function isUndoneBy(id: string, rollbacks: readonly Pick<Link, 'id' | 'rolls_back'>[]): boolean {
  // What takes something back is newer than that: of each one it is known by then whether it stands.
  const undone = new Set<string | null>()
  for (const one of rollbacks) if (!undone.has(one.id)) undone.add(one.rolls_back)
  return undone.has(id)
}

/**
 * Of the changes of one place, oldest first, those that led from a value to the one that is there: whatever came back to
 * an earlier value cuts out what lies between, and what takes back one of them leaves things as they were before it.
 */
export function standing<T extends Touch>(from: string | undefined, changes: readonly T[]): T[] {
  let way: { values: readonly (string | undefined)[]; made: readonly T[] } = { values: [from], made: [] }
  const ways = new Map<string, typeof way>()
  for (const one of changes) {
    ways.set(one.id, way)
    const before = one.rolls_back === null ? undefined : ways.get(one.rolls_back)
    const known = way.values.indexOf(one.to)
    if (before !== undefined) way = before
    else if (known >= 0) way = { values: way.values.slice(0, known + 1), made: way.made.slice(0, known) }
    else way = { values: [...way.values, one.to], made: [...way.made, one] }
  }
  return [...way.made]
}
