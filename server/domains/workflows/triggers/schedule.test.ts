import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GRACE_MS, MADE_UP_MAX, missed, nextDue } from './schedule.ts'
import type { ScheduleConditions } from './schedule.ts'

const ZONE = 'Europe/Berlin'
const NOON = Date.parse('2026-11-22T12:00:00+01:00')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CONTEXT = { zone: ZONE, anchor: NOON }

const next = (conditions: ScheduleConditions, after = NOON) => nextDue(conditions, CONTEXT, after)

/** The due times that are made up for, in hours after noon. */
function madeUp(conditions: ScheduleConditions, last: number, now: number): number[] {
  return missed(conditions, CONTEXT, last, now).map((due) => (due - NOON) / HOUR)
}

test('an interval counts from when it was made active, without drift, and not at once', () => {
  const every = { every_ms: 7 * MINUTE }
  assert.equal(next(every), NOON + 7 * MINUTE)
  assert.equal(next(every, NOON - HOUR), NOON + 7 * MINUTE)
  assert.equal(next(every, NOON + 7 * MINUTE - 1), NOON + 7 * MINUTE)
  assert.equal(next(every, NOON + 7 * MINUTE), NOON + 14 * MINUTE)
  // Handled late every time, by almost a whole interval.
  let due = NOON
  for (let turn = 0; turn < 10_000; turn += 1) due = next(every, due + 7 * MINUTE - 1) ?? 0
  assert.equal(due, NOON + 10_000 * 7 * MINUTE)
})

const at = (text: string, timezone?: string, after = NOON) =>
  next(timezone === undefined ? { at: text } : { at: text, timezone }, after)

test('a single time is due once, on the clock of its zone, and never after or before its beginning', () => {
  const expected = Date.parse('2026-12-24T17:00:00Z')
  assert.equal(at('2026-12-24T18:00'), expected)
  assert.equal(at('2026-12-24T22:30', 'Asia/Kolkata'), expected)
  assert.equal(at('2026-12-24T17:00:00Z', 'Asia/Kolkata'), expected)
  assert.equal(at('2026-12-24T12:00-0500'), expected)
  assert.equal(at('2026-12-24T18:00', ZONE, expected - 1), expected)
  assert.equal(at('2026-12-24T18:00', ZONE, expected), undefined)
  assert.equal(at('2026-11-22T11:59', ZONE, 0), undefined)
  assert.equal(at('2027-03-28T02:30'), Date.parse('2027-03-28T03:00:00+02:00'))
  assert.equal(at('2027-10-31T02:30'), Date.parse('2027-10-31T02:30:00+02:00'))
})

test('the zone of the conditions goes before that of the user', () => {
  const cron = '0 9 * * *'
  assert.equal(next({ cron }), Date.parse('2026-11-23T09:00:00+01:00'))
  assert.equal(next({ cron, timezone: 'Asia/Kolkata' }), Date.parse('2026-11-23T09:00:00+05:30'))
})

test('nothing is due before the schedule was made active, nor after the year 9998', () => {
  assert.equal(next({ cron: '0 * * * *' }, 0), NOON + HOUR)
  assert.equal(next({ cron: '0 9 1 1 *' }, Date.UTC(9998, 6)), undefined)
  assert.equal(next({ cron: '@yearly' }, 8.64e15), undefined)
  assert.equal(next({ every_ms: MINUTE }, 8.64e15), undefined)
  assert.equal(next({ cron: '* * * * *', timezone: 'Asia/Tokyo' }, NOON + 0.5), NOON + MINUTE)
})

test('a schedule that was never checked is an error and not one that is never due', () => {
  assert.throws(() => next({ cron: '0 0 30 2 *' }), /"0 0 30 2 \*" never happens/)
  assert.throws(() => next({}))
  assert.throws(() => next({ cron: '@daily', timezone: 'Mars/Base' }))
})

