import type { Kysely } from 'kysely'
import type { Migration } from '../../../kernel/store/migrate.ts'

/** An agent from outside. `registration` is JSON; of the token only a keyed digest is kept. */
export interface RemoteRow {
  agent_id: string
  user_id: string
  registration: string
  token_hash: string
  /** Counts the tokens that the agent has had: the sessions of an earlier one have ended. */
  generation: number
  created_at: string
}

/** A message that an agent from outside has not received yet. */
interface MailRow {
  id: string
  user_id: string
  agent_id: string
  message: string
}

export interface RemoteTables {
  remote_agents: RemoteRow
  agent_mail: MailRow
}

export const remoteMigrations: readonly Migration[] = [
  {
    name: 'remote-agents-1',
    statements: [
      `CREATE TABLE remote_agents (agent_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, registration TEXT NOT NULL,
        token_hash TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL, created_at TEXT NOT NULL) WITHOUT ROWID`,
      `CREATE TABLE agent_mail (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, agent_id TEXT NOT NULL,
        message TEXT NOT NULL) WITHOUT ROWID`,
      'CREATE INDEX agent_mail_order ON agent_mail (agent_id, id)',
    ],
  },
]

type Db = Kysely<RemoteTables>

/** The queries of agents from outside and what waits for them. */
export const remoteStore = {
  all: (db: Db) => db.selectFrom('remote_agents').selectAll().execute(),

  put: (db: Db, row: RemoteRow) =>
    db
      .insertInto('remote_agents')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('agent_id').doUpdateSet({
          registration: row.registration,
          token_hash: row.token_hash,
          generation: row.generation,
        }),
      )
      .execute(),

  countMail: (db: Db, agent_id: string): Promise<{ count: number; characters: number | null }> =>
    db
      .selectFrom('agent_mail')
      .select((eb) => [
        eb.fn.countAll<number>().as('count'),
        eb.fn.sum<number | null>(eb.fn<number>('length', ['message'])).as('characters'),
      ])
      .where('agent_id', '=', agent_id)
      .executeTakeFirstOrThrow(),

  expireMail: (db: Db, agent_id: string, before: string) =>
    db.deleteFrom('agent_mail').where('agent_id', '=', agent_id).where('id', '<', before).execute(),

  addMail: (db: Db, row: MailRow) => db.insertInto('agent_mail').values(row).execute(),

  /** The oldest messages after the one of an id, as text: the first, and as many more as have so many characters together. */
  async mail(
    db: Db,
    { user_id, agent_id }: Pick<MailRow, 'user_id' | 'agent_id'>,
    after: string,
    { messages, characters }: { messages: number; characters: number },
  ): Promise<string[]> {
    const sizes = await db
      .selectFrom('agent_mail')
      .select((eb) => ['id', eb.fn<number>('length', ['message']).as('size')])
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(messages)
      .execute()
    let sum = 0
    const end = sizes.findIndex(({ size }, index) => (sum += size) > characters && index > 0)
    const last = (end < 0 ? sizes : sizes.slice(0, end)).at(-1)
    if (last === undefined) return []
    const rows = await db
      .selectFrom('agent_mail')
      .select('message')
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('id', '>', after)
      .where('id', '<=', last.id)
      .orderBy('id')
      .execute()
    return rows.map(({ message }) => message)
  },

  dropMail: (db: Db, user_id: string, agent_id: string) =>
    db.deleteFrom('agent_mail').where('user_id', '=', user_id).where('agent_id', '=', agent_id).execute(),

  /** Removes what was received: one message, or all up to it. An id that is none of a kept message removes nothing. */
  received: (db: Db, user_id: string, agent_id: string, id: string, sense: '=' | '<=') =>
    db
      .deleteFrom('agent_mail')
      .where('user_id', '=', user_id)
      .where('agent_id', '=', agent_id)
      .where('id', sense, id)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('agent_mail as named')
            .select('named.id')
            .where('named.id', '=', id)
            .where('named.agent_id', '=', agent_id),
        ),
      )
      .execute(),
}
