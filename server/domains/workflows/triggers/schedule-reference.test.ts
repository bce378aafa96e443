import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { duesOf, walk } from './schedule-reference.ts'
import type { Listing, Walk } from './schedule-reference.ts'
import { nextDue } from './schedule.ts'

type Dates = Listing['dates']

const ALL = range(0, 23)
const EACH = range(0, 59)
const any: Dates = () => true
const weekday =
  (...days: number[]): Dates =>
  (day) =>
    days.includes(day.dayOfWeek)
const date =
  (...days: number[]): Dates =>
  (day) =>
    days.includes(day.day)
const isLast: Dates = (day) => day.day === day.daysInMonth
/** 1 for the first Monday of the month, or whatever day of the week it is. */
const nth = (day: Temporal.PlainDate): number => Math.ceil(day.day / 7)
const workday = (day: Temporal.PlainDate): boolean => day.dayOfWeek < 6
/** The nearest working day to one of the month, found by looking at the days in the order of their distance. */
const nearest =
  (target: number): Dates =>
  (day) => {
    if (target > day.daysInMonth) return false
    const near = [0, -1, 1, -2, 2]
      .map((step) => target + step)
      .filter((at) => at >= 1 && at <= day.daysInMonth)
    return near.find((at) => workday(day.with({ day: at }))) === day.day
  }

const LISTINGS: [string, Dates, readonly number[], readonly number[]][] = [
  ['* * * * *', any, ALL, EACH],
  ['*/15 * * * *', any, ALL, [0, 15, 30, 45]],
  ['0 * * * *', any, ALL, [0]],
  ['30 * * * *', any, ALL, [30]],
  ['7-59/20 * * * *', any, ALL, [7, 27, 47]],
  ['0 0-23 * * *', any, ALL, [0]],
  ['30 2 * * *', any, [2], [30]],
  ['0 2 * * *', any, [2], [0]],
  ['0 3 * * *', any, [3], [0]],
  ['15,45 1-3 * * *', any, [1, 2, 3], [15, 45]],
  ['*/15 2 * * *', any, [2], [0, 15, 30, 45]],
  ['* 2 * * *', any, [2], EACH],
  ['0 */2 * * *', any, range(0, 22, 2), [0]],
  ['30 1-23/2 * * *', any, range(1, 23, 2), [30]],
  ['0 0 * * *', any, [0], [0]],
  ['59 23 * * *', any, [23], [59]],
  ['30 0,12 * * *', any, [0, 12], [30]],
  ['0 8 * * 1-5', weekday(1, 2, 3, 4, 5), [8], [0]],
  ['0 8 * * MON,wed,Fri', weekday(1, 3, 5), [8], [0]],
  ['30 2 * * SUN', weekday(7), [2], [30]],
  ['*/30 * * * 0', weekday(7), ALL, [0, 30]],
  ['0 9 * * 5-7', weekday(5, 6, 7), [9], [0]],
  ['0 9 1,15 * *', date(1, 15), [9], [0]],
  ['0 9 30 * *', date(30), [9], [0]],
  ['0 9 L * *', isLast, [9], [0]],
  ['0 9 13 * FRI', (day) => day.day === 13 || day.dayOfWeek === 5, [9], [0]],
  ['0 9 13 * +FRI', (day) => day.day === 13 && day.dayOfWeek === 5, [9], [0]],
  ['0 9 */2 * MON', (day) => day.day % 2 === 1 && day.dayOfWeek === 1, [9], [0]],
  ['0 9 1-7 * */2', (day) => day.day <= 7 && [7, 2, 4, 6].includes(day.dayOfWeek), [9], [0]],
  ['0 9 * * 1#1', (day) => day.dayOfWeek === 1 && nth(day) === 1, [9], [0]],
  [
    '0 9 * * TUE#2,THU#5',
    (day) => (day.dayOfWeek === 2 && nth(day) === 2) || (day.dayOfWeek === 4 && nth(day) === 5),
    [9],
    [0],
  ],
  ['0 9 * * 5L', (day) => day.dayOfWeek === 5 && day.day + 7 > day.daysInMonth, [9], [0]],
  ['0 9 15W * *', nearest(15), [9], [0]],
  ['0 9 1W,31W * *', (day) => nearest(1)(day) || nearest(31)(day), [9], [0]],
  ['0 9 LW * ?', (day) => nearest(day.daysInMonth)(day), [9], [0]],
  ['0 0 1 JAN,jul *', (day) => day.day === 1 && day.month % 6 === 1, [0], [0]],
  ['0 0 29 2 *', (day) => day.day === 29 && day.month === 2, [0], [0]],
  ['0 12 * 3-10/7 *', (day) => day.month === 3 || day.month === 10, [12], [0]],
]

