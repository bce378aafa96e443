import type { Kysely } from 'kysely'
import type { User, UserPreferences } from '../../../contract/auth.ts'
import type { Tier } from '../../../contract/limits.ts'
import { hot } from '../../kernel/store/dialect.ts'
import type { Migration } from '../../kernel/store/migrate.ts'
import { preferencesIn } from './preferences.ts'
import { passkeyMigrations } from './passkeys/store.ts'

export type Role = 'owner' | 'user'

export interface UserRow {
  id: string
  email: string
  password_hash: string
  role: Role
  tier: Tier
  /** JSON of `UserPreferences`. */
  preferences: string
  created_at: string
  updated_at: string
}

/** A sign-in on one device, and the family of the refresh tokens that came from it. */
export interface SessionRow {
  id: string
  user_id: string
  /** Stands in every access token; one with another number is refused. */
  version: number
  /** Exchanges so far: the refresh token of this generation is the current one. */
  generation: number
  /** Epoch ms of the password sign-in that still counts as proof; gone with the first exchange (decision 12). */
  password_at: number | null
  /** Epoch ms of a sign-in by a backup code; `may_enrol` (1) until it has enrolled a passkey. */
  code_at: number | null
  may_enrol: number
  user_agent: string
  ip: string
  created_at: string
  /** Of the sign-in or of the newest exchange. */
  last_used_at: string
  ended_at: string | null
}

export interface SigningKeyRow {
  kid: string
  /** The seed of the key pair, wrapped under the root key. */
  wrapped: string
  created_at: number
  retired_at: number | null
}

export interface AuthTables {
  users: UserRow
  sessions: SessionRow
  refresh_tokens: { hash: string; session_id: string; generation: number }
  signing_keys: SigningKeyRow
}

export const authMigrations: readonly Migration[] = [
  {
    name: 'auth-1',
    statements: [
      `CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
        role TEXT NOT NULL, tier TEXT NOT NULL, preferences TEXT NOT NULL, created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL) WITHOUT ROWID`,
      `CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        version INTEGER NOT NULL, generation INTEGER NOT NULL, password_at BIGINT, code_at BIGINT,
        may_enrol INTEGER NOT NULL, user_agent TEXT NOT NULL, ip TEXT NOT NULL, created_at TEXT NOT NULL, last_used_at TEXT NOT NULL, ended_at TEXT) WITHOUT ROWID`,
      'CREATE INDEX sessions_user ON sessions (user_id, last_used_at)',
      `CREATE TABLE refresh_tokens (hash TEXT PRIMARY KEY, generation INTEGER NOT NULL,
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE) WITHOUT ROWID`,
      'CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id)',
      `CREATE TABLE signing_keys (kid TEXT PRIMARY KEY, wrapped TEXT NOT NULL, created_at BIGINT NOT NULL,
        retired_at BIGINT) WITHOUT ROWID`,
    ],
  },
  {
    // Sessions of the very first servers know nothing of backup codes.
    name: 'auth-2',
    unless: `SELECT 1 FROM pragma_table_info('sessions') WHERE name = 'may_enrol'`,
    statements: [
      'ALTER TABLE sessions ADD COLUMN code_at BIGINT',
      'ALTER TABLE sessions ADD COLUMN may_enrol INTEGER NOT NULL DEFAULT 0',
    ],
  },
  ...passkeyMigrations,
]

/** A session can no longer be used when it was last used, or made, before these times. ISO-8601. */
export interface Horizon {
  last_used_at: string
  created_at: string
}

/** A refresh token as it is found, with its session. */
export type FoundToken = SessionRow & { token_generation: number }

/** The queries of the area, on the reader or in a transaction. */
export function authQueries(db: Kysely<AuthTables>) {
  return { ...userQueries(db), ...sessionQueries(db), ...tokenQueries(db), ...keyQueries(db) }
}

const userById = hot<AuthTables, Pick<UserRow, 'id'>, UserRow>((db, value) =>
  db.selectFrom('users').selectAll().where('id', '=', value('id')),
)

