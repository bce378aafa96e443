import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valueOf } from '../rig.ts'
import type { Json } from '../value.ts'

/** The tests' own time is 2026-11-22T10:00:00Z, and their time zone is Berlin: summer time ends on 2026-10-25. */
function all(pairs: readonly (readonly [string, Json])[]): void {
  for (const [source, value] of pairs) assert.deepEqual(valueOf(source), value, source)
}

function refuses(source: string, message: RegExp): void {
  assert.throws(() => valueOf(source), { name: 'EvaluationError', message }, source)
}

test('the present and every date are texts in UTC, which compare as texts', () => {
  all([
    ['now', '2026-11-22T10:00:00.000Z'],
    ['Date.now() === Date.parse(now)', true],
    ['date("2026-11-22T12:00:00+02:00") === now', true],
    ['date("2026-11-22T11:00")', '2026-11-22T10:00:00.000Z'],
    ['date("2026-07-01")', '2026-06-30T22:00:00.000Z'],
    ['date("2026-07-01", "America/New_York")', '2026-07-01T04:00:00.000Z'],
    ['date(0)', '1970-01-01T00:00:00.000Z'],
    ['date(" 2026-11-22t10:00:00.123456z ")', '2026-11-22T10:00:00.123Z'],
    ['now > date("2026-11-22T10:59") && now < date("2026-11-22T11:01")', true],
  ])
})

test('days are of the calendar and hours are of the clock, also when the clocks change', () => {
  all([
    ['addDays("2026-10-24T12:00", 1)', '2026-10-25T11:00:00.000Z'],
    ['addHours("2026-10-24T12:00", 24)', '2026-10-25T10:00:00.000Z'],
    ['addDays("2026-03-28T02:30", 1)', '2026-03-29T01:30:00.000Z'],
    ['addDays(now, -1, "UTC")', '2026-11-21T10:00:00.000Z'],
    ['addMonths("2026-01-31", 1)', '2026-02-27T23:00:00.000Z'],
    ['addYears("2024-02-29", 1, "UTC")', '2025-02-28T00:00:00.000Z'],
    ['addWeeks(now, 1)', '2026-11-29T10:00:00.000Z'],
    ['addMinutes(now, 1.5)', '2026-11-22T10:01:30.000Z'],
    ['startOfDay(now)', '2026-11-21T23:00:00.000Z'],
    ['startOfDay(now, "Pacific/Auckland")', '2026-11-21T11:00:00.000Z'],
  ])
})

test('differences are signed; days are midnights between, hours are exact', () => {
  all([
    ['daysBetween("2026-10-24", "2026-10-26")', 2],
    ['hoursBetween("2026-10-24", "2026-10-26")', 49],
    ['daysBetween("2026-11-22T23:59", "2026-11-23T00:01")', 1],
    ['daysBetween("2026-11-23", now)', -1],
    ['minutesBetween(now, addHours(now, -0.5))', -30],
    ['daysBetween("2026-11-22T20:00Z", "2026-11-22T23:30Z", "UTC")', 0],
    ['dayOfWeek("2026-11-22")', 7],
    ['dayOfWeek("2026-11-22T23:30Z")', 1],
  ])
})

test('a date is written by its pattern in its time zone', () => {
  all([
    ['formatDate(now)', '2026-11-22'],
    ['formatDate(now, "dddd, D MMMM YYYY [at] HH:mm")', 'Sunday, 22 November 2026 at 11:00'],
    ['formatDate(now, "ddd DD MMM hh:mm:ss.SSS A Z", "Asia/Kolkata")', 'Sun 22 Nov 03:30:00.000 PM +05:30'],
    ['formatDate("0987-01-02T00:05", "YYYY M/D h H [YYYY]")', '0987 1/2 12 0 YYYY'],
    ['formatDate(now, "")', ''],
  ])
})

test('what is no date, zone or count is refused, and Date.parse says NaN as in JavaScript', () => {
  refuses('date("tomorrow")', /not a date and time zone that exist/)
  refuses('date("2026-02-30")', /not a date/)
  refuses('date(now, "Mars/Base")', /not a date and time zone/)
  refuses('date("2026-02-01T25:00Z")', /not a date/)
  refuses('date(null)', /this is null/)
  refuses('date(1 / 0)', /this is a number/)
  refuses('date(8.64e15 + 1)', /not a date/)
  refuses('addDays(now, 1e12)', /not a date/)
  refuses('addDays(now, Infinity)', /not a date/)
  refuses('date("1".repeat(65))', /this is a text/)
  refuses('date(now, 1)', /A time zone is a text/)
  refuses('formatDate(now, "Y".repeat(201))', /at most 200 characters/)
  all([
    ['isNaN(Date.parse("tomorrow"))', true],
    ['Date.parse("2026-11-22")', Date.UTC(2026, 10, 22)],
    ['Date.parse("2026-11-22T00:00:00.5Z")', Date.UTC(2026, 10, 22, 0, 0, 0, 500)],
  ])
})
