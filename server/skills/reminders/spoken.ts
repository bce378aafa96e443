import { sayList } from '../say.ts'
import type { Rule } from './repeat.ts'

/** The wall clock of a zone at an instant (epoch milliseconds). */
export function zoned(at: number, time_zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time_zone)
}

/** ISO-8601 with the zone's offset at that instant. */
export function iso(at: number, time_zone: string): string {
  return zoned(at, time_zone).toString({ timeZoneName: 'never' })
}

/** "10:31". */
export function spokenClock(at: number, time_zone: string): string {
  return zoned(at, time_zone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/** "today", "tomorrow", "on Friday" within six days, "on 3 March", or "on 3 March 2028" in another year. */
export function spokenDay(day: Temporal.PlainDate, now: number, time_zone: string): string {
  const today = zoned(now, time_zone).toPlainDate()
  const ahead = today.until(day).days
  if (ahead === 0) return 'today'
  if (ahead === 1) return 'tomorrow'
  if (ahead === -1) return 'yesterday'
  if (ahead > 1 && ahead < 7) return `on ${weekday.format(day)}`
  return `on ${spokenDate(day, day.year === today.year)}`
}

/** "at 10:31" today, else the day and the time: "tomorrow at 10:31", "on Friday at 09:00". */
export function spokenTime(at: number, now: number, time_zone: string): string {
  const day = spokenDay(zoned(at, time_zone).toPlainDate(), now, time_zone)
  const clock = `at ${spokenClock(at, time_zone)}`
  return day === 'today' ? clock : `${day} ${clock}`
}

/** "from 09:00 to 11:00", with the day before it unless it is today. */
export function spokenSpan(span: { start: number; end: number }, now: number, time_zone: string): string {
  const day = spokenDay(zoned(span.start, time_zone).toPlainDate(), now, time_zone)
  const clocks = `from ${spokenClock(span.start, time_zone)} to ${spokenClock(span.end, time_zone)}`
  return `${day} ${clocks}`
}

/** "every day", "every Monday and Thursday", "every month on the 31st", "every year on 3 March", "every 2 weeks". */
export function spokenRepeat(rule: Rule, first: Temporal.PlainDateTime): string {
  const day = first.toPlainDate()
  if ('weekdays' in rule) return `every ${spokenWeekdays(rule.weekdays)}`
  if (rule.every > 1) return `every ${rule.every} ${rule.unit}`
  if (rule.unit === 'weeks') return `every ${weekday.format(day)}`
  if (rule.unit === 'months') return `every month on the ${ordinal(day.day)}`
  if (rule.unit === 'years') return `every year on ${spokenDate(day, true)}`
  return `every ${rule.unit.slice(0, -1)}`
}

function spokenWeekdays(numbers: readonly number[]): string {
  if (numbers.join() === '1,2,3,4,5') return 'weekday'
  // The fifth of January 2026 is a Monday.
  return sayList(numbers.map((number) => weekday.format(new Temporal.PlainDate(2026, 1, 4 + number))))
}

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' })
const dayAndMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' })
const fullDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })

function spokenDate(day: Temporal.PlainDate, same_year: boolean): string {
  return (same_year ? dayAndMonth : fullDate).format(day)
}

/** "Thursday, 26 November 2026", or without its year. */
export function spokenFullDate(day: Temporal.PlainDate, with_year = true): string {
  return `${weekday.format(day)}, ${spokenDate(day, !with_year)}`
}

const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }
const ordinals = new Intl.PluralRules('en-GB', { type: 'ordinal' })

function ordinal(number: number): string {
  return `${number}${ENDINGS[ordinals.select(number)] ?? 'th'}`
}
