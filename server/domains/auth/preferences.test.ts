import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserPreferences } from '../../../contract/auth.ts'
import { DEFAULT_PREFERENCES, changePreferences } from './preferences.ts'

const change = (part: Partial<UserPreferences>, has_passkey = false): UserPreferences =>
  changePreferences(DEFAULT_PREFERENCES, part, has_passkey)

const issuesOf = (part: Partial<UserPreferences>): string[] => {
  try {
    change(part)
  } catch (error) {
    const { status, details } = error as { status: number; details: { issues: { path: string }[] } }
    assert.equal(status, 400)
    return details.issues.map(({ path }) => path)
  }
  return []
}

test('what a change does not name stays, and notification settings are replaced whole', () => {
  const quiet_hours = { start: '22:00', end: '07:00', timezone: 'Europe/Lisbon' }
  const settings = { ...DEFAULT_PREFERENCES.notification_settings, quiet_hours }
  const first = change({ theme: 'dark', notification_settings: settings })
  assert.deepEqual(first, { ...DEFAULT_PREFERENCES, theme: 'dark', notification_settings: settings })
  const second = changePreferences(
    first,
    { notification_settings: DEFAULT_PREFERENCES.notification_settings },
    false,
  )
  assert.deepEqual(second, { ...DEFAULT_PREFERENCES, theme: 'dark' })
})

test('time zones are IANA names, everywhere one is given, and all wrong ones are named', () => {
  assert.equal(
    change({ timezone: 'America/Argentina/Buenos_Aires' }).timezone,
    'America/Argentina/Buenos_Aires',
  )
  const quiet_hours = { start: '22:00', end: '07:00', timezone: '+01:00' }
  const settings = { ...DEFAULT_PREFERENCES.notification_settings, quiet_hours }
  const paths = ['/timezone', '/notification_settings/quiet_hours/timezone']
  assert.deepEqual(issuesOf({ timezone: 'Mars/Olympus', notification_settings: settings }), paths)
})

test('biometric proof cannot be switched on without a passkey, and can with one', () => {
  assert.deepEqual(issuesOf({ biometric_enabled: true }), ['/biometric_enabled'])
  assert.equal(change({ biometric_enabled: false }).biometric_enabled, false)
  assert.equal(change({ biometric_enabled: true }, true).biometric_enabled, true)
})
