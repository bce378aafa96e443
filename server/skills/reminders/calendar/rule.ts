import type ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import { dateOf, isMeant, period, periodsUntil, weekDayOf, dayNumber } from './days.ts'
import type { DayRule } from './days.ts'

/**
 * Steps that may still be taken to work out recurrences; shared by all rules of one reading. A day that is looked at is
 * one, and a time that is found ten.
 */
export interface Budget {
  steps: number
}

const STEPS_FOUND = 10

/** A rule that finds nothing for so long finds nothing: a 29th of February that is a Saturday comes within 40 years. */
const IDLE_YEARS_MAX = 100

/** Of whatever unit, so much is beyond the end of every calendar, and yet a year that a clock can tell. */
const INTERVAL_MAX = 200_000

/** Times of one day that a rule may name: each quarter of an hour, for instance. */
const TIMES_MAX = 100

/**
 * Wall-clock times at which a rule (RFC 5545, section 3.3.10) recurs from its start, between two wall-clock times, both
 * included. The calendar library's own iterator gives wrong days for many of them: weeks by their number, months together
 * with hours, days counted from the end of a month.
 *
 * @param start - the event's first start.
 * @param until - the rule's last time on the same wall clock; `undefined` when it has none.
 * @throws ActionError when the rule is more frequent than daily, or the budget ends first.
 */
export function* recurrences(
  rule: ICAL.Recur,
  start: Temporal.PlainDateTime,
  until: Temporal.PlainDateTime | undefined,
  window: { from: Temporal.PlainDateTime; to: Temporal.PlainDateTime },
  budget: Budget,
): Generator<Temporal.PlainDateTime> {
  const { days, times, positions } = read(rule, start)
  const end = until !== undefined && isBefore(until, window.to) ? until : window.to
  let left = rule.count ?? Infinity
  let found = start.year
  // A counted rule must be counted from its start.
  for (let index = rule.count === null ? periodsUntil(days, start, window.from) : 0; ; index += 1) {
    const stretches = period(days, start, index)
    const { year } = dateOf(stretches[0]?.from ?? 0)
    if (year > end.year) return
    for (const wall of inPeriod(stretches, { days, times, positions }, budget)) {
      if (isBefore(wall, start)) continue
      if (left === 0 || isBefore(end, wall)) return
      left -= 1
      found = wall.year
      spend(budget, STEPS_FOUND)
      if (!isBefore(wall, window.from)) yield wall
    }
    if (year - Math.max(found, window.from.year) > IDLE_YEARS_MAX) throw tooMuch()
  }
}

interface Readable {
  days: DayRule
  times: readonly Temporal.PlainTime[]
  positions: readonly number[]
}

/** What a rule means in one period, soonest first. */
function inPeriod(
  stretches: readonly { from: number; length: number }[],
  { days, times, positions }: Readable,
  budget: Budget,
): Temporal.PlainDateTime[] {
  const all: Temporal.PlainDateTime[] = []
  for (const { from, length } of stretches) {
    spend(budget, length)
    for (let day = from; day < from + length; day += 1) {
      if (!isMeant(days, day)) continue
      const date = Temporal.PlainDate.from(dateOf(day))
      for (const time of times) all.push(date.toPlainDateTime(time))
    }
  }
  if (positions.length === 0) return all
  return all.filter((_, index) => positions.includes(index + 1) || positions.includes(index - all.length))
}

function spend(budget: Budget, steps: number): void {
  budget.steps -= steps
  if (budget.steps < 0) throw tooMuch()
}

function tooMuch(): ActionError {
  return new ActionError('The calendar repeats more than I can work out at once.')
}

/** What the rule says, and what its start says where the rule is silent. */
function read(rule: ICAL.Recur, start: Temporal.PlainDateTime): Readable {
  const { freq } = rule
  if (freq !== 'DAILY' && freq !== 'WEEKLY' && freq !== 'MONTHLY' && freq !== 'YEARLY')
    throw new ActionError('The calendar has an event that repeats more often than every day.')
  const numbers = (name: string): number[] => sorted(rule.getComponent(name).map(Number))
  const days: DayRule = {
    freq,
    interval: Math.min(Math.max(1, rule.interval), INTERVAL_MAX),
    months: numbers('BYMONTH'),
    month_days: numbers('BYMONTHDAY'),
    year_days: numbers('BYYEARDAY'),
    weeks: numbers('BYWEEKNO'),
    week_days: rule.getComponent('BYDAY').flatMap((text: unknown) => weekDays(String(text))),
    week_start: rule.wkst - 1,
  }
  const times = timesOf(numbers('BYHOUR'), numbers('BYMINUTE'), numbers('BYSECOND'), start)
  return { days: completed(days, start), times, positions: numbers('BYSETPOS') }
}

function completed(rule: DayRule, start: Temporal.PlainDateTime): DayRule {
  const { freq, months, month_days, year_days, weeks, week_days } = rule
  if (freq === 'DAILY' || month_days.length + year_days.length + week_days.length > 0) return rule
  if (freq === 'WEEKLY' || weeks.length > 0) {
    return { ...rule, week_days: [{ day: weekDayOf(dayNumber(start)), nth: 0 }] }
  }
  const own = freq === 'YEARLY' && months.length === 0 ? [start.month] : months
  return { ...rule, months: own, month_days: [start.day] }
}

const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

function weekDays(text: string): { day: number; nth: number }[] {
  const [, number = '', name = ''] = /^([+-]?\d*)([A-Z]{2})$/i.exec(text) ?? []
  const day = DAYS.indexOf(name.toUpperCase())
  return day < 0 ? [] : [{ day, nth: Number(number) }]
}

/** The times of a day that are named, or else the one of the start. */
function timesOf(
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
  { hour, minute, second }: Temporal.PlainDateTime,
): Temporal.PlainTime[] {
  const [of_hour, of_minute, of_second] = [named(hours, hour), named(minutes, minute), named(seconds, second)]
  if (of_hour.length * of_minute.length * of_second.length > TIMES_MAX) throw tooMuch()
  return of_hour.flatMap((h) =>
    of_minute.flatMap((m) => of_second.map((s) => new Temporal.PlainTime(h, m, Math.min(s, 59)))),
  )
}

function named(numbers: readonly number[], own: number): readonly number[] {
  return numbers.length === 0 ? [own] : numbers
}

function sorted(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b)
}

function isBefore(one: Temporal.PlainDateTime, other: Temporal.PlainDateTime): boolean {
  return Temporal.PlainDateTime.compare(one, other) < 0
}
