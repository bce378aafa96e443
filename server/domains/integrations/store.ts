import type { Kysely } from 'kysely'
import type { Migration } from '../../kernel/store/migrate.ts'
import { hot } from '../../kernel/store/dialect.ts'

/** Actions that were made from a document, as JSON, under the digest of them: they are never changed. */
export interface DocumentRow {
  user_id: string
  id: string
  title: string
  version: string
  actions: string
  created_at: string
}
export interface IntegrationTables {
  integration_documents: DocumentRow
}
/** Where configurations are kept that may name a document, and what they were. */
interface NamingTables extends IntegrationTables {
  agents: { user_id: string; config: string }
  modifications: { user_id: string; before_state: string | null; after_state: string | null }
}
type Db = Kysely<IntegrationTables>

export const integrationMigrations: readonly Migration[] = [
  {
    name: 'integrations-1',
    statements: [
      `CREATE TABLE integration_documents (user_id TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,
        version TEXT NOT NULL, actions TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (user_id, id))`,
    ],
  },
]

/** The queries of imported documents. */
export const documentStore = {
  find: hot<IntegrationTables, { user_id: string; id: string }, DocumentRow>((db, value) =>
    db
      .selectFrom('integration_documents')
      .selectAll()
      .where('user_id', '=', value('user_id'))
      .where('id', '=', value('id')),
  ),
  ids: async (db: Db, user_id: string): Promise<string[]> => {
    const rows = await db
      .selectFrom('integration_documents')
      .select('id')
      .where('user_id', '=', user_id)
      .orderBy('created_at')
      .execute()
    return rows.map(({ id }) => id)
  },
  insert: (db: Db, row: DocumentRow) =>
    db
      .insertInto('integration_documents')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  /** Whether an agent is set up with a document, or was and could be again. */
  isNamed: async (db: Kysely<NamingTables>, user_id: string, id: string): Promise<boolean> => {
    const text = `%"${id}"%`
    const agent = await db
      .selectFrom('agents')
      .select('user_id')
      .where('user_id', '=', user_id)
      .where('config', 'like', text)
      .executeTakeFirst()
    if (agent !== undefined) return true
    const change = await db
      .selectFrom('modifications')
      .select('user_id')
      .where('user_id', '=', user_id)
      .where((where) => where.or([where('before_state', 'like', text), where('after_state', 'like', text)]))
      .executeTakeFirst()
    return change !== undefined
  },
  remove: (db: Db, user_id: string, id: string) =>
    db.deleteFrom('integration_documents').where('user_id', '=', user_id).where('id', '=', id).execute(),
}
export type NamedIn = Parameters<typeof documentStore.isNamed>[0]
