import type { Days } from './calendar.ts'
import {
  dateFrom,
  dateIn,
  dayOfMonthFrom,
  easterIn,
  monthFrom,
  nthWeekday,
  oneDay,
  periodOf,
} from './calendar.ts'
import type { Draft, FindDays, Rule } from './draft.ts'
import { DATED, rule } from './draft.ts'
import { FULL_WEEKDAYS, LEADS, MONTHS, monthNumber, movedBy, weekdayNumber } from './names.ts'

type PlainDate = Temporal.PlainDate

const MONTH = `(${MONTHS})`
/** "2017", and "twenty seventeen", which is read as two numbers. */
const YEAR = '((?:19|20) ?\\d\\d)'
const NTH = '(\\d{1,2})(?:th)?'
const ORDINAL = '(\\d{1,2})th'
/** "the 30th of february" is no day at all, rather than the 30th of this month. */
const NO_MONTH = `(?! (?:day )?(?:of )?(?:${MONTHS})(?: |$))`

/** Words after which the name of a month or a year is a time: "in may". */
const MONTHLY = ['in', 'by', 'until', 'till', 'til', 'before', 'after', 'since', 'from', 'during']

const FESTIVE = [...MONTHLY, 'on', 'at', 'for', 'over', 'joined']

const HOLIDAYS: Readonly<Record<string, readonly [month: number, day: number]>> = {
  christmas: [12, 25],
  'christmas eve': [12, 24],
  boxing: [12, 26],
  'new year': [1, 1],
  'new years': [1, 1],
  'new year eve': [12, 31],
  'new years eve': [12, 31],
  halloween: [10, 31],
  valentine: [2, 14],
  valentines: [2, 14],
}

/** Dates by month, number or holiday. */
export const DATE_RULES: readonly Rule[] = [
  rule(`${MONTH} (?:the )?${NTH}(?: (?:of )?${YEAR})?`, ([, month = '', d = '', year = '']) =>
    monthDay(month, d, year),
  ),
  rule(`${NTH} (?:day )?(?:of )?${MONTH}(?: (?:of )?${YEAR})?`, ([, d = '', month = '', year = '']) =>
    monthDay(month, d, year),
  ),
  rule(
    `${NTH} (?:to|-|and|until|till|through) (?:the )?${NTH} (?:of )?${MONTH}`,
    ([, first = '', last = '', month = '']) => daysBetween(first, last, month),
  ),
  rule(`${MONTH} ${NTH} (?:to|-|until|till|through) ${NTH}`, ([, month = '', first = '', last = '']) =>
    daysBetween(first, last, month),
  ),
  rule(`${MONTH}(?! \\d)`, ([, month = '']) => wholeMonth('', month, ''), MONTHLY),
  rule(`(${LEADS}) ${MONTH}(?! \\d)`, ([, lead = '', month = '']) => wholeMonth(lead, month, '')),
  // After a day that this month does not have, the month alone is not what was meant: "31 april 2027".
  rule(`(?<!\\dth |\\d |\\dth of |\\d of )${MONTH} (?:of )?${YEAR}`, ([, month = '', year = '']) =>
    wholeMonth('', month, year),
  ),
  // "on the third" may be of a list; "on the fifteenth" hardly ever is.
  rule(`([12]\\d|3[01])th${NO_MONTH}`, ([, d = '']) => dayOfMonth(d, ''), DATED),
  rule(`(\\d)th${NO_MONTH}`, ([, d = '']) => dayOfMonth(d, ''), DATED, true),
  rule(`${ORDINAL} (?:day )?of (the|this|next|last|every|each|a) month`, ([, d = '', lead = '']) =>
    dayOfMonth(d, lead),
  ),
  rule(
    `(\\d{1,2}|last)(?:th)? (day|week|${FULL_WEEKDAYS}) (?:of|in) (?:(the|this|next|last) )?` +
      `(month|year|${MONTHS})(?: ${YEAR})?`,
    ([, nth = '', name = '', lead = '', holder = '', year = '']) => nthOf(nth, name, lead, holder, year),
  ),
  rule(YEAR, ([, year = '']) => wholeYear(year), MONTHLY),
  rule(
    `(christmas eve|christmas(?: day)?|boxing day|new years? eve|new years?(?: day))(?: ${YEAR})?`,
    ([, name = '', year = '']) => holiday(name, year),
    FESTIVE,
  ),
  rule(
    `(halloween|valentines?(?: day)|easter(?: sunday| monday)?)(?: ${YEAR})?`,
    ([, name = '', year = '']) => holiday(name, year),
    FESTIVE,
  ),
]

function rolling(cycle: 'monthly' | 'yearly', find: (from: PlainDate) => PlainDate | undefined): Draft {
  const days: FindDays = (from) => {
    const found = find(from)
    return found && oneDay(found)
  }
  return { days, rolls: true, cycle }
}

function yearNumber(year: string): number {
  return Number(year.replace(' ', ''))
}

