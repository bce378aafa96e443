import type { Kernel } from '../../../kernel/kernel.ts'
import type { Reader, Tx } from '../../../kernel/store/store.ts'
import { EXAMPLES_MAX, tooMany } from './kinds.ts'
import type { Example } from './kinds.ts'
import { learntStore } from './store.ts'
import type { LearntRow, LearntTables } from './store.ts'

/** Rows of one statement. */
const AT_ONCE = 500
/** Users whose examples are kept ready. */
const USERS_MAX = 200

/** What was learnt, by user and lesson. */
export interface Lessons {
  /** Everything that a user has taught, oldest first; the same array for as long as nothing changes. */
  of(user_id: string): Promise<readonly Example[]>
  read(db: Pick<Reader, 'tables'>, user_id: string, lesson_id: string): Promise<Example[]>
  all(db: Pick<Reader, 'tables'>, user_id: string): Promise<Example[]>
  /** Makes a lesson be these examples, or nothing. @throws Fault `VALIDATION_ERROR` when there are too many in all. */
  write(tx: Tx, user_id: string, lesson_id: string, examples: readonly Example[]): Promise<void>
  forget(user_id: string): void
}

export function openLessons({ store }: Pick<Kernel, 'store'>): Lessons {
  const known = new Map<string, readonly Example[]>()
  /** Counts the changes, so that what was read before one of them is not kept after it. */
  let changes = 0
  const forget = (user_id: string): void => {
    changes += 1
    known.delete(user_id)
  }
  return {
    of: async (user_id) => {
      const kept = known.get(user_id)
      if (kept !== undefined) return kept
      const before = changes
      const found = await allIn(store.reader, user_id)
      if (before !== changes) return found
      const oldest = known.keys().next()
      if (known.size >= USERS_MAX && oldest.done !== true) known.delete(oldest.value)
      known.set(user_id, found)
      return found
    },
    read: async (db, user_id, lesson_id) =>
      (await learntStore.ofLesson(db.tables<LearntTables>(), user_id, lesson_id)).map(toExample),
    all: allIn,
    write: async (tx, user_id, lesson_id, examples) => {
      const db = tx.tables<LearntTables>()
      await learntStore.removeLesson(db, user_id, lesson_id)
      const count = (await learntStore.count(db, user_id)) + examples.length
      if (examples.length > 0 && count > EXAMPLES_MAX) throw tooMany(count)
      const rows = examples.map((one) => ({ ...one, user_id, lesson_id }))
      for (let from = 0; from < rows.length; from += AT_ONCE)
        await learntStore.insert(db, rows.slice(from, from + AT_ONCE))
      tx.afterCommit(() => forget(user_id))
    },
    forget,
  }
}

const allIn: Lessons['all'] = async (db, user_id) =>
  (await learntStore.all(db.tables<LearntTables>(), user_id)).map(toExample)

function toExample(row: LearntRow): Example {
  const { user_id: _, ...example } = row
  return example
}
