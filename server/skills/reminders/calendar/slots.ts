import { ActionError } from '../../skill.ts'
import { readDay } from '../moment.ts'
import { zoned } from '../spoken.ts'

/** A stretch of time, epoch milliseconds. */
interface Span {
  start: number
  end: number
}

const WORK_BEGINS = Temporal.PlainTime.from('09:00')
const WORK_ENDS = Temporal.PlainTime.from('18:00')
/** Days that are looked through when the end is not said, and at the most. */
const DAYS_AHEAD = 6
const DAYS_MAX = 92

/**
 * The hours to look through, one stretch a day: working hours, except that the first day begins and the last day ends
 * at the time of day that was given. Nothing before now.
 *
 * @throws ActionError when the end is before the beginning, or more than 92 days after it, or past.
 */
export function workingHours(said: { from?: string; to?: string }, now: number, time_zone: string): Span[] {
  const today = zoned(now, time_zone).toPlainDate()
  const from = said.from === undefined ? { day: today } : readDay(said.from, time_zone)
  const to = said.to === undefined ? { day: lastDay(said.from, from.day) } : readDay(said.to, time_zone)
  const days = from.day.until(to.day).days
  if (days < 0 || days > DAYS_MAX)
    throw new ActionError(`I can look at 1 to ${DAYS_MAX} days from their beginning on.`)
  const at = (day: Temporal.PlainDate, plainTime: Temporal.PlainTime) =>
    day.toZonedDateTime({ timeZone: time_zone, plainTime }).epochMilliseconds
  const begin = from.time ?? WORK_BEGINS
  const end = to.time ?? (from.time !== undefined && days === 0 ? later(from.time) : WORK_ENDS)
  const spans = Array.from({ length: days + 1 }, (_, index) => {
    const day = from.day.add({ days: index })
    const start = at(day, index === 0 ? begin : WORK_BEGINS)
    return { start: Math.max(start, wholeMinute(now)), end: at(day, index === days ? end : WORK_ENDS) }
  })
  const open = spans.filter(({ start, end: close }) => close > start)
  if (open.length === 0) throw new ActionError('There is no time left between these.')
  return open
}

/** Without an end, one day that was named is looked through, or else a week. */
function lastDay(from: string | undefined, day: Temporal.PlainDate): Temporal.PlainDate {
  return from === undefined ? day.add({ days: DAYS_AHEAD }) : day
}

/** The end of a day that was begun after working hours. */
function later(time: Temporal.PlainTime): Temporal.PlainTime {
  return Temporal.PlainTime.compare(time, WORK_ENDS) < 0 ? WORK_ENDS : Temporal.PlainTime.from('23:59')
}

function wholeMinute(at: number): number {
  return Math.ceil(at / 60_000) * 60_000
}

/** What remains of the open stretches without the busy ones, where it is long enough. */
export function freeSpans(open: readonly Span[], busy: readonly Span[], minutes: number): Span[] {
  const sorted = busy.toSorted((a, b) => a.start - b.start)
  return open.flatMap(({ start, end }) => {
    const free: Span[] = []
    let from = start
    for (const taken of sorted) {
      if (taken.end <= from || taken.start >= end || taken.end === taken.start) continue
      free.push({ start: from, end: taken.start })
      from = Math.max(from, taken.end)
    }
    free.push({ start: from, end })
    return free.filter((span) => span.end - span.start >= minutes * 60_000)
  })
}