function userQueries(db: Kysely<AuthTables>) {
  return {
    findUser: async (user_id: string): Promise<UserRow | undefined> =>
      (await userById.on(db, { id: user_id }))[0],
    findUserByEmail: (email: string): Promise<UserRow | undefined> =>
      db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst(),
    /** What every call must know of its user. */
    accounts: (): Promise<Pick<UserRow, 'id' | 'role' | 'tier' | 'preferences'>[]> =>
      db.selectFrom('users').select(['id', 'role', 'tier', 'preferences']).execute(),
    /** In the order in which they were added. */
    usersAfter: (after: string, limit: number): Promise<UserRow[]> =>
      db.selectFrom('users').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute(),
    async updateUser(user_id: string, change: Partial<UserRow>): Promise<void> {
      await db.updateTable('users').set(change).where('id', '=', user_id).execute()
    },
    async deleteUser(user_id: string): Promise<void> {
      await db.deleteFrom('users').where('id', '=', user_id).execute()
    },
    async insertUser(row: UserRow): Promise<void> {
      await db.insertInto('users').values(row).execute()
    },
    async setPreferences(user_id: string, preferences: UserPreferences, updated_at: string): Promise<void> {
      const values = { preferences: JSON.stringify(preferences), updated_at }
      await db.updateTable('users').set(values).where('id', '=', user_id).execute()
    },
  }
}

function sessionQueries(db: Kysely<AuthTables>) {
  const usable = (horizon: Horizon) =>
    db
      .selectFrom('sessions')
      .where('ended_at', 'is', null)
      .where('last_used_at', '>', horizon.last_used_at)
      .where('created_at', '>', horizon.created_at)
  return {
    async insertSession(row: SessionRow): Promise<void> {
      await db.insertInto('sessions').values(row).execute()
    },
    /** The usable sessions of all users. */
    allSessions: (horizon: Horizon): Promise<SessionRow[]> => usable(horizon).selectAll().execute(),
    /** The usable sessions of a user, the one used last first. */
    sessionsOf: (user_id: string, horizon: Horizon): Promise<SessionRow[]> =>
      usable(horizon)
        .selectAll()
        .where('user_id', '=', user_id)
        .orderBy('last_used_at', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    /** Whether there was such a session, not ended before. */
    async endSession(user_id: string, session_id: string, ended_at: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ ended_at, password_at: null })
        .where('user_id', '=', user_id)
        .where('id', '=', session_id)
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
    async noteEnrolment(user_id: string, session_id: string): Promise<void> {
      await db
        .updateTable('sessions')
        .set({ may_enrol: 0 })
        .where('user_id', '=', user_id)
        .where('id', '=', session_id)
        .execute()
    },
    /** Removes sessions with their tokens, once nobody needs to be told any more that they are over. */
    async forgetSessions(user_id: string, over_since: Horizon & { ended_at: string }): Promise<string[]> {
      const rows = await db
        .deleteFrom('sessions')
        .where('user_id', '=', user_id)
        .where((where) =>
          where.or([
            where('ended_at', '<', over_since.ended_at),
            where('last_used_at', '<', over_since.last_used_at),
            where('created_at', '<', over_since.created_at),
          ]),
        )
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },
  }
}

function tokenQueries(db: Kysely<AuthTables>) {
  return {
    async insertToken(row: AuthTables['refresh_tokens']): Promise<void> {
      await db.insertInto('refresh_tokens').values(row).execute()
    },
    findToken: (hash: string): Promise<FoundToken | undefined> =>
      db
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .selectAll('sessions')
        .select('refresh_tokens.generation as token_generation')
        .where('hash', '=', hash)
        .executeTakeFirst(),
    /** Moves the session to its next generation, unless somebody else already did: then the answer is false. */
    async nextGeneration({ user_id, id, generation }: SessionRow, last_used_at: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ generation: generation + 1, last_used_at, password_at: null })
        .where('user_id', '=', user_id)
        .where('id', '=', id)
        .where('generation', '=', generation)
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

function keyQueries(db: Kysely<AuthTables>) {
  return {
    signingKeys: (): Promise<SigningKeyRow[]> =>
      db.selectFrom('signing_keys').selectAll().orderBy('created_at').orderBy('kid').execute(),
    async retireSigningKeys(retired_at: number): Promise<void> {
      await db.updateTable('signing_keys').set({ retired_at }).where('retired_at', 'is', null).execute()
    },
    async insertSigningKey(row: SigningKeyRow): Promise<void> {
      await db.insertInto('signing_keys').values(row).execute()
    },
    async deleteSigningKeys(retired_until: number): Promise<void> {
      await db.deleteFrom('signing_keys').where('retired_at', '<=', retired_until).execute()
    },
  }
}

/** A user as others see them. */
export function toUser({ id, email, preferences, created_at, updated_at }: UserRow): User {
  return { id, email, created_at, updated_at, preferences: preferencesIn(preferences) }
}
