import { Type } from 'typebox'
import { NotificationSettings } from './auth.ts'
import { area, object, operation } from './operation.ts'
import { AgentNumber, FreeMap, Id, Text, Time, next_cursor, page } from './shapes.ts'

/**
 * Something that a user is told (decision 31). `source_agent` is 0 for the system itself. `held_until` is there while it
 * waits for the end of quiet hours, `delivered_at` once it was told, and neither when the user's settings keep it silent.
 */
export const Notification = object({
  notification_id: Id,
  source_agent: AgentNumber,
  severity: NotificationSettings.properties.min_severity,
  text: Type.String(),
  data: Type.Optional(FreeMap),
  created_at: Time,
  held_until: Type.Optional(Time),
  delivered_at: Type.Optional(Time),
  read_at: Type.Optional(Time),
})
export type Notification = Type.Static<typeof Notification>

/**
 * A browser that is told things while no page is open (RFC 8030). `endpoint` is shortened to its origin and its last six
 * characters: whole, it is an address that only the push service and this server should know. `failures` counts those
 * since the last success.
 */
export const PushSubscription = object({
  id: Id,
  endpoint: Type.String(),
  user_agent: Type.String(),
  created_at: Time,
  last_success: Type.Optional(Time),
  failures: Type.Integer({ minimum: 0 }),
})
export type PushSubscription = Type.Static<typeof PushSubscription>

/** As a browser's `PushSubscription.toJSON()` gives them: an uncompressed P-256 point and 16 bytes, base64url. */
const PushKeys = object({
  p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{87}=?$', maxLength: 88 }),
  auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}(==)?$', maxLength: 24 }),
})

export const notifications = area('notifications', {
  list: operation({
    http: 'GET /notifications',
    summary: 'What the user was told, newest first; the first page counts what is unread.',
    input: object({ since: Type.Optional(Time), unread: Type.Optional(Type.Boolean()), ...page }),
    output: object({
      notifications: Type.Array(Notification),
      unread_count: Type.Optional(Type.Integer({ minimum: 0 })),
      next_cursor,
    }),
  }),
  read: operation({
    http: 'POST /notifications/:id/read',
    summary: 'Marks a notification as read.',
    input: object({ id: Id }),
    output: Notification,
  }),
  read_all: operation({
    http: 'POST /notifications/read',
    summary: 'Marks everything up to a time as read; without one, everything.',
    input: object({ until: Type.Optional(Time) }),
    output: object({ read: Type.Integer({ minimum: 0 }) }),
  }),
  push: operation({
    http: 'GET /push',
    summary: 'The key that browsers subscribe with (RFC 8292), and the subscriptions of the user.',
    output: object({ public_key: Type.String(), subscriptions: Type.Array(PushSubscription) }),
  }),
  push_add: operation({
    http: 'POST /push',
    summary: 'Lets a browser be told things; the same one again replaces itself.',
    input: object({ endpoint: Text(2048, 12), keys: PushKeys }),
    output: PushSubscription,
  }),
  push_remove: operation({
    http: 'DELETE /push/:id',
    summary: 'Tells a browser nothing more.',
    input: object({ id: Id }),
  }),
  push_test: operation({
    http: 'POST /push/:id/test',
    summary: 'Sends a test to a browser, whatever the settings say.',
    input: object({ id: Id }),
  }),
})
