import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDay, readMoment } from './moment.ts'
import { iso } from './spoken.ts'
import { ActionError } from '../skill.ts'

const read = (text: string, time_zone = 'Europe/Berlin') => iso(readMoment(text, time_zone), time_zone)

test("a local time is the user zone's, one with an offset is that instant, a day is its morning", () => {
  assert.equal(read('2026-03-04T17:30'), '2026-03-04T17:30:00+01:00')
  assert.equal(read('2026-03-04 17:30:10'), '2026-03-04T17:30:10+01:00')
  assert.equal(read('2026-03-04T17:30:00Z'), '2026-03-04T18:30:00+01:00')
  assert.equal(read('2026-03-04T17:30-05:00', 'America/New_York'), '2026-03-04T17:30:00-05:00')
  assert.equal(read('2026-07-04T17:30+02:00[Europe/Berlin]'), '2026-07-04T17:30:00+02:00')
  assert.equal(read('2026-03-04'), '2026-03-04T09:00:00+01:00')
})

test('a local time that the clocks skip is an hour later, one they show twice is the first', () => {
  assert.equal(read('2026-03-29T02:30'), '2026-03-29T03:30:00+02:00')
  assert.equal(read('2026-11-01T01:30', 'America/New_York'), '2026-11-01T01:30:00-04:00')
})

test('what is not a time is refused, not guessed', () => {
  for (const text of ['soon', '2026-02-30T10:00', '2026-13-01', '25:00', '', '2026-03-04T10:00+99:00']) {
    assert.throws(() => readMoment(text, 'UTC'), ActionError, text)
  }
})

test('a day keeps apart whether a time of day was said', () => {
  assert.equal(readDay('2026-03-04', 'UTC').time, undefined)
  assert.equal(String(readDay('2026-03-04T23:30Z', 'Europe/Berlin').day), '2026-03-05')
})
