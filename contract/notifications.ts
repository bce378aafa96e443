import { Type } from 'typebox'
import { NotificationSettings } from './auth.ts'
import { area, object, operation } from './operation.ts'
import { AgentNumber, Id, Time, next_cursor, page } from './shapes.ts'

/** Something that a user is told (decision 31). `source_agent` is 0 for the system itself. */
export const Notification = object({
  notification_id: Id,
  source_agent: AgentNumber,
  severity: NotificationSettings.properties.min_severity,
  text: Type.String(),
  created_at: Time,
})
export type Notification = Type.Static<typeof Notification>

export const notifications = area('notifications', {
  list: operation({
    http: 'GET /notifications',
    summary: 'What the user was told, newest first.',
    input: object({ since: Type.Optional(Time), ...page }),
    output: object({ notifications: Type.Array(Notification), next_cursor }),
  }),
})
