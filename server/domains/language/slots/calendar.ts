/** Whole days; `to` is the first day after them. */
export interface Days {
  readonly from: Temporal.PlainDate
  readonly to: Temporal.PlainDate
}

type PlainDate = Temporal.PlainDate

export type Period = 'week' | 'month' | 'year'

/** How far ahead a date that does not exist every year (29 February) is looked for. */
const YEARS_AHEAD_MAX = 8

export function oneDay(day: PlainDate): Days {
  return { from: day, to: day.add({ days: 1 }) }
}

/** The week (Monday first), month or year that holds the day, moved by a number of them. */
export function periodOf(day: PlainDate, period: Period, moved = 0): Days {
  if (period === 'week') {
    const from = day.subtract({ days: day.dayOfWeek - 1 }).add({ weeks: moved })
    return { from, to: from.add({ weeks: 1 }) }
  }
  if (period === 'month') {
    const from = day.with({ day: 1 }).add({ months: moved })
    return { from, to: from.add({ months: 1 }) }
  }
  const from = day.with({ month: 1, day: 1 }).add({ years: moved })
  return { from, to: from.add({ years: 1 }) }
}

/** The first such weekday (Monday is 1) on this day or later. */
export function weekdayFrom(day: PlainDate, weekday: number): PlainDate {
  return day.add({ days: (weekday - day.dayOfWeek + 7) % 7 })
}

/** The weekend of the day's week, which on a Saturday or Sunday has already begun. */
export function weekendOf(day: PlainDate, moved = 0): Days {
  const from = periodOf(day, 'week', moved).from.add({ days: 5 })
  return { from, to: from.add({ days: 2 }) }
}

/** The nth such weekday within the days, the last one for -1; `undefined` when there are not so many. */
export function nthWeekday({ from, to }: Days, nth: number, weekday: number): PlainDate | undefined {
  if (nth === -1) {
    const last = to.subtract({ days: 1 })
    return last.subtract({ days: (last.dayOfWeek - weekday + 7) % 7 })
  }
  const found = weekdayFrom(from, weekday).add({ weeks: nth - 1 })
  return Temporal.PlainDate.compare(found, to) < 0 ? found : undefined
}

/** The month when it comes next, or the one that is running. */
export function monthFrom(day: PlainDate, month: number): Days {
  const years = month < day.month ? 1 : 0
  return periodOf(day.with({ month, day: 1 }).add({ years }), 'month')
}

/** The day and month in a year; `undefined` when that year has no such day. */
export function dateIn(year: number, month: number, day: number): PlainDate | undefined {
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  return day >= 1 && day <= first.daysInMonth ? first.with({ day }) : undefined
}

/** The first such day and month on this day or later. */
export function dateFrom(start: PlainDate, month: number, day: number): PlainDate | undefined {
  for (let ahead = 0; ahead <= YEARS_AHEAD_MAX; ahead += 1) {
    const date = dateIn(start.year + ahead, month, day)
    if (date !== undefined && Temporal.PlainDate.compare(date, start) >= 0) return date
  }
  return undefined
}

/** The first such day of a month on this day or later: "the 31st" skips the short months. */
export function dayOfMonthFrom(start: PlainDate, day: number): PlainDate | undefined {
  for (let ahead = 0; ahead <= 3; ahead += 1) {
    const month = start.with({ day: 1 }).add({ months: ahead })
    const date = dateIn(month.year, month.month, day)
    if (date !== undefined && Temporal.PlainDate.compare(date, start) >= 0) return date
  }
  return undefined
}

/**
 * Easter Sunday of a Gregorian year.
 *
 * @see J.-M. Oudin (1940), in the Explanatory Supplement to the Astronomical Almanac, 1992, p. 581.
 */
export function easterIn(year: number): PlainDate {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const skipped = Math.floor((8 * century + 13) / 25)
  const epact = (19 * golden + century - Math.floor(century / 4) - skipped + 15) % 30
  const leap = Math.floor(epact / 28)
  const rows = Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11)
  const full_moon = epact - leap * (1 - leap * rows)
  const weekday = (year + Math.floor(year / 4) + full_moon + 2 - century + Math.floor(century / 4)) % 7
  const offset = full_moon - weekday
  const march = Temporal.PlainDate.from({ year, month: 3, day: 28 })
  return march.add({ days: offset })
}
