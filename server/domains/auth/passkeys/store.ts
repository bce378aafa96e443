import type { Kysely } from 'kysely'
import { hot } from '../../../kernel/store/dialect.ts'
import type { Migration } from '../../../kernel/store/migrate.ts'

export interface PasskeyRow {
  id: string
  user_id: string
  /** As WebAuthn names it, base64url. */
  credential_id: string
  /** COSE, base64url. */
  public_key: string
  counter: number
  /** The page that it was made on, and is good for. */
  origin: string
  name: string
  /** 1 for one that is kept in a file rather than in a device. */
  software: number
  /** Until then a fresh password sign-in may remove it: whoever enrolled it first may not have been the user. */
  provisional_until: string | null
  created_at: string
  last_used_at: string | null
}

/** A code that signs in once. Codes of `kind` recovery are made on the machine and expire. */
export interface CodeRow {
  hash: string
  user_id: string
  kind: 'backup' | 'recovery'
  expires_at: string | null
  used_at: string | null
}

export interface PasskeyTables {
  passkeys: PasskeyRow
  codes: CodeRow
  used_nonces: { nonce: string; expires_at: number }
}

/** Used challenges are remembered a day beyond their end: a clock that was set forward and comes back revives none. */
const USED_NONCE_MS = 86_400_000

export const passkeyMigrations: readonly Migration[] = [
  {
    name: 'passkeys-1',
    statements: [
      `CREATE TABLE passkeys (id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        credential_id TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL, counter BIGINT NOT NULL, origin TEXT NOT NULL,
        name TEXT NOT NULL, software INTEGER NOT NULL, provisional_until TEXT, created_at TEXT NOT NULL,
        last_used_at TEXT) WITHOUT ROWID`,
      'CREATE INDEX passkeys_user ON passkeys (user_id, id)',
      `CREATE TABLE codes (hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, expires_at TEXT, used_at TEXT) WITHOUT ROWID`,
      'CREATE INDEX codes_user ON codes (user_id)',
      'CREATE TABLE used_nonces (nonce TEXT PRIMARY KEY, expires_at BIGINT NOT NULL) WITHOUT ROWID',
      'CREATE INDEX used_nonces_age ON used_nonces (expires_at)',
    ],
  },
]

type Db = Kysely<PasskeyTables>

type Use = Pick<PasskeyRow, 'user_id' | 'id' | 'counter'> & { last_used_at: string }
/** Of an authenticator that does not count. */
const noteUse = hot<PasskeyTables, Use, { id: string }>((db, value) =>
  db
    .updateTable('passkeys')
    .set({ last_used_at: value('last_used_at') })
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id'))
    .where('counter', '=', 0)
    .returning('id'),
)
const countUse = hot<PasskeyTables, Use, { id: string }>((db, value) =>
  db
    .updateTable('passkeys')
    .set({ counter: value('counter'), last_used_at: value('last_used_at') })
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id'))
    .where('counter', '<', value('counter'))
    .returning('id'),
)
const forgetNonces = hot<PasskeyTables, { before: number }>((db, value) =>
  db.deleteFrom('used_nonces').where('expires_at', '<=', value('before')),
)
const insertNonce = hot<PasskeyTables, PasskeyTables['used_nonces'], { nonce: string }>((db, value) =>
  db
    .insertInto('used_nonces')
    .values({ nonce: value('nonce'), expires_at: value('expires_at') })
    .onConflict((conflict) => conflict.doNothing())
    .returning('nonce'),
)

/** The queries about passkeys, codes and used challenges, on the reader or in a transaction. */
export const passkeyStore = {
  all: (db: Db): Promise<PasskeyRow[]> => db.selectFrom('passkeys').selectAll().orderBy('id').execute(),

  of: (db: Db, user_id: string): Promise<PasskeyRow[]> =>
    db.selectFrom('passkeys').selectAll().where('user_id', '=', user_id).orderBy('id').execute(),

  async insert(db: Db, row: PasskeyRow): Promise<void> {
    await db.insertInto('passkeys').values(row).execute()
  },

  isTaken: async (db: Db, credential_id: string): Promise<boolean> =>
    (await db
      .selectFrom('passkeys')
      .select('id')
      .where('credential_id', '=', credential_id)
      .executeTakeFirst()) !== undefined,

  async rename(db: Db, user_id: string, id: string, name: string): Promise<void> {
    await db
      .updateTable('passkeys')
      .set({ name })
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .execute()
  },

  async remove(db: Db, user_id: string, id: string): Promise<void> {
    await db.deleteFrom('passkeys').where('user_id', '=', user_id).where('id', '=', id).execute()
  },

  /**
   * Notes a use, unless the authenticator's counter did not move on: then the answer is false. Zero means that it does
   * not count.
   */
  async use(db: Db, user_id: string, id: string, counter: number, now: string): Promise<boolean> {
    const uses = counter === 0 ? noteUse : countUse
    return (await uses.on(db, { user_id, id, counter, last_used_at: now })).length === 1
  },

  async replaceCodes(db: Db, user_id: string, rows: readonly CodeRow[]): Promise<void> {
    await db.deleteFrom('codes').where('user_id', '=', user_id).execute()
    if (rows.length > 0) await db.insertInto('codes').values(rows).execute()
  },

  /** In place of those of its kind. */
  async insertCode(db: Db, row: CodeRow): Promise<void> {
    await db.deleteFrom('codes').where('user_id', '=', row.user_id).where('kind', '=', row.kind).execute()
    await db.insertInto('codes').values(row).execute()
  },

  /** Takes a code that can still be used; the answer is false when there is none. */
  async useCode(db: Db, user_id: string, hash: string, now: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('codes')
      .set({ used_at: now })
      .where('user_id', '=', user_id)
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  },

  isUsable: async (db: Db, user_id: string, hash: string, now: string): Promise<boolean> =>
    (await db
      .selectFrom('codes')
      .select('hash')
      .where('user_id', '=', user_id)
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
      .executeTakeFirst()) !== undefined,

  /** Backup codes that can still be used. */
  async countBackupCodes(db: Db, user_id: string): Promise<number> {
    const { left } = await db
      .selectFrom('codes')
      .select((select) => select.fn.countAll<number>().as('left'))
      .where('user_id', '=', user_id)
      .where('kind', '=', 'backup')
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    return left
  },

  /** Remembers a used challenge, and forgets those whose time is over; the answer is false when it is remembered. */
  async useNonce(db: Db, nonce: string, expires_at: number, now: number): Promise<boolean> {
    await forgetNonces.on(db, { before: now - USED_NONCE_MS })
    return (await insertNonce.on(db, { nonce, expires_at })).length === 1
  },

  /** Remembers, across starts, until when what was issued before a moment may not be answered; epoch ms. */
  endChallenges: (db: Db, until: number) =>
    db
      .insertInto('used_nonces')
      .values({ nonce: ALL_BEFORE, expires_at: until })
      .onConflict((conflict) => conflict.column('nonce').doUpdateSet({ expires_at: until }))
      .execute(),

  async challengesEnd(db: Db): Promise<number | undefined> {
    const row = await db
      .selectFrom('used_nonces')
      .select('expires_at')
      .where('nonce', '=', ALL_BEFORE)
      .executeTakeFirst()
    return row?.expires_at
  },
}

/** Stands among the nonces for all that were issued before it. No nonce is as short. */
const ALL_BEFORE = 'all'
