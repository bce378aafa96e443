/** Days are counted from 1 January 1970 and weekdays from 0 (Sunday), so that a rule is worked out with whole numbers. */
export interface DayRule {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  interval: number
  months: readonly number[]
  month_days: readonly number[]
  year_days: readonly number[]
  weeks: readonly number[]
  /** Weekdays, and which one of the month or the year; 0 is every one. */
  week_days: readonly { day: number; nth: number }[]
  /** Weekday with which a week begins. */
  week_start: number
}

export interface YearMonthDay {
  year: number
  month: number
  day: number
}

const DAY_MS = 86_400_000
/** 1 January 1970 was a Thursday. */
const THURSDAY = 4

export function dayNumber({ year, month, day }: YearMonthDay): number {
  return Date.UTC(year, month - 1, day) / DAY_MS
}

export function weekDayOf(day: number): number {
  return (((day + THURSDAY) % 7) + 7) % 7
}

export function dateOf(day: number): YearMonthDay {
  const date = new Date(day * DAY_MS)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Stretches of days that belong to one period, whose first one holds the start: a day, a week, a month or a year. */
export function period(
  rule: DayRule,
  start: YearMonthDay,
  index: number,
): { from: number; length: number }[] {
  const passed = index * rule.interval
  if (rule.freq === 'DAILY') return [{ from: dayNumber(start) + passed, length: 1 }]
  if (rule.freq === 'WEEKLY') return [{ from: weekOf(rule, start) + 7 * passed, length: 7 }]
  if (rule.freq === 'MONTHLY') {
    const month = start.year * 12 + start.month - 1 + passed
    return [monthOf(Math.floor(month / 12), (month % 12) + 1)]
  }
  const year = start.year + passed
  const months = rule.months.length > 0 ? rule.months : ALL_MONTHS
  return months.map((month) => monthOf(year, month))
}
const ALL_MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

/** Number of the last period that begins no later than a date. */
export function periodsUntil(rule: DayRule, start: YearMonthDay, date: YearMonthDay): number {
  const days = dayNumber(date)
  const passed = {
    DAILY: days - dayNumber(start),
    WEEKLY: (days - weekOf(rule, start)) / 7,
    MONTHLY: (date.year - start.year) * 12 + date.month - start.month,
    YEARLY: date.year - start.year,
  }[rule.freq]
  return Math.max(0, Math.floor(passed / rule.interval))
}

function weekOf({ week_start }: DayRule, start: YearMonthDay): number {
  const day = dayNumber(start)
  return day - ((weekDayOf(day) - week_start + 7) % 7)
}

function monthOf(year: number, month: number): { from: number; length: number } {
  const from = Date.UTC(year, month - 1, 1) / DAY_MS
  return { from, length: Date.UTC(year, month, 1) / DAY_MS - from }
}

/** Whether a rule means a day of one of its periods. */
export function isMeant(rule: DayRule, number: number): boolean {
  const { year, month, day } = dateOf(number)
  const in_month = monthOf(year, month).length
  const [index, in_year] = [number - dayNumber({ year, month: 1, day: 1 }), yearLength(year)]
  return (
    isOne(rule.months, [month]) &&
    isOne(rule.month_days, [day, day - in_month - 1]) &&
    isOne(rule.year_days, [index + 1, index - in_year]) &&
    (rule.weeks.length === 0 || isOne(rule.weeks, weekNumbers(rule, number))) &&
    (rule.week_days.length === 0 ||
      isWeekDay(rule, number, isOfYear(rule) ? [index + 1, in_year] : [day, in_month]))
  )
}

function isOfYear({ freq, months }: DayRule): boolean {
  return freq === 'YEARLY' && months.length === 0
}

function isOne(list: readonly number[], values: readonly number[]): boolean {
  return list.length === 0 || values.some((value) => list.includes(value))
}

/** @param place - which day of how many it is. */
function isWeekDay(rule: DayRule, number: number, [place, length]: readonly [number, number]): boolean {
  const counted = (rule.freq === 'MONTHLY' || rule.freq === 'YEARLY') && rule.weeks.length === 0
  const nths = [0, Math.ceil(place / 7), -Math.ceil((length - place + 1) / 7)]
  return rule.week_days.some(({ day, nth }) => day === weekDayOf(number) && (!counted || nths.includes(nth)))
}

/** Number of the week that a day is in, from the beginning and from the end of the year that the week belongs to. */
function weekNumbers({ week_start }: DayRule, number: number): number[] {
  const begin = number - ((weekDayOf(number) - week_start + 7) % 7)
  // A week belongs to the year that has most of its days, which is that of its fourth.
  const owner = dateOf(begin + 3).year
  const first = dayNumber({ year: owner, month: 1, day: 1 })
  const week = Math.floor((begin + 3 - first) / 7)
  const weeks = week + 1 + Math.floor((yearLength(owner) - 1 - (begin + 3 - first)) / 7)
  return [week + 1, week - weeks]
}

function yearLength(year: number): number {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 366 : 365
}
