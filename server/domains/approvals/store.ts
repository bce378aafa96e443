import type { Kysely } from 'kysely'
import type { Migration } from '../../kernel/store/migrate.ts'

/** A call that waits, or what became of it. `sealed` texts are JSON under the root key. */
export interface ApprovalRow {
  id: string
  user_id: string
  /** Who asked, from where: the result is for this session alone. */
  session_id: string
  transport: string
  /** The page that it was asked from: passkeys and challenges belong to one. */
  origin: string | null
  request_id: string
  operation: string
  /** Of the input, so that asking the same again is one approval. */
  digest: string
  sealed_input: string
  /** JSON of the input with its secrets masked. */
  shown_input: string
  impact_assessment: string
  /** JSON of `Impact`. */
  impact: string
  /** Of the state of everything that the call would change, as it was when it was asked for. */
  version: string
  status: 'pending' | 'approved' | 'running' | 'done' | 'failed' | 'unknown' | 'denied'
  created_at: string
  expires_at: string
  decided_at: string | null
  passkey_id: string | null
  evidence: string | null
  sealed_end: string | null
  delivered: number
  /** JSON of the error that it ended with, without details: what the user is told who approved it. */
  failure: string | null
}

export interface ApprovalTables {
  approvals: ApprovalRow
}

export const approvalMigrations: readonly Migration[] = [
  {
    name: 'approvals-1',
    statements: [
      `CREATE TABLE approvals (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, session_id TEXT NOT NULL,
        transport TEXT NOT NULL, origin TEXT, request_id TEXT NOT NULL, operation TEXT NOT NULL, digest TEXT NOT NULL,
        sealed_input TEXT NOT NULL, shown_input TEXT NOT NULL, impact_assessment TEXT NOT NULL, impact TEXT NOT NULL,
        version TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL,
        decided_at TEXT, passkey_id TEXT, evidence TEXT, sealed_end TEXT, delivered INTEGER NOT NULL) WITHOUT ROWID`,
      'CREATE INDEX approvals_user ON approvals (user_id, id)',
    ],
  },
  { name: 'approvals-2', statements: ['ALTER TABLE approvals ADD COLUMN failure TEXT'] },
]

type Db = Kysely<ApprovalTables>

/** What a list of approvals asks for. Expired ones are those that waited until `now`. */
interface Filter {
  status: string | undefined
  before: string | undefined
  limit: number
  now: string
}

export const approvalStore = {
  find: (db: Db, user_id: string, id: string): Promise<ApprovalRow | undefined> =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** Newest first. */
  list(db: Db, user_id: string, { status, before, limit, now }: Filter): Promise<ApprovalRow[]> {
    let query = db.selectFrom('approvals').selectAll().where('user_id', '=', user_id)
    if (before !== undefined) query = query.where('id', '<', before)
    if (status === 'expired') query = query.where('status', '=', 'pending').where('expires_at', '<=', now)
    else if (status !== undefined) query = query.where('status', '=', status as ApprovalRow['status'])
    if (status === 'pending') query = query.where('expires_at', '>', now)
    return query.orderBy('id', 'desc').limit(limit).execute()
  },

  /** Those that a session waits for, oldest first. */
  pendingOf: (db: Db, session_id: string, user_id: string, now: string): Promise<ApprovalRow[]> =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('session_id', '=', session_id)
      .where('status', '=', 'pending')
      .where('expires_at', '>', now)
      .orderBy('id')
      .execute(),

  async insert(db: Db, row: ApprovalRow): Promise<void> {
    await db.insertInto('approvals').values(row).execute()
  },

  /** Moves an approval on from one of the given states; the answer is false when it is in another. */
  async move(
    db: Db,
    { user_id, id }: Pick<ApprovalRow, 'user_id' | 'id'>,
    from: readonly ApprovalRow['status'][],
    change: Partial<ApprovalRow>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('approvals')
      .set(change)
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .where('status', 'in', from)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  },

  /** Forgets what was asked for before this time. */
  async forget(db: Db, user_id: string, before: string): Promise<void> {
    await db
      .deleteFrom('approvals')
      .where('user_id', '=', user_id)
      .where('created_at', '<', before)
      .where('status', 'not in', ['approved', 'running'])
      .execute()
  },
}
