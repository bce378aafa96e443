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

type Addressee = Pick<MailRow, 'user_id' | 'agent_id'>

/** How much waits for an agent from outside: counted as it comes and goes, so that nobody has to read it for that. */
interface MailSize extends Addressee {
  messages: number
  bytes: number
}

export interface RemoteTables {
  remote_agents: RemoteRow
  agent_mail: MailRow
  agent_mail_sizes: MailSize
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
  {
    name: 'remote-agents-2',
    statements: [
      `CREATE TABLE agent_mail_sizes (user_id TEXT NOT NULL, agent_id TEXT NOT NULL, messages INTEGER NOT NULL,
        bytes INTEGER NOT NULL, PRIMARY KEY (user_id, agent_id)) WITHOUT ROWID`,
      `INSERT INTO agent_mail_sizes
        SELECT user_id, agent_id, count(*), sum(octet_length(message)) FROM agent_mail GROUP BY user_id, agent_id`,
    ],
  },
]

type Db = Kysely<RemoteTables>

/** Old messages that go at once. */
const EXPIRED_MAX = 1_000

/** Counts messages that came or went. */
async function resize(db: Db, { user_id, agent_id, messages, bytes }: MailSize): Promise<void> {
  await db
    .insertInto('agent_mail_sizes')
    .values({ user_id, agent_id, messages, bytes })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'agent_id']).doUpdateSet((eb) => ({
        messages: eb('agent_mail_sizes.messages', '+', messages),
        bytes: eb('agent_mail_sizes.bytes', '+', bytes),
      })),
    )
    .execute()
}

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

  /** What waits for an agent, and for all those of its user together. */
  async waiting(db: Db, { user_id, agent_id }: Addressee) {
    const row = await db
      .selectFrom('agent_mail_sizes')
      .select((eb) => [
        eb.fn.sum<number | null>('messages').filterWhere('agent_id', '=', agent_id).as('messages'),
        eb.fn.sum<number | null>('bytes').filterWhere('agent_id', '=', agent_id).as('bytes'),
        eb.fn.sum<number | null>('bytes').as('user_bytes'),
      ])
      .where('user_id', '=', user_id)
      .executeTakeFirstOrThrow()
    return { messages: row.messages ?? 0, bytes: row.bytes ?? 0, user_bytes: row.user_bytes ?? 0 }
  },

  /** Removes the oldest of what came before this id, whoever it is for. */
  async expireMail(db: Db, before: string): Promise<void> {
    const gone = await db
      .deleteFrom('agent_mail')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('agent_mail as old')
          .select('old.id')
          .where('old.id', '<', before)
          .orderBy('old.id')
          .limit(EXPIRED_MAX),
      )
      .returning((eb) => ['user_id', 'agent_id', eb.fn<number>('octet_length', ['message']).as('bytes')])
      .execute()
    for (const { user_id, agent_id, bytes } of gone)
      await resize(db, { user_id, agent_id, messages: -1, bytes: -bytes })
  },

  async addMail(db: Db, row: MailRow): Promise<void> {
    await db.insertInto('agent_mail').values(row).execute()
    const { user_id, agent_id } = row
    await resize(db, { user_id, agent_id, messages: 1, bytes: Buffer.byteLength(row.message) })
  },

  /** The oldest messages after the one of an id, as text: the first, and as many more as have so many characters together. */
  async mail(
    db: Db,
    { user_id, agent_id }: Addressee,
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

  async dropMail(db: Db, { user_id, agent_id }: Addressee): Promise<void> {
    for (const table of ['agent_mail', 'agent_mail_sizes'] as const)
      await db.deleteFrom(table).where('user_id', '=', user_id).where('agent_id', '=', agent_id).execute()
  },

  /** Removes what was received: one message, or all up to it. An id that is none of a kept message removes nothing. */
  async received(db: Db, { user_id, agent_id }: Addressee, id: string, sense: '=' | '<='): Promise<void> {
    const gone = await db
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
      .returning((eb) => eb.fn<number>('octet_length', ['message']).as('bytes'))
      .execute()
    const bytes = gone.reduce((sum, one) => sum + one.bytes, 0)
    if (gone.length > 0) await resize(db, { user_id, agent_id, messages: -gone.length, bytes: -bytes })
  },
}
