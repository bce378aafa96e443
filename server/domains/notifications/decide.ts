import type { UserPreferences } from '../../../contract/auth.ts'
import type { Notification } from '../../../contract/notifications.ts'
import { quietUntil } from './quiet.ts'

export type Severity = Notification['severity']

/** What a user wants, and the IANA zone that they live in. */
export interface Wishes {
  settings: UserPreferences['notification_settings']
  time_zone: string
}

/** Where something is told now: nowhere, when the settings keep it silent. */
export interface Told {
  in_app: boolean
  push: boolean
  held_until?: undefined
}
/** How something reaches its user; held, it is decided again at `held_until` (epoch ms). */
export type Way = Told | { held_until: number }

export const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 }

/** Decides how a user is told, by what they want now. What is critical waits for no end of quiet hours. */
export function decide({ settings, time_zone }: Wishes, severity: Severity, now: number): Way {
  const { in_app, push, min_severity, quiet_hours } = settings
  if (RANK[severity] < RANK[min_severity]) return { in_app: false, push: false }
  if (severity === 'critical' || quiet_hours === undefined || !(in_app || push)) return { in_app, push }
  const held_until = quietUntil(quiet_hours, time_zone, now)
  return held_until === undefined ? { in_app, push } : { held_until }
}
