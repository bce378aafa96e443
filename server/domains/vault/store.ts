import type { Kysely } from 'kysely'
import type { Credential } from '../../../contract/credentials.ts'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { Migration } from '../../kernel/store/migrate.ts'

/** A stored secret. Names and words about it are sealed as well; `service_key` finds it by its name. */
export interface CredentialRow {
  id: string
  user_id: string
  /** Counts what was sealed under this id, from 1. */
  number: number
  key_id: string
  envelope: string
  about: string
  service_key: string
  credential_type: Credential['credential_type']
  expires_at: string | null
  last_used: string | null
  usage_count: number
  created_at: string
  updated_at: string
  /** Days before its end at which its owner was warned last. */
  warned_days: number | null
  /** The secret before this one, sealed, and since when it is that. */
  former: string | null
  former_at: string | null
  /** How its last renewal by a service went, as JSON. */
  renewal: string | null
}

/** Which number is the newest of some credentials of a user, as JSON by id, under a MAC: no row can be put back alone. */
export interface PinRow {
  user_id: string
  bucket: number
  pins: string
  mac: string
}

/** That an agent may use a credential; one that was taken back stays, so that it can come again. `destinations` is JSON. */
export interface GrantRow {
  id: string
  user_id: string
  agent_id: string
  credential_id: string
  destinations: string
  expires_at: string | null
  created_at: string
  revoked_at: string | null
  mac: string
  /** Counts how often it was written, from 1. */
  number: number
}

export interface VaultTables {
  credentials: CredentialRow
  credential_grants: GrantRow
  credential_pins: PinRow
}

export const vaultMigrations: readonly Migration[] = [
  {
    name: 'vault-1',
    statements: [
      `CREATE TABLE credentials (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, number INTEGER NOT NULL, key_id TEXT NOT NULL,
        envelope TEXT NOT NULL, about TEXT NOT NULL, service_key TEXT NOT NULL, credential_type TEXT NOT NULL,
        expires_at TEXT, last_used TEXT, usage_count INTEGER NOT NULL, created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL)`,
      'CREATE INDEX credentials_user ON credentials (user_id, id)',
      'CREATE INDEX credentials_service ON credentials (user_id, service_key)',
      'CREATE INDEX credentials_key ON credentials (user_id, key_id)',
      `CREATE TABLE credential_pins (user_id TEXT NOT NULL, bucket INTEGER NOT NULL, pins TEXT NOT NULL, mac TEXT NOT NULL,
        PRIMARY KEY (user_id, bucket)) WITHOUT ROWID`,
      `CREATE TABLE credential_grants (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, agent_id TEXT NOT NULL,
        credential_id TEXT NOT NULL, destinations TEXT NOT NULL, expires_at TEXT, created_at TEXT NOT NULL, revoked_at TEXT,
        mac TEXT NOT NULL)`,
      'CREATE INDEX credential_grants_agent ON credential_grants (user_id, agent_id, credential_id)',
      'CREATE INDEX credential_grants_credential ON credential_grants (user_id, credential_id)',
    ],
  },
  {
    name: 'vault-2',
    statements: [
      'ALTER TABLE credentials ADD COLUMN warned_days INTEGER',
      'ALTER TABLE credentials ADD COLUMN former TEXT',
      'ALTER TABLE credentials ADD COLUMN former_at TEXT',
      'CREATE INDEX credentials_expiry ON credentials (expires_at) WHERE expires_at IS NOT NULL',
    ],
  },
  {
    name: 'vault-3',
    statements: ['ALTER TABLE credential_grants ADD COLUMN number INTEGER NOT NULL DEFAULT 0'],
  },
  { name: 'vault-4', statements: ['ALTER TABLE credentials ADD COLUMN renewal TEXT'] },
]

type Db = Kysely<VaultTables>

/** Credentials that are told of as ending. */
const ENDING_MAX = 500

const byId = hot<VaultTables, { user_id: string; id: string }, CredentialRow>((db, value) =>
  db
    .selectFrom('credentials')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)

const countUse = hot<VaultTables, { user_id: string; id: string; last_used: string }>((db, value) =>
  db
    .updateTable('credentials')
    .set((eb) => ({ last_used: value('last_used'), usage_count: eb('usage_count', '+', 1) }))
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)

type Grantable = Pick<GrantRow, 'user_id' | 'agent_id' | 'credential_id'>
const grantsOf = hot<VaultTables, Grantable, GrantRow>((db, value) =>
  db
    .selectFrom('credential_grants')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('agent_id', '=', value('agent_id'))
    .where('credential_id', '=', value('credential_id'))
    .where('revoked_at', 'is', null),
)

const pinsIn = hot<VaultTables, Pick<PinRow, 'user_id' | 'bucket'>, PinRow>((db, value) =>
  db
    .selectFrom('credential_pins')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('bucket', '=', value('bucket')),
)

export interface CredentialFilter {
  service_key?: string | undefined
  credential_type?: Credential['credential_type'] | undefined
  /** Only those with a smaller id. */
  before?: string | undefined
  limit: number
}

