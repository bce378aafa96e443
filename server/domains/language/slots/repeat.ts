import { periodOf, weekdayFrom, oneDay } from './calendar.ts'
import { readDays, weekdaysBetween } from './days.ts'
import type { DayPart, Draft, FindDays, Reading, Repeat, Rule } from './draft.ts'
import { readRules, rule } from './draft.ts'
import type { Length } from './duration.ts'
import { readLength } from './duration.ts'
import { matchAt, phrase } from './line.ts'
import { WEEKDAYS, weekdayNumber } from './names.ts'

const EVERY = phrase('every|each')
/** Days of the week as RFC 5545 names them, Monday first. */
export const DAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const PLURAL = '(?:mon|tues|wednes|thurs|fri|satur|sun)days'
const UNIT = '(day|week|month|year)'

/** "tgi fridays" is a place, "on fridays" is not. */
const PLURALLY = ['on', 'in', 'joined']

const EXCEPT = '(?:except|excluding|apart from|other than|but not)(?: for)?(?: on)?'
const JOINED = ['joined']

const RULES: readonly Rule[] = [
  rule(
    `${EXCEPT} ((?:${WEEKDAYS})(?:,? (?:and |or )?(?:on )?(?:${WEEKDAYS}))*)`,
    ([, names = '']) => ({ except: weekdaysIn(names) }),
    JOINED,
  ),
  rule(`${EXCEPT}(?: the| at)? weekends?`, () => ({ except: [6, 7] }), JOINED),
  rule('every ?day|each day|all days|every single day', () => daily()),
  rule('daily', () => daily(), undefined, true),
  rule('(?:every |each |on )?(?:week ?days|work ?days|working days|business days)', () => weekdays()),
  rule('(?:every|each) (?:week ?day|work ?day|working day|business day)', () => weekdays()),
  rule('(?:every )?mon(?:day)? (?:to |through |until |till |- )?fri(?:day)?', () => ({
    ...weekdays(),
    stretch: weekdaysBetween(1, 5),
  })),
  rule('(?:every|each) weekend|(?:on |at )?weekends', () => weekends()),
  rule('(?:every|each) (morning|afternoon|evening|night)', ([, part]) => daily(part as DayPart)),
  rule('(morning|afternoon|evening|night)s', ([, part]) => daily(part as DayPart), PLURALLY),
  rule('nightly', () => daily('night'), undefined, true),
  rule('hourly', () => every({ months: 0, days: 0, seconds: 3600 }), undefined, true),
  rule('weekly', () => every({ months: 0, days: 7, seconds: 0 }), undefined, true),
  rule('(?:every|each) fortnight|fortnightly', () => every({ months: 0, days: 14, seconds: 0 })),
  rule('monthly|all months', () => every({ months: 1, days: 0, seconds: 0 }), undefined, true),
  rule('yearly|annually|all years', () => every({ months: 12, days: 0, seconds: 0 }), undefined, true),
  rule(`every (?:other|second) ${UNIT}`, ([, unit = '']) => every(unitLength(unit, 2))),
  rule(`every (\\d{1,2})th ${UNIT}`, ([, nth, unit = '']) => every(unitLength(unit, Number(nth)))),
  rule(`(?:every|each|once (?:an?|per|every|each)) ${UNIT}`, ([, unit = '']) => every(unitLength(unit, 1))),
  rule('(?:every|each) hour', () => every({ months: 0, days: 0, seconds: 3600 })),
  rule('(?:every|each) minute', () => every({ months: 0, days: 0, seconds: 60 })),
  rule(`every (?:other|second|2th) (${WEEKDAYS})`, ([, name = '']) => ({
    ...onDays([weekdayNumber(name)]),
    repeat: 'every 2 weeks',
  })),
  rule(
    `(?:every|each) ((?:${WEEKDAYS})(?: (?:and )?(?:on )?(?:every )?(?:${WEEKDAYS}))*)`,
    ([, names = '']) => onDays(weekdaysIn(names)),
  ),
  rule(
    `((?:${PLURAL})(?: (?:and )?(?:on )?(?:${PLURAL}))*)`,
    ([, names = '']) => onDays(weekdaysIn(names)),
    PLURALLY,
  ),
]

