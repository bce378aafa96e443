import { UserPreferences } from '../../../contract/auth.ts'
import type { Issue } from '../../../contract/errors.ts'
import { Fault } from '../../kernel/fault.ts'
import { storedFields } from '../../kernel/stored.ts'
import { findIssues } from '../../kernel/validate.ts'

/** What a user starts with. */
export const DEFAULT_PREFERENCES: UserPreferences = {
  voice_enabled: true,
  default_voice_language: 'en',
  biometric_enabled: false,
  theme: 'system',
  notification_settings: { in_app: true, push: false, email: false, sound: true, min_severity: 'info' },
}

/** The preferences that a row keeps; one that is damaged is as a user starts with it. */
export function preferencesIn(text: string): UserPreferences {
  const kept = Object.entries(storedFields<UserPreferences>(text) ?? {})
  const { properties } = UserPreferences
  const whole = kept.filter(
    ([name, value]) =>
      Object.hasOwn(properties, name) &&
      findIssues(properties[name as keyof typeof properties], value).length === 0,
  )
  return { ...DEFAULT_PREFERENCES, ...Object.fromEntries(whole) }
}

/**
 * The preferences after a change. What the change does not name stays; `notification_settings` is replaced whole.
 *
 * @param has_passkey - without one, biometric proof cannot be switched on: nobody could then prove anything.
 * @throws Fault `VALIDATION_ERROR` for a time zone that does not exist and for biometric proof without a passkey.
 */
export function changePreferences(
  current: UserPreferences,
  change: Partial<UserPreferences>,
  has_passkey: boolean,
): UserPreferences {
  const issues: Issue[] = []
  if (change.biometric_enabled === true && !has_passkey) {
    issues.push({ path: '/biometric_enabled', message: 'needs a passkey: enrol one first' })
  }
  const zones = {
    '/timezone': change.timezone,
    '/notification_settings/quiet_hours/timezone': change.notification_settings?.quiet_hours?.timezone,
  }
  for (const [path, zone] of Object.entries(zones)) {
    if (zone !== undefined && !isTimeZone(zone)) issues.push({ path, message: 'is not an IANA time zone' })
  }
  if (issues.length > 0) {
    const sentence = issues.map(({ path, message }) => `${path} ${message}`).join('; ')
    throw new Fault('VALIDATION_ERROR', `${sentence}.`, { issues })
  }
  return { ...current, ...change }
}

function isTimeZone(name: string): boolean {
  // The platform takes offsets such as +01:00 for zones; they would be wrong for half of the year.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
