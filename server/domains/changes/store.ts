import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from '../../kernel/store/migrate.ts'
import type { UndoTables } from './undo-store.ts'

/** A configuration change. States are JSON; `rolled_back_by` names the change that took it back, `rolls_back` the opposite. */
export interface ModificationRow {
  id: string
  user_id: string
  type: 'agent_config' | 'workflow_change' | 'system_setting' | 'architecture_change'
  kind: string
  target: string
  description: string
  before_state: string | null
  after_state: string | null
  applied_by: string
  applied_at: string
  rolled_back_by: string | null
  rolls_back: string | null
  /** The passkey that signed it, and its signature, sealed. */
  passkey_id: string | null
  evidence: string | null
  /** What was asked for when it was signed, sealed. */
  signed_input: string | null
  /** What it was found to come to, as JSON; nothing where nobody looked. */
  impact: string | null
  /** Place among all changes of its user, from 1, and the MAC over what the change says; nothing of an earlier version. */
  ordinal: number | null
  seal: string | null
  /** Hash of all that the user has configured, after it; nothing for those of an earlier version. */
  state_hash: string | null
}

/**
 * How many changes a user has made, with a MAC: none can be left out. The row of nobody says, as `uncounted`, up to which id
 * changes are of an earlier version, which did not count.
 */
export interface HeadRow {
  user_id: string
  ordinal: number
  uncounted: string
  mac: string
}

export interface ChangeTables extends UndoTables {
  modifications: ModificationRow
  change_heads: HeadRow
}

export const changeMigrations: readonly Migration[] = [
  {
    name: 'changes-1',
    statements: [
      `CREATE TABLE modifications (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL,
        target TEXT NOT NULL, description TEXT NOT NULL, before_state TEXT, after_state TEXT, applied_by TEXT NOT NULL,
        applied_at TEXT NOT NULL, rolled_back_by TEXT)`,
      'CREATE INDEX modifications_user ON modifications (user_id, id)',
      'CREATE INDEX modifications_target ON modifications (user_id, kind, target, id)',
      `CREATE TABLE undo_entries (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, text TEXT NOT NULL, direction TEXT NOT NULL,
        undoes TEXT, state TEXT NOT NULL, created_at TEXT NOT NULL)`,
      'CREATE INDEX undo_entries_user ON undo_entries (user_id, state, seq)',
      `CREATE TABLE undo_steps (entry_id TEXT NOT NULL REFERENCES undo_entries (id) ON DELETE CASCADE,
        position INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, before_state TEXT, after_state TEXT,
        PRIMARY KEY (entry_id, position)) WITHOUT ROWID`,
    ],
  },
  {
    name: 'changes-2',
    statements: [
      'ALTER TABLE modifications ADD COLUMN rolls_back TEXT',
      `UPDATE modifications SET rolls_back =
        (SELECT undone.id FROM modifications AS undone WHERE undone.rolled_back_by = modifications.id)`,
    ],
  },
  {
    name: 'changes-3',
    statements: [
      'ALTER TABLE modifications ADD COLUMN passkey_id TEXT',
      'ALTER TABLE modifications ADD COLUMN evidence TEXT',
    ],
  },
  {
    name: 'changes-4',
    statements: [
      'ALTER TABLE modifications ADD COLUMN signed_input TEXT',
      'ALTER TABLE modifications ADD COLUMN impact TEXT',
      'ALTER TABLE modifications ADD COLUMN state_hash TEXT',
      'ALTER TABLE modifications ADD COLUMN seal TEXT',
      'CREATE TABLE state_hashes (user_id TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID',
    ],
  },
  {
    name: 'changes-5',
    statements: [
      'ALTER TABLE modifications ADD COLUMN ordinal INTEGER',
      `CREATE TABLE change_heads (user_id TEXT PRIMARY KEY, ordinal INTEGER NOT NULL, mac TEXT NOT NULL,
        uncounted TEXT NOT NULL) WITHOUT ROWID`,
    ],
  },
  {
    name: 'changes-6',
    statements: [
      `CREATE INDEX modifications_rollbacks ON modifications (user_id, rolls_back) WHERE rolls_back IS NOT NULL`,
    ],
  },
  {
    name: 'changes-7',
    statements: [
      'DROP INDEX undo_entries_user',
      'CREATE INDEX undo_entries_order ON undo_entries (user_id, seq)',
    ],
  },
]

