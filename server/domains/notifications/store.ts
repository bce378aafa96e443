import type { Kysely } from 'kysely'
import type { Notification } from '../../../contract/notifications.ts'
import { hot } from '../../kernel/store/dialect.ts'
import { storedFields } from '../../kernel/stored.ts'
import type { Migration } from '../../kernel/store/migrate.ts'

/** `data` is JSON; times as in the contract, null where it leaves them out. */
export interface NotificationRow extends Pick<
  Notification,
  'notification_id' | 'source_agent' | 'severity' | 'text' | 'created_at'
> {
  user_id: string
  data: string | null
  held_until: string | null
  delivered_at: string | null
  read_at: string | null
}

/** A browser, with where and under which keys it is reached (base64url); failures are those since the last success. */
export interface SubscriptionRow {
  id: string
  user_id: string
  endpoint: string
  p256dh: string
  auth: string
  user_agent: string
  created_at: string
  last_success: string | null
  failures: number
}

export interface NotificationTables {
  notifications: NotificationRow
  push_subscriptions: SubscriptionRow
  /** One row: the key pair of this server, the private one wrapped. */
  push_keys: { id: number; public_key: string; wrapped: string; created_at: string }
}

export const notificationMigrations: readonly Migration[] = [
  {
    name: 'notifications-1',
    statements: [
      `CREATE TABLE notifications (notification_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, source_agent INTEGER NOT NULL,
        severity TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT NOT NULL) WITHOUT ROWID`,
      'CREATE INDEX notifications_user ON notifications (user_id, notification_id)',
    ],
  },
  {
    name: 'notifications-2',
    statements: [
      'ALTER TABLE notifications ADD COLUMN data TEXT',
      'ALTER TABLE notifications ADD COLUMN held_until TEXT',
      'ALTER TABLE notifications ADD COLUMN delivered_at TEXT',
      'ALTER TABLE notifications ADD COLUMN read_at TEXT',
      // Whatever is there was told when it was made.
      'UPDATE notifications SET delivered_at = created_at',
      'CREATE INDEX notifications_unread ON notifications (user_id, notification_id) WHERE read_at IS NULL',
      'CREATE INDEX notifications_held ON notifications (user_id, notification_id) WHERE held_until IS NOT NULL',
      `CREATE TABLE push_subscriptions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, endpoint TEXT NOT NULL,
        p256dh TEXT NOT NULL, auth TEXT NOT NULL, user_agent TEXT NOT NULL, created_at TEXT NOT NULL,
        last_success TEXT, failures INTEGER NOT NULL, UNIQUE (user_id, endpoint)) WITHOUT ROWID`,
      'CREATE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint)',
      `CREATE TABLE push_keys (id INTEGER PRIMARY KEY CHECK (id = 1), public_key TEXT NOT NULL, wrapped TEXT NOT NULL,
        created_at TEXT NOT NULL)`,
    ],
  },
]

export interface Filter {
  since: string | undefined
  unread: boolean
  before: string | undefined
  limit: number
}

type Db = Kysely<NotificationTables>

const insertOne = hot<NotificationTables, NotificationRow>((db, value) =>
  db.insertInto('notifications').values({
    notification_id: value('notification_id'),
    user_id: value('user_id'),
    source_agent: value('source_agent'),
    severity: value('severity'),
    text: value('text'),
    data: value('data'),
    created_at: value('created_at'),
    held_until: value('held_until'),
    delivered_at: value('delivered_at'),
    read_at: value('read_at'),
  }),
)

/** What users were told. */
export const told = {
  insert: (db: Db, row: NotificationRow) => insertOne.on(db, row),

  find: (db: Db, user_id: string, notification_id: string) =>
    ofUser(db, user_id).selectAll().where('notification_id', '=', notification_id).executeTakeFirst(),

  newest(db: Db, user_id: string, { since, unread, before, limit }: Filter): Promise<NotificationRow[]> {
    let query = ofUser(db, user_id).selectAll()
    if (since !== undefined) query = query.where('created_at', '>=', since)
    if (unread) query = query.where('read_at', 'is', null)
    if (before !== undefined) query = query.where('notification_id', '<', before)
    return query.orderBy('notification_id', 'desc').limit(limit).execute()
  },

  async countUnread(db: Db, user_id: string): Promise<number> {
    const query = ofUser(db, user_id).select((eb) => eb.fn.countAll<number>().as('count'))
    return (await query.where('read_at', 'is', null).executeTakeFirstOrThrow()).count
  },

  async count(db: Db, user_id: string): Promise<number> {
    const query = ofUser(db, user_id).select((eb) => eb.fn.countAll<number>().as('count'))
    return (await query.executeTakeFirstOrThrow()).count
  },

  oldest: (db: Db, user_id: string) =>
    ofUser(db, user_id).select('created_at').orderBy('notification_id').limit(1).executeTakeFirst(),

  /** Those that wait for the end of quiet hours, oldest first. */
  held: (db: Db, user_id: string) =>
    ofUser(db, user_id).selectAll().where('held_until', 'is not', null).orderBy('notification_id').execute(),

  /** What is read waits for nothing any more. Answers how many were unread until then. */
  async markRead(
    db: Db,
    user_id: string,
    which: { id: string } | { until: string },
    read_at: string,
  ): Promise<number> {
    const query = db
      .updateTable('notifications')
      .set({ read_at, held_until: null })
      .where('user_id', '=', user_id)
      .where('read_at', 'is', null)
    const marked =
      'id' in which
        ? query.where('notification_id', '=', which.id)
        : query.where('created_at', '<=', which.until)
    return Number((await marked.executeTakeFirstOrThrow()).numUpdatedRows)
  },

  mark: (
    db: Db,
    user_id: string,
    ids: readonly string[],
    to: Partial<Pick<NotificationRow, 'held_until' | 'delivered_at'>>,
  ) =>
    db
      .updateTable('notifications')
      .set(to)
      .where('user_id', '=', user_id)
      .where('notification_id', 'in', ids)
      .execute(),

  removeBefore: (db: Db, user_id: string, created_at: string) =>
    db
      .deleteFrom('notifications')
      .where('user_id', '=', user_id)
      .where('created_at', '<', created_at)
      .execute(),

  /** Removes the oldest, read ones or any, and answers how many it were. */
  async removeOldest(db: Db, user_id: string, which: 'read' | 'any', count: number): Promise<number> {
    const result = await db
      .deleteFrom('notifications')
      .where('user_id', '=', user_id)
      .where('notification_id', 'in', (eb) => {
        const own = eb.selectFrom('notifications').select('notification_id').where('user_id', '=', user_id)
        const some = which === 'read' ? own.where('read_at', 'is not', null) : own
        return some.orderBy('notification_id').limit(count)
      })
      .executeTakeFirstOrThrow()
    return Number(result.numDeletedRows)
  },
}

function ofUser(db: Db, user_id: string) {
  return db.selectFrom('notifications').where('user_id', '=', user_id)
}

/** A row as the contract has it. */
export function toNotification(row: NotificationRow): Notification {
  const { user_id: _, data: text, held_until, delivered_at, read_at, ...rest } = row
  // Of a damaged one, what it says is left.
  const data = text === null ? undefined : storedFields<Record<string, unknown>>(text)
  return {
    ...rest,
    ...(data && { data }),
    ...(held_until === null ? {} : { held_until }),
    ...(delivered_at === null ? {} : { delivered_at }),
    ...(read_at === null ? {} : { read_at }),
  }
}