test('of three hours down, none, the last or all are made up for', () => {
  const cron = '0 * * * *'
  const now = NOON + 3 * HOUR + 2 * MINUTE
  assert.deepEqual(madeUp({ cron }, NOON, now), [3])
  assert.deepEqual(madeUp({ cron, catch_up: 'one' }, NOON, now), [3])
  assert.deepEqual(madeUp({ cron, catch_up: 'all' }, NOON, now), [1, 2, 3])
  assert.deepEqual(madeUp({ cron, catch_up: 'none' }, NOON, now), [])
  assert.deepEqual(madeUp({ cron, catch_up: 'all' }, NOON + HOUR, now), [2, 3])
  assert.deepEqual(madeUp({ cron, catch_up: 'all' }, NOON + 3 * HOUR, now), [])
  assert.deepEqual(madeUp({ every_ms: 1.5 * HOUR, catch_up: 'all' }, NOON, now), [1.5, 3])
  assert.deepEqual(madeUp({ at: '2026-11-22T13:30', catch_up: 'one' }, NOON, now), [1.5])
  assert.deepEqual(madeUp({ at: '2026-11-22T13:30', catch_up: 'none' }, NOON, now), [])
})

test('what is late by no more than the grace is due whatever is made up for, to the millisecond', () => {
  const cron = '0 * * * *'
  for (const catch_up of ['none', 'one'] as const) {
    assert.deepEqual(madeUp({ cron, catch_up }, NOON, NOON + 3 * HOUR), [3])
    assert.deepEqual(madeUp({ cron, catch_up }, NOON, NOON + 3 * HOUR + GRACE_MS), [3])
    assert.deepEqual(madeUp({ cron, catch_up }, NOON + 3 * HOUR, NOON + 3 * HOUR + GRACE_MS), [])
  }
  assert.deepEqual(madeUp({ cron, catch_up: 'none' }, NOON, NOON + 3 * HOUR + GRACE_MS + 1), [])
  const seconds = { cron: '*/10 * * * * *', catch_up: 'none' } as const
  const late = missed(seconds, CONTEXT, NOON, NOON + 25_000)
  assert.deepEqual(
    late,
    [10_000, 20_000].map((ms) => NOON + ms),
  )
  assert.equal(missed(seconds, CONTEXT, NOON, NOON + HOUR).length, 7)
  assert.deepEqual(missed({ ...seconds, catch_up: 'one' }, CONTEXT, NOON, NOON + 25_000), late)
})

test('of more than a hundred the newest hundred are made up for, the oldest of them first', () => {
  const year = 366 * 24 * HOUR
  for (const [conditions, step] of [
    [{ cron: '* * * * * *' }, 1000],
    [{ cron: '*/5 * * * *' }, 5 * MINUTE],
    [{ every_ms: 7 * MINUTE }, 7 * MINUTE],
  ] as const) {
    const made_up = missed({ ...conditions, catch_up: 'all' }, CONTEXT, NOON, NOON + year)
    const last = NOON + Math.floor(year / step) * step
    assert.deepEqual(
      made_up,
      Array.from({ length: MADE_UP_MAX }, (_, index) => last - (99 - index) * step),
    )
  }
  assert.equal(madeUp({ every_ms: HOUR, catch_up: 'all' }, NOON, NOON + 100 * HOUR).length, 100)
  assert.equal(madeUp({ every_ms: HOUR, catch_up: 'all' }, NOON, NOON + 101 * HOUR)[0], 2)
})

test('a hundred times of a day long ago are found among years without any', () => {
  const context = { zone: 'UTC', anchor: Date.UTC(2027, 0) }
  const made_up = missed({ cron: '* * 29 2 *', catch_up: 'all' }, context, context.anchor, Date.UTC(2031, 5))
  const last = Date.parse('2028-02-29T23:59:00Z')
  assert.deepEqual(
    made_up,
    Array.from({ length: 100 }, (_, index) => last - (99 - index) * MINUTE),
  )
})

test('a clock that was set back has missed nothing', () => {
  assert.deepEqual(madeUp({ cron: '* * * * *', catch_up: 'all' }, NOON + HOUR, NOON), [])
  assert.deepEqual(madeUp({ every_ms: MINUTE, catch_up: 'all' }, NOON, NOON - HOUR), [])
})
