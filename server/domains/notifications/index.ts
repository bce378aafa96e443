import { notifications } from '../../../contract/notifications.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { decide } from './decide.ts'
import type { Told, Wishes } from './decide.ts'
import { openHeld } from './held.ts'
import type { Given, Store } from './held.ts'
import { openKeeping } from './keep.ts'
import type { KeptBounds } from './keep.ts'
import { SERVICES } from './push/endpoint.ts'
import { openPushKeys } from './push/keys.ts'
import { openPush } from './push/send.ts'
import type { PushEgress } from './push/send.ts'
import { subscribing } from './push/subscriptions.ts'
import { toNotification, told } from './store.ts'
import type { NotificationRow, NotificationTables } from './store.ts'

export { notificationMigrations } from './store.ts'

export interface NotificationParts {
  egress: PushEgress
  /** What a user wants now; nothing of one who is only being made. */
  settingsOf: (user_id: string) => Wishes | undefined | Promise<Wishes | undefined>
  bounds?: Partial<KeptBounds>
}

export interface Notifications {
  answers: Answers
  /**
   * Tells the user something, in the transaction that made it true. It is stored whatever the settings say, and told in
   * the app and to browsers as they say: now, at the end of quiet hours, or not at all. Answers its id.
   */
  notify(tx: Tx, user_id: string, given: Given): Promise<string>
}

/** What users are told, and when, and where. */
export function openNotifications(kernel: Kernel, parts: NotificationParts): Notifications {
  const wishesOf = async (user_id: string) => (await parts.settingsOf(user_id)) ?? UNKNOWN
  const hosts = [...SERVICES, ...(kernel.settings.egress_hosts ?? [])]
  const keys = openPushKeys(kernel)
  const kept = openKeeping(kernel, parts.bounds)
  const push = openPush(kernel, {
    ...parts,
    keys,
    hosts,
    wishesOf,
    dropped: async (tx, { user_id, user_agent }) => {
      const text = `A browser is no longer told things, because its push service refused them again and again: ${user_agent}`
      await notify(tx, user_id, { source_agent: 0, severity: 'warning', text })
    },
  })
  const store: Store = async (tx, user_id, given, { held_until = null, delivered_at = null } = {}) => {
    const row: NotificationRow = {
      notification_id: kernel.id(),
      user_id,
      source_agent: given.source_agent,
      severity: given.severity,
      text: given.text,
      data: given.data === undefined ? null : JSON.stringify(given.data),
      created_at: kernel.now(),
      held_until,
      delivered_at,
      read_at: null,
    }
    await told.insert(tx.tables<NotificationTables>(), row)
    await kept(tx, user_id)
    return row
  }
  const tell = async (tx: Tx, row: NotificationRow, { in_app, push: pushed }: Told): Promise<void> => {
    if (in_app) kernel.events.tell(tx, 'notification:created', row.user_id, toNotification(row))
    if (pushed) await push.send(tx, row.user_id, row.notification_id)
  }
  const hold = openHeld(kernel, { wishesOf, tell, store })
  async function notify(tx: Tx, user_id: string, given: Given): Promise<string> {
    const way = decide(await wishesOf(user_id), given.severity, kernel.clock.now())
    const isHeld = way.held_until !== undefined
    const isTold = !isHeld && (way.in_app || way.push)
    const row = await store(tx, user_id, given, {
      ...(isHeld ? { held_until: iso(way.held_until) } : {}),
      ...(isTold ? { delivered_at: kernel.now() } : {}),
    })
    if (isHeld) hold(tx, user_id, way.held_until)
    if (isTold) await tell(tx, row, way)
    return row.notification_id
  }
  return {
    notify,
    answers: { ...reading(kernel), ...subscribing(kernel, { keys, hosts, test: push.test }) },
  }
}

/** Whoever is being made in this very transaction has chosen nothing yet. */
const UNKNOWN: Wishes = {
  settings: { in_app: true, push: false, email: false, sound: false, min_severity: 'info' },
  time_zone: 'UTC',
}

const MILLISECONDS = { smallestUnit: 'millisecond' } as const
/** Times are compared as text, so the given one is written as the stored ones are. */
const stored = (time: string, roundingMode: 'ceil' | 'floor') =>
  Temporal.Instant.from(time).toString({ ...MILLISECONDS, roundingMode })

/** What users ask about what they were told. */
function reading(kernel: Kernel): Answers {
  const db = () => kernel.store.reader.tables<NotificationTables>()
  return {
    [notifications.list.name]: reads(notifications.list, async ({ user_id }, given) => {
      const { since, unread = false, limit = LIMIT_DEFAULT, cursor } = given
      const found = await told.newest(db(), user_id, {
        since: since === undefined ? undefined : stored(since, 'ceil'),
        unread,
        before: cursor === undefined ? undefined : String(fromCursor(cursor)),
        limit: limit + 1,
      })
      const { rows, ...next } = toPage(found, limit, (row) => row.notification_id)
      const counted = cursor === undefined ? { unread_count: await told.countUnread(db(), user_id) } : {}
      return { notifications: rows.map(toNotification), ...counted, ...next }
    }),
    [notifications.read.name]: writes(notifications.read, {
      commit: async (tx, { user_id }, { id }) => {
        const tables = tx.tables<NotificationTables>()
        await told.markRead(tables, user_id, { id }, kernel.now())
        const row = await told.find(tables, user_id, id)
        if (row === undefined)
          throw new Fault('VALIDATION_ERROR', `There is no notification ${id}.`, { id }, { status: 404 })
        return toNotification(row)
      },
    }),
    [notifications.read_all.name]: writes(notifications.read_all, {
      commit: async (tx, { user_id }, { until }) => {
        const last = until === undefined ? kernel.now() : stored(until, 'floor')
        const read = await told.markRead(
          tx.tables<NotificationTables>(),
          user_id,
          { until: last },
          kernel.now(),
        )
        return { read }
      },
    }),
  }
}
