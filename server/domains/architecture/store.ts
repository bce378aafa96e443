import type { Kysely } from 'kysely'
import type { Migration } from '../../kernel/store/migrate.ts'

/** Where a user moved a node to. */
export interface PositionRow {
  user_id: string
  node_id: string
  x: number
  y: number
}
export interface PositionTables {
  node_positions: PositionRow
}
type Db = Kysely<PositionTables>

export const architectureMigrations: readonly Migration[] = [
  {
    name: 'architecture-1',
    statements: [
      `CREATE TABLE node_positions (user_id TEXT NOT NULL, node_id TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
        PRIMARY KEY (user_id, node_id)) WITHOUT ROWID`,
    ],
  },
]

/** The queries of where nodes were moved to. */
export const positionStore = {
  find: (db: Db, user_id: string, node_id: string) =>
    db
      .selectFrom('node_positions')
      .select(['x', 'y'])
      .where('user_id', '=', user_id)
      .where('node_id', '=', node_id)
      .executeTakeFirst(),
  all: (db: Db, user_id: string) =>
    db
      .selectFrom('node_positions')
      .select(['node_id', 'x', 'y'])
      .where('user_id', '=', user_id)
      .orderBy('node_id')
      .execute(),
  put: (db: Db, row: PositionRow) =>
    db
      .insertInto('node_positions')
      .values(row)
      .onConflict((conflict) => conflict.columns(['user_id', 'node_id']).doUpdateSet({ x: row.x, y: row.y }))
      .execute(),
  remove: (db: Db, user_id: string, node_id: string) =>
    db.deleteFrom('node_positions').where('user_id', '=', user_id).where('node_id', '=', node_id).execute(),
}