/** The queries of the vault. */
export const vaultStore = {
  insert: (db: Db, row: CredentialRow) => db.insertInto('credentials').values(row).execute(),

  find: async (db: Db, user_id: string, id: string): Promise<CredentialRow | undefined> =>
    (await byId.on(db, { user_id, id }))[0],

  /** The same at once. */
  findNow: (connection: Connection, place: Pick<CredentialRow, 'id' | 'user_id'>) =>
    byId.all(connection, place)[0],

  /** Newest first. */
  list(db: Db, user_id: string, { service_key, credential_type, before, limit }: CredentialFilter) {
    let query = db.selectFrom('credentials').selectAll().where('user_id', '=', user_id)
    if (service_key !== undefined) query = query.where('service_key', '=', service_key)
    if (credential_type !== undefined) query = query.where('credential_type', '=', credential_type)
    if (before !== undefined) query = query.where('id', '<', before)
    return query.orderBy('id', 'desc').limit(limit).execute()
  },

  async count(
    db: Db,
    user_id: string,
    { service_key, credential_type }: Omit<CredentialFilter, 'limit'> = {},
  ): Promise<number> {
    let query = db
      .selectFrom('credentials')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('user_id', '=', user_id)
    if (service_key !== undefined) query = query.where('service_key', '=', service_key)
    if (credential_type !== undefined) query = query.where('credential_type', '=', credential_type)
    return (await query.executeTakeFirst())?.n ?? 0
  },

  /** Credentials that are sealed under another key than the newest, oldest first. */
  underOther: (
    db: Db,
    user_id: string,
    { key_id, after }: { key_id: string; after: string },
    limit: number,
  ) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('key_id', '!=', key_id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute(),

  /** The keys under which anything of a user is sealed. */
  async keysOf(db: Db, user_id: string): Promise<string[]> {
    const query = db.selectFrom('credentials').select('key_id').distinct().where('user_id', '=', user_id)
    return (await query.execute()).map(({ key_id }) => key_id)
  },

  /** How many credentials are sealed under none of these keys. */
  async closed(db: Db, keys: readonly string[]): Promise<number> {
    const known = new Set(keys)
    const query = db.selectFrom('credentials').select((eb) => ['key_id', eb.fn.countAll<number>().as('n')])
    const rows = await query.groupBy('key_id').execute()
    return rows.reduce((sum, { key_id, n }) => sum + (known.has(key_id) ? 0 : n), 0)
  },

  update: (db: Db, { id, user_id, ...row }: Pick<CredentialRow, 'id' | 'user_id'> & Partial<CredentialRow>) =>
    db.updateTable('credentials').set(row).where('user_id', '=', user_id).where('id', '=', id).execute(),

  used: (db: Db, { id, user_id }: Pick<CredentialRow, 'id' | 'user_id'>, last_used: string) =>
    countUse.on(db, { id, user_id, last_used }),

  /** Some that end by a time and whose owners were not warned of this stage, or one nearer to the end. */
  unwarned: (db: Db, { until, stage }: { until: string; stage: number }, limit: number) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('expires_at', '<=', until)
      .where((eb) => eb.or([eb('warned_days', 'is', null), eb('warned_days', '>', stage)]))
      .limit(limit)
      .execute(),

  /** Those of all users that end by a time, in the order of their ids. */
  endingBy: (db: Db, { until, after }: { until: string; after: string }, limit: number) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('expires_at', '<=', until)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute(),

  /** Whether a job waits or runs. */
  isUnderWay: (connection: Connection, { kind, key }: { kind: string; key: string }): boolean =>
    connection.all('SELECT 1 FROM jobs WHERE kind = ? AND key = ?', [kind, key]).length > 0,

  /** Those of a user that end by a time, the first to end first. */
  ending: (db: Db, user_id: string, until: string) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('expires_at', '<=', until)
      .orderBy('expires_at')
      .limit(ENDING_MAX)
      .execute(),

  /** Lets go of former secrets that became that before a time. */
  forgetFormer: async (db: Db, before: string): Promise<void> => {
    await db
      .updateTable('credentials')
      .set({ former: null, former_at: null })
      .where('former', 'is not', null)
      .where('former_at', '<', before)
      .execute()
  },

  /** Some of a user that have a former secret, in the order of their ids. */
  withFormer: (db: Db, user_id: string, after: string, limit: number) =>
    db
      .selectFrom('credentials')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('former', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute(),

  delete: (db: Db, user_id: string, id: string) =>
    db.deleteFrom('credentials').where('user_id', '=', user_id).where('id', '=', id).execute(),

  putGrant: (db: Db, row: GrantRow) =>
    db
      .insertInto('credential_grants')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute(),

  deleteGrant: (db: Db, user_id: string, id: string) =>
    db.deleteFrom('credential_grants').where('user_id', '=', user_id).where('id', '=', id).execute(),

  findGrant: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('credential_grants')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** Grants that were not taken back, newest first. */
  grants(
    db: Db,
    user_id: string,
    {
      agent_id,
      credential_id,
      before,
      limit,
    }: {
      agent_id?: string | undefined
      credential_id?: string | undefined
      before?: string | undefined
      limit: number
    },
  ) {
    let query = db.selectFrom('credential_grants').selectAll().where('user_id', '=', user_id)
    query = query.where('revoked_at', 'is', null)
    if (agent_id !== undefined) query = query.where('agent_id', '=', agent_id)
    if (credential_id !== undefined) query = query.where('credential_id', '=', credential_id)
    if (before !== undefined) query = query.where('id', '<', before)
    return query.orderBy('id', 'desc').limit(limit).execute()
  },

  grantsFor: (db: Db, of: Grantable): Promise<GrantRow[]> => grantsOf.on(db, of),

  pins: async (db: Db, user_id: string, bucket: number): Promise<PinRow | undefined> =>
    (await pinsIn.on(db, { user_id, bucket }))[0],

  putPins: (db: Db, row: PinRow) =>
    db
      .insertInto('credential_pins')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'bucket']).doUpdateSet({ pins: row.pins, mac: row.mac }),
      )
      .execute(),
}
