import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ActionError } from '../skill.ts'
import { nextDue, readRepeat } from './repeat.ts'

/** The next occurrences of what first happened at a local time, as local times with their offset. */
function series(first: string, time_zone: string, repeat: string, after: string, count = 3): string[] {
  let at = Temporal.PlainDateTime.from(after).toZonedDateTime(time_zone).epochMilliseconds
  return Array.from({ length: count }, () => {
    at = nextDue(Temporal.PlainDateTime.from(first), time_zone, readRepeat(repeat), at)
    const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time_zone)
    return zoned.toString({ timeZoneName: 'never', smallestUnit: 'minute' })
  })
}

test('a daily reminder keeps its hour when the clocks change in Berlin and in New York', () => {
  assert.deepEqual(series('2026-03-01T08:00', 'Europe/Berlin', 'daily', '2026-03-27T09:00'), [
    '2026-03-28T08:00+01:00',
    '2026-03-29T08:00+02:00',
    '2026-03-30T08:00+02:00',
  ])
  assert.deepEqual(series('2026-10-01T08:00', 'America/New_York', 'daily', '2026-10-31T07:00'), [
    '2026-10-31T08:00-04:00',
    '2026-11-01T08:00-05:00',
    '2026-11-02T08:00-05:00',
  ])
})

test('an hour that a day does not have is moved on for that day only, and one it has twice rings once', () => {
  assert.deepEqual(series('2026-03-01T02:30', 'Europe/Berlin', 'daily', '2026-03-28T03:00', 2), [
    '2026-03-29T03:30+02:00',
    '2026-03-30T02:30+02:00',
  ])
  assert.deepEqual(series('2026-10-01T01:30', 'America/New_York', 'daily', '2026-10-31T12:00', 2), [
    '2026-11-01T01:30-04:00',
    '2026-11-02T01:30-05:00',
  ])
})

test('the 31st falls on the last day of shorter months and comes back', () => {
  assert.deepEqual(series('2026-01-31T09:00', 'Europe/Berlin', 'monthly', '2026-01-31T09:00'), [
    '2026-02-28T09:00+01:00',
    '2026-03-31T09:00+02:00',
    '2026-04-30T09:00+02:00',
  ])
})

test('the 29th of February falls on the 28th until there is one again', () => {
  assert.deepEqual(series('2024-02-29T09:00', 'UTC', 'yearly', '2026-12-01T00:00', 2), [
    '2027-02-28T09:00+00:00',
    '2028-02-29T09:00+00:00',
  ])
})

test('weekdays leave out Saturday and Sunday, also when it began on one', () => {
  assert.deepEqual(series('2026-03-07T17:00', 'Europe/Berlin', 'weekdays', '2026-03-06T18:00', 2), [
    '2026-03-09T17:00+01:00',
    '2026-03-10T17:00+01:00',
  ])
  assert.deepEqual(series('2020-01-01T17:00', 'Europe/Berlin', 'weekdays', '2026-03-06T17:00', 1), [
    '2026-03-09T17:00+01:00',
  ])
})

test('occurrences that were missed are not made up for', () => {
  assert.deepEqual(series('2020-01-01T10:00', 'UTC', 'weekly', '2026-03-04T10:00', 1), [
    '2026-03-11T10:00+00:00',
  ])
  assert.deepEqual(series('2030-01-01T10:00', 'UTC', 'weekly', '2026-03-04T10:00', 1), [
    '2030-01-01T10:00+00:00',
  ])
})

test('every other week, some days of a week, and hours are counted from the first time', () => {
  assert.deepEqual(series('2026-03-02T18:00', 'Europe/Berlin', 'every 2 weeks', '2026-03-16T18:00', 2), [
    '2026-03-30T18:00+02:00',
    '2026-04-13T18:00+02:00',
  ])
  assert.deepEqual(series('2026-03-05T07:00', 'UTC', 'weekly on MO,TH', '2026-03-05T07:00', 2), [
    '2026-03-09T07:00+00:00',
    '2026-03-12T07:00+00:00',
  ])
  assert.deepEqual(series('2026-03-29T01:00', 'Europe/Berlin', 'hourly', '2026-03-29T01:30', 2), [
    '2026-03-29T03:00+02:00',
    '2026-03-29T04:00+02:00',
  ])
  assert.deepEqual(series('2026-03-29T01:00', 'UTC', 'every 90 minutes', '2026-03-01T00:00', 2), [
    '2026-03-29T01:00+00:00',
    '2026-03-29T02:30+00:00',
  ])
})

test('a day of the week found again only a week later is still found', () => {
  assert.deepEqual(series('2026-03-05T07:00', 'UTC', 'weekly on TH', '2026-03-12T07:00', 1), [
    '2026-03-19T07:00+00:00',
  ])
  assert.deepEqual(series('2026-03-07T23:00', 'UTC', 'weekends', '2026-03-08T23:00', 1), [
    '2026-03-14T23:00+00:00',
  ])
})

test('a repetition that is not understood, or is too quick, is refused', () => {
  for (const repeat of ['often', 'every 5 seconds', 'every 0 days', 'weekly on XX', 'constructor', '']) {
    assert.throws(() => readRepeat(repeat), ActionError, repeat)
  }
})