type Db = Kysely<ChangeTables>

/** Bytes, which are told without reading them. */
const sizeOfStates = sql<number>`
  coalesce(octet_length(before_state), 0) + coalesce(octet_length(after_state), 0)`.as('size')

/** The queries of the ledger and the undo list. */
export const changeStore = {
  insertModification: (db: Db, row: ModificationRow) => db.insertInto('modifications').values(row).execute(),

  modification: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('modifications')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** Newest first, after the cursor: without what they changed, which may be much. */
  modifications(
    db: Db,
    user_id: string,
    filter: {
      type?: string
      target?: string
      applied_by?: string
      before?: string
      /** The least id. */
      from?: string
      /** Whether rollbacks count, too; they do unless told otherwise. */
      rollbacks?: boolean
      limit: number
    },
  ) {
    let query = db
      .selectFrom('modifications')
      .select([
        'id',
        'user_id',
        'target',
        'description',
        'applied_at',
        'rolled_back_by',
        'rolls_back',
        sizeOfStates,
      ])
      .where('user_id', '=', user_id)
    if (filter.type !== undefined) query = query.where('type', '=', filter.type as ModificationRow['type'])
    if (filter.target !== undefined) query = query.where('target', '=', filter.target)
    if (filter.applied_by !== undefined) query = query.where('applied_by', '=', filter.applied_by)
    if (filter.before !== undefined) query = query.where('id', '<', filter.before)
    if (filter.from !== undefined) query = query.where('id', '>=', filter.from)
    if (filter.rollbacks === false) query = query.where('rolls_back', 'is', null)
    return query.orderBy('id', 'desc').limit(filter.limit).execute()
  },

  /** By what a change was taken back, and what it took back. */
  link: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('modifications')
      .select(['rolled_back_by', 'rolls_back'])
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** The rollbacks of a change, those of these rollbacks, and so on: newest first, with what each takes back. */
  rollbacksOf: (db: Db, user_id: string, id: string, limit: number) =>
    db
      .withRecursive('back', (tables) =>
        tables
          .selectFrom('modifications')
          .select(['id', 'rolls_back'])
          .where('user_id', '=', user_id)
          .where('rolls_back', '=', id)
          .union(
            tables
              .selectFrom('modifications as one')
              .innerJoin('back', 'back.id', 'one.rolls_back')
              .select(['one.id', 'one.rolls_back'])
              .where('one.user_id', '=', user_id),
          ),
      )
      .selectFrom('back')
      .select(['id', 'rolls_back'])
      .orderBy('id', 'desc')
      .limit(limit)
      .execute(),

  /** The newest changes of an object that came after one, newest first. */
  later: (db: Db, { user_id, kind, target, id }: ModificationRow, limit: number) =>
    db
      .selectFrom('modifications')
      .select(['id', sizeOfStates])
      .where('user_id', '=', user_id)
      .where('kind', '=', kind)
      .where('target', '=', target)
      .where('id', '>', id)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute(),

  markRolledBack: (db: Db, user_id: string, id: string, by: string) =>
    db
      .updateTable('modifications')
      .set({ rolled_back_by: by })
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .execute(),

  head: (db: Db, user_id: string) =>
    db.selectFrom('change_heads').selectAll().where('user_id', '=', user_id).executeTakeFirst(),

  /** The id of the newest change of all users. */
  newestId: (db: Db) =>
    db.selectFrom('modifications').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst(),

  isCounting: async (db: Db): Promise<boolean> =>
    (await db.selectFrom('change_heads').select('user_id').limit(1).executeTakeFirst()) !== undefined,

  putHead: (db: Db, row: HeadRow) =>
    db
      .insertInto('change_heads')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet({ ordinal: row.ordinal, mac: row.mac }),
      )
      .execute(),

  markRollback: (
    db: Db,
    user_id: string,
    { id, rolls_back, seal }: Pick<ModificationRow, 'id' | 'rolls_back' | 'seal'>,
  ) =>
    db
      .updateTable('modifications')
      .set({ rolls_back, seal })
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .execute(),
}