/** Reads how often something happens at this position. */
export function readRepeat(text: string, at: number): Reading | undefined {
  const simple = readRules(RULES, text, at)
  const lead = matchAt(EVERY, text, at)
  if (lead === undefined) return simple
  const counted = readLength(text, lead.next)
  const interval = counted && every(counted.length)
  if (interval !== undefined && counted !== undefined && counted.next > (simple?.next ?? 0)) {
    return { draft: interval, next: counted.next }
  }
  return simple ?? cyclicDate(text, lead.next)
}

/** "Every day except sunday" is a number of days; of anything else no days can be left out. */
export function withoutDays(draft: Draft): Draft | undefined {
  const { except, repeat, start: _start, ...rest } = draft
  if (except === undefined) return draft
  const all = { daily: [1, 2, 3, 4, 5, 6, 7], weekdays: [1, 2, 3, 4, 5] }
  if (repeat !== 'daily' && repeat !== 'weekdays') return undefined
  const left = all[repeat].filter((day) => !except.includes(day))
  return left.length === 0 ? undefined : { ...rest, ...onDays(left) }
}

/** "every june 5th", "every first monday of the month". */
function cyclicDate(text: string, at: number): Reading | undefined {
  const date = readDays(text, at)
  if (date?.draft.cycle === undefined) return undefined
  return { draft: { ...date.draft, rolls: true, repeat: date.draft.cycle }, next: date.next }
}

function daily(part?: DayPart): Draft {
  return { repeat: 'daily', start: (from) => oneDay(from), ...(part && { part }) }
}

function weekdays(): Draft {
  return { repeat: 'weekdays', start: (from) => oneDay(from.dayOfWeek > 5 ? weekdayFrom(from, 1) : from) }
}

function weekends(): Draft {
  return { repeat: 'weekends', start: (from) => oneDay(from.dayOfWeek > 5 ? from : weekdayFrom(from, 6)) }
}

function weekdaysIn(names: string): number[] {
  const found = names.split(/,? /u).map((name) => weekdayNumber(name))
  return [...new Set(found.filter((number) => number > 0))].toSorted((a, b) => a - b)
}

function onDays(numbers: readonly number[]): Draft {
  const days: FindDays = (from) => {
    const week = periodOf(from, 'week').from
    const later = numbers.find((number) => number >= from.dayOfWeek) ?? (numbers[0] ?? 1) + 7
    return oneDay(week.add({ days: later - 1 }))
  }
  const codes = numbers.map((number) => DAY_CODES[number - 1]).join(',')
  return { repeat: numbers.length === 1 ? 'weekly' : `weekly on ${codes}`, days, rolls: true }
}

function unitLength(unit: string, count: number): Length {
  return {
    months: (unit === 'month' ? 1 : unit === 'year' ? 12 : 0) * count,
    days: (unit === 'day' ? 1 : unit === 'week' ? 7 : 0) * count,
    seconds: 0,
  }
}

/** A repetition by interval; `undefined` for one that mixes months with hours. */
function every(length: Length): Draft | undefined {
  const repeat = intervalName(length)
  if (repeat === undefined) return undefined
  if (length.seconds > 0) return { repeat, shift: { length, sign: 1 } }
  const { months, days } = length
  const start: FindDays = (from, today) => {
    const passed = Temporal.PlainDate.compare(from, today) > 0
    return oneDay(passed ? today.add({ months, days }) : today)
  }
  return { repeat, start }
}

function intervalName({ months, days, seconds }: Length): Repeat | undefined {
  if ([months, days, seconds].filter((amount) => amount > 0).length !== 1) return undefined
  if (months > 0) {
    if (months % 12 === 0) return months === 12 ? 'yearly' : `every ${months / 12} years`
    return months === 1 ? 'monthly' : `every ${months} months`
  }
  if (days > 0) {
    if (days % 7 === 0) return days === 7 ? 'weekly' : `every ${days / 7} weeks`
    return days === 1 ? 'daily' : `every ${days} days`
  }
  if (seconds % 3600 === 0) return seconds === 3600 ? 'hourly' : `every ${seconds / 3600} hours`
  return seconds % 60 === 0 ? `every ${seconds / 60} minutes` : `every ${seconds} seconds`
}
