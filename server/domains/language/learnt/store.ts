import type { Kysely } from 'kysely'
import type { Migration } from '../../../kernel/store/migrate.ts'

/** What a sentence means, as its user has said: by correcting what was understood, or with samples. */
export interface LearntRow {
  id: string
  user_id: string
  /** What was learnt at once, and is taken back at once. */
  lesson_id: string
  text: string
  agent_number: number
  action: string
  source: 'correction' | 'sample'
  created_at: string
}

export interface LearntTables {
  learnt_examples: LearntRow
}
type Db = Kysely<LearntTables>

export const learntMigrations: readonly Migration[] = [
  {
    name: 'learnt-1',
    statements: [
      `CREATE TABLE learnt_examples (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, lesson_id TEXT NOT NULL,
        text TEXT NOT NULL, agent_number INTEGER NOT NULL, action TEXT NOT NULL, source TEXT NOT NULL,
        created_at TEXT NOT NULL) WITHOUT ROWID`,
      'CREATE INDEX learnt_examples_user ON learnt_examples (user_id, lesson_id)',
    ],
  },
]

/** The queries of what was learnt. */
export const learntStore = {
  /** Oldest first. */
  all: (db: Db, user_id: string) =>
    db.selectFrom('learnt_examples').selectAll().where('user_id', '=', user_id).orderBy('id').execute(),

  ofLesson: (db: Db, user_id: string, lesson_id: string) =>
    db
      .selectFrom('learnt_examples')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('lesson_id', '=', lesson_id)
      .orderBy('id')
      .execute(),

  async count(db: Db, user_id: string): Promise<number> {
    const { count } = await db
      .selectFrom('learnt_examples')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('user_id', '=', user_id)
      .executeTakeFirstOrThrow()
    return count
  },

  insert: (db: Db, rows: readonly LearntRow[]) => db.insertInto('learnt_examples').values(rows).execute(),

  removeLesson: (db: Db, user_id: string, lesson_id: string) =>
    db
      .deleteFrom('learnt_examples')
      .where('user_id', '=', user_id)
      .where('lesson_id', '=', lesson_id)
      .execute(),
}
