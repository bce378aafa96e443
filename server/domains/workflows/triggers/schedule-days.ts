import type { CronPattern } from 'croner'

/** The days that a cron expression lists. */
export interface Days {
  /** 1 for each month that is listed, January first. */
  readonly months: readonly number[]
  /** 1 for each day of the month that is listed, the first at 0. */
  readonly dates: readonly number[]
  /** Days of the month whose nearest day from Monday to Friday is listed (`15W`). */
  readonly near: readonly number[]
  readonly last_date: boolean
  /** The last day of the month from Monday to Friday (`LW`). */
  readonly last_workday: boolean
  /** For each day of the week, Sunday first: bits 0 to 4 for the first to the fifth of the month, bit 5 for the last. */
  readonly weekdays: readonly number[]
  /** Whether the day has to be right in the month and in the week, or in one of them. */
  readonly both: boolean
}

/** A page of the calendar: how many days the month has, and which day of the week, Sunday is 0, is its first. */
export interface Page {
  length: number
  weekday: number
}

const LAST = 1 << 5

export function readDays(pattern: CronPattern): Days {
  const [date = '', , weekday = ''] = pattern.pattern.trim().split(/\s+/).slice(-3)
  return {
    months: pattern.month,
    dates: pattern.day,
    near: [...pattern.nearestWeekdays.keys()]
      .filter((at) => pattern.nearestWeekdays[at] === 1)
      .map((at) => at + 1),
    last_date: pattern.lastDayOfMonth,
    last_workday: pattern.lastWeekday,
    weekdays: pattern.dayOfWeek,
    // As in Vixie cron a field that begins with a star restricts nothing by itself, not even with a step. The library
    // looks for a star alone, so that "*/2 * MON" would mean every other day and every Monday besides.
    both: pattern.useAndLogic || /^[*?]/.test(date) || /^[*?]/.test(weekday),
  }
}

export function isListed(days: Days, page: Page, date: number): boolean {
  const in_month = isListedInMonth(days, page, date)
  const weekday = (page.weekday + date - 1) % 7
  const bits = days.weekdays[weekday] ?? 0
  const nth = 1 << Math.floor((date - 1) / 7)
  const in_week = (bits & nth) !== 0 || ((bits & LAST) !== 0 && date + 7 > page.length)
  return days.both ? in_month && in_week : in_month || in_week
}

function isListedInMonth(days: Days, page: Page, date: number): boolean {
  if (days.dates[date - 1] === 1) return true
  if (days.last_date && date === page.length) return true
  if (days.last_workday && date === nearestWorkday(page, page.length)) return true
  return days.near.some((near) => near <= page.length && date === nearestWorkday(page, near))
}

/** The nearest day from Monday to Friday, within the month. */
function nearestWorkday({ weekday, length }: Page, date: number): number {
  const day = (weekday + date - 1) % 7
  if (day === 6) return date === 1 ? 3 : date - 1
  if (day === 0) return date === length ? date - 2 : date + 1
  return date
}