/** The clock goes on an hour, half an hour, an hour at a quarter to, at midnight; and a whole day is left out. */
const WALKS: [string, string, string][] = [
  ['Europe/Berlin', '2027-01-01T00:00Z', '2029-01-01T00:00Z'],
  ['Australia/Lord_Howe', '2026-01-01T00:00Z', '2028-01-01T00:00Z'],
  ['Pacific/Chatham', '2026-01-01T00:00Z', '2028-01-01T00:00Z'],
  ['America/Havana', '2026-01-01T00:00Z', '2028-01-01T00:00Z'],
  ['Pacific/Apia', '2011-01-01T00:00Z', '2013-01-01T00:00Z'],
]

for (const [zone, from, until] of WALKS) {
  test(`${LISTINGS.length} expressions are due in ${zone} just when two years of minutes say`, () => {
    const walked = walk(zone, from, until, 15)
    for (const [cron, dates, hours, minutes] of LISTINGS) {
      const listing = { cron, dates, hours, minutes }
      assertAlike(duesIn(cron, zone, walked), duesOf(listing, walked), `${cron} in ${zone}`)
    }
  })
}

const listed = (last: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max: last }), { minLength: 1, maxLength: 9 })

test('times of any day are due around any change of any clock when the minutes say', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const from = Temporal.Instant.from('1973-01-01T00:00Z').epochMilliseconds
  const until = Temporal.Instant.from('2040-01-01T00:00Z').epochMilliseconds
  const hours = fc.oneof({ weight: 3, arbitrary: listed(23) }, { weight: 1, arbitrary: fc.constant(ALL) })
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: from, max: until }),
      hours,
      listed(59),
      (zone, at, ...times) => {
        const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
        const change = (moment.getTimeZoneTransition('next') ?? moment).toInstant().round('minute')
        const [begin, end] = [change.subtract({ hours: 26 }), change.add({ hours: 26 })].map(String)
        const walked = walk(zone, begin ?? '', end ?? '', 1)
        const cron = `${times[1].join(',')} ${times[0].join(',')} * * *`
        const listing = { cron, dates: any, hours: times[0], minutes: times[1] }
        assertAlike(
          duesIn(cron, zone, walked),
          duesOf(listing, walked),
          `${cron} in ${zone} at ${String(change)}`,
        )
      },
    ),
    { numRuns: 100 },
  )
})

function duesIn(cron: string, zone: string, { from, readings }: Walk): number[] {
  const dues: number[] = []
  const until = from + readings.length * 60_000
  const next = (after: number) => nextDue({ cron }, { zone, anchor: 0 }, after)
  for (let due = next(from - 1); due !== undefined && due < until; due = next(due)) dues.push(due)
  return dues
}

const shown = (due?: number) =>
  due === undefined ? 'none' : String(Temporal.Instant.fromEpochMilliseconds(due))

/** Names the first that differs: a difference of a million instants says nothing. */
function assertAlike(actual: number[], expected: number[], what: string): void {
  const at = expected.findIndex((due, index) => due !== actual[index])
  const index = at < 0 ? expected.length : at
  assert.equal(shown(actual[index]), shown(expected[index]), what)
}

function range(from: number, to: number, step = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
}
