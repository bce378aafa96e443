import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  dateFrom,
  dateIn,
  dayOfMonthFrom,
  easterIn,
  monthFrom,
  nthWeekday,
  oneDay,
  periodOf,
  weekdayFrom,
  weekendOf,
} from './calendar.ts'
import type { Days } from './calendar.ts'
import { monthNumber, movedBy, weekdayNumber } from './names.ts'

const day = (text: string) => Temporal.PlainDate.from(text)
const shown = (days: Days | undefined) => days && `${String(days.from)} ${String(days.to)}`
const anyDay = fc.integer({ min: 0, max: 60_000 }).map((days) => day('1950-01-01').add({ days }))

test('weeks begin on Monday, and periods end where the next begins', () => {
  assert.equal(shown(periodOf(day('2026-11-22'), 'week')), '2026-11-16 2026-11-23')
  assert.equal(shown(periodOf(day('2026-11-23'), 'week')), '2026-11-23 2026-11-30')
  assert.equal(shown(periodOf(day('2027-01-01'), 'week')), '2026-12-28 2027-01-04')
  assert.equal(shown(periodOf(day('2028-02-29'), 'month')), '2028-02-01 2028-03-01')
  assert.equal(shown(periodOf(day('2026-12-31'), 'month', 1)), '2027-01-01 2027-02-01')
  assert.equal(shown(periodOf(day('2027-03-31'), 'month', -1)), '2027-02-01 2027-03-01')
  assert.equal(shown(periodOf(day('2028-02-29'), 'year', 1)), '2029-01-01 2030-01-01')
  assert.equal(shown(oneDay(day('2026-12-31'))), '2026-12-31 2027-01-01')
})

test('every day lies in its week, month and year, and periods meet without a gap', () => {
  fc.assert(
    fc.property(
      anyDay,
      fc.constantFrom('week', 'month', 'year'),
      fc.integer({ min: -30, max: 30 }),
      (at, period, moved) => {
        const { from, to } = periodOf(at, period)
        assert.ok(Temporal.PlainDate.compare(from, at) <= 0 && Temporal.PlainDate.compare(at, to) < 0)
        const here = periodOf(at, period, moved)
        assert.equal(String(here.to), String(periodOf(at, period, moved + 1).from))
      },
    ),
    { numRuns: 300, seed: 1 },
  )
})

test('a weekday is today or one of the six days after', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 7 }), (at, weekday) => {
      const found = weekdayFrom(at, weekday)
      const days = at.until(found).days
      assert.ok(found.dayOfWeek === weekday && days >= 0 && days <= 6)
    }),
    { numRuns: 300, seed: 2 },
  )
})

test('a weekend is the Saturday and Sunday of the week, also when it has begun', () => {
  for (const at of ['2026-11-16', '2026-11-20', '2026-11-21', '2026-11-22'])
    assert.equal(shown(weekendOf(day(at))), '2026-11-21 2026-11-23', at)
  assert.equal(shown(weekendOf(day('2026-11-22'), 1)), '2026-11-28 2026-11-30')
})

test('the nth weekday of a month is found, and there is no fifth where there are four', () => {
  const november = periodOf(day('2026-11-22'), 'month')
  assert.equal(String(nthWeekday(november, 1, 7)), '2026-11-01')
  assert.equal(String(nthWeekday(november, 5, 1)), '2026-11-30')
  assert.equal(nthWeekday(november, 5, 2), undefined)
  assert.equal(String(nthWeekday(november, -1, 1)), '2026-11-30')
  assert.equal(String(nthWeekday(november, -1, 2)), '2026-11-24')
})

test('a date is in a year or not, and a month that has passed is next year’s', () => {
  assert.equal(String(dateIn(2028, 2, 29)), '2028-02-29')
  for (const [year, month, date] of [
    [2027, 2, 29],
    [2100, 2, 29],
    [2027, 4, 31],
    [2027, 1, 0],
    [2027, 1, 32],
  ] as const) {
    assert.equal(dateIn(year, month, date), undefined, `${year}-${month}-${date}`)
  }
  assert.equal(shown(monthFrom(day('2026-11-22'), 11)), '2026-11-01 2026-12-01')
  assert.equal(shown(monthFrom(day('2026-11-22'), 10)), '2027-10-01 2027-11-01')
  assert.equal(shown(monthFrom(day('2026-12-31'), 1)), '2027-01-01 2027-02-01')
})

test('the next such date is this day or later, over the years that have none', () => {
  assert.equal(String(dateFrom(day('2026-11-22'), 11, 22)), '2026-11-22')
  assert.equal(String(dateFrom(day('2026-11-22'), 11, 21)), '2027-11-21')
  assert.equal(String(dateFrom(day('2097-01-01'), 2, 29)), '2104-02-29')
  assert.equal(dateFrom(day('2026-11-22'), 2, 30), undefined)
  assert.equal(String(dayOfMonthFrom(day('2027-01-31'), 31)), '2027-01-31')
  assert.equal(String(dayOfMonthFrom(day('2027-02-01'), 31)), '2027-03-31')
  assert.equal(String(dayOfMonthFrom(day('2027-01-31'), 30)), '2027-03-30')
  assert.equal(String(dayOfMonthFrom(day('2026-12-31'), 1)), '2027-01-01')
})

test('Easter is the Sunday of the almanac', () => {
  const known =
    '1961-04-02 1981-04-19 2000-04-23 2008-03-23 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2038-04-25'
  for (const date of known.split(' ')) assert.equal(String(easterIn(Number(date.slice(0, 4)))), date)
  for (let year = 1900; year < 2200; year += 1) {
    const easter = easterIn(year)
    assert.equal(easter.dayOfWeek, 7)
    assert.ok(String(easter) >= `${year}-03-22` && String(easter) <= `${year}-04-25`)
  }
})

test('names are read in full and cut short, and lead where they say', () => {
  const weekdays = 'monday tues wednesdays thurs fri sat sunday'.split(' ')
  assert.deepEqual(weekdays.map(weekdayNumber), [1, 2, 3, 4, 5, 6, 7])
  const months = 'january feb mar april may june july aug sept october nov dec'.split(' ')
  assert.deepEqual(months.map(monthNumber), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  assert.deepEqual(
    ['next', 'following', 'last', 'past', 'previous', 'this past'].map(movedBy),
    [1, 1, -1, -1, -1, -1],
  )
  assert.deepEqual(['this', 'coming', 'current', '', 'upcoming'].map(movedBy), [0, 0, 0, 0, 0])
})