function monthDay(name: string, number: string, year: string): Draft | undefined {
  const month = monthNumber(name)
  const day = Number(number)
  // A leap year, because 29 February is a date that some years have.
  if (dateIn(2024, month, day) === undefined) return undefined
  if (year === '') return rolling('yearly', (from) => dateFrom(from, month, day))
  const date = dateIn(yearNumber(year), month, day)
  return date && { days: () => oneDay(date), cycle: 'yearly' }
}

function daysBetween(first: string, last: string, name: string): Draft | undefined {
  const month = monthNumber(name)
  const length = Number(last) - Number(first) + 1
  if (length < 2 || dateIn(2024, month, Number(first)) === undefined) return undefined
  if (dateIn(2024, month, Number(last)) === undefined) return undefined
  const days: FindDays = (from) => {
    const start = dateFrom(from, month, Number(first))
    return start && { from: start, to: start.add({ days: length }) }
  }
  return { days, rolls: true }
}

function wholeYear(year: string): Draft | undefined {
  const first = dateIn(yearNumber(year), 1, 1)
  return first && { days: () => periodOf(first, 'year') }
}

function wholeMonth(lead: string, name: string, year: string): Draft {
  const month = monthNumber(name)
  const first = year === '' ? undefined : dateIn(yearNumber(year), month, 1)
  if (first !== undefined) return { days: () => periodOf(first, 'month') }
  const days: FindDays = (_from, today) => {
    const coming = monthFrom(today, month)
    if (movedBy(lead) < 0) return periodOf(coming.from.subtract({ years: 1 }), 'month')
    // Nobody says "next november" in November to mean the one that is running.
    const running = movedBy(lead) > 0 && month === today.month
    return running ? periodOf(coming.from.add({ years: 1 }), 'month') : coming
  }
  return { days }
}

function dayOfMonth(number: string, lead: string): Draft | undefined {
  const day = Number(number)
  if (day < 1 || day > 31) return undefined
  const next = rolling('monthly', (from) => dayOfMonthFrom(from, day))
  if (lead === 'every' || lead === 'each') return { ...next, repeat: 'monthly' }
  if (lead === '' || lead === 'the' || lead === 'a') return next
  const days: FindDays = (_from, today) => {
    const { from } = periodOf(today, 'month', movedBy(lead))
    const date = dateIn(from.year, from.month, day)
    return date && oneDay(date)
  }
  return { days }
}

/** "the third monday of this month", "the last day of march", "the first week of next month". */
function nthOf(nth: string, name: string, lead: string, holder: string, year: string): Draft {
  const count = nth === 'last' ? -1 : Number(nth)
  const pick = (whole: Days): Days | undefined => pickNth(whole, count, name)
  if (holder === 'month' || holder === 'year') {
    const days: FindDays = (from, today) => {
      const first = pick(periodOf(today, holder, movedBy(lead)))
      // Without "this" or "next", a day of this month that has passed is next month's.
      const free = lead === '' || lead === 'the'
      const passed = free && first !== undefined && Temporal.PlainDate.compare(first.from, from) < 0
      return passed ? pick(periodOf(today, holder, 1)) : first
    }
    const rolls = lead === '' || lead === 'the'
    return { days, rolls, cycle: holder === 'month' ? 'monthly' : 'yearly' }
  }
  const month = monthNumber(holder)
  const fixed = year === '' ? undefined : dateIn(yearNumber(year), month, 1)
  const days: FindDays = (from) =>
    pick(fixed === undefined ? monthFrom(from, month) : periodOf(fixed, 'month'))
  return { days, cycle: 'yearly' }
}

function pickNth(whole: Days, count: number, name: string): Days | undefined {
  const { from, to } = whole
  if (name !== 'day' && name !== 'week') {
    const found = nthWeekday(whole, count, weekdayNumber(name))
    return found && oneDay(found)
  }
  const length = name === 'day' ? 1 : 7
  const start = count === -1 ? to.subtract({ days: length }) : from.add({ days: (count - 1) * length })
  const inside = Temporal.PlainDate.compare(start, from) >= 0 && Temporal.PlainDate.compare(start, to) < 0
  return inside ? { from: start, to: start.add({ days: length }) } : undefined
}

function holiday(name: string, year: string): Draft | undefined {
  if (year !== '') {
    const date = holidayIn(name, yearNumber(year))
    return date && { days: () => oneDay(date), cycle: 'yearly' }
  }
  return rolling('yearly', (from) => {
    const now = holidayIn(name, from.year)
    const passed = now === undefined || Temporal.PlainDate.compare(now, from) < 0
    return passed ? holidayIn(name, from.year + 1) : now
  })
}

function holidayIn(name: string, year: number): PlainDate | undefined {
  if (name.startsWith('easter')) return easterIn(year).add({ days: name === 'easter monday' ? 1 : 0 })
  const [month = 1, day = 1] = HOLIDAYS[name.replace(/ day$/u, '')] ?? []
  return dateIn(year, month, day)
}
