import type { Kysely } from 'kysely'
import { notifications } from '../../../contract/notifications.ts'
import type { Notification } from '../../../contract/notifications.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Migration } from '../../kernel/store/migrate.ts'
import type { Tx } from '../../kernel/store/store.ts'

interface Tables {
  notifications: Notification & { user_id: string }
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
]

export interface Notifications {
  answers: Answers
  /** Tells the user something, in the transaction that made it true. */
  notify(
    tx: Tx,
    user_id: string,
    given: Pick<Notification, 'source_agent' | 'severity' | 'text'>,
  ): Promise<void>
}

/** What users are told. */
export function openNotifications(kernel: Kernel): Notifications {
  return {
    notify: async (tx, user_id, given) => {
      const notification = { ...given, notification_id: kernel.id(), created_at: kernel.now() }
      await tx
        .tables<Tables>()
        .insertInto('notifications')
        .values({ ...notification, user_id })
        .execute()
      kernel.events.tell(tx, 'notification:created', user_id, notification)
    },
    answers: {
      [notifications.list.name]: reads(
        notifications.list,
        async ({ user_id }, { since, limit = LIMIT_DEFAULT, cursor }) => {
          const found = await newest(kernel.store.reader.tables<Tables>(), user_id, {
            since,
            cursor,
            limit: limit + 1,
          })
          const { rows, ...next } = toPage(found, limit, (row) => row.notification_id)
          return { notifications: rows, ...next }
        },
      ),
    },
  }
}

const MILLISECONDS = { smallestUnit: 'millisecond', roundingMode: 'ceil' } as const

interface Filter {
  since: string | undefined
  cursor: string | undefined
  limit: number
}

function newest(db: Kysely<Tables>, user_id: string, { since, cursor, limit }: Filter) {
  let query = db.selectFrom('notifications').selectAll().where('user_id', '=', user_id)
  // Times are compared as text, so the given one is written as the stored ones are.
  if (since !== undefined) {
    query = query.where('created_at', '>=', Temporal.Instant.from(since).toString(MILLISECONDS))
  }
  if (cursor !== undefined) query = query.where('notification_id', '<', String(fromCursor(cursor)))
  return query.orderBy('notification_id', 'desc').limit(limit).execute()
}
