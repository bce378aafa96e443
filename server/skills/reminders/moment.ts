import { ActionError } from '../skill.ts'
import { zoned } from './spoken.ts'

/** When a reminder for a whole day rings. */
const MORNING = Temporal.PlainTime.from('09:00')
const OFFSET = /(z|[+-]\d\d(:?\d\d)?)(\[[^\]]*\])?$/i
const DAY_ONLY = /^\d{4}-\d\d-\d\d$/

/**
 * Reads a time: ISO-8601 with an offset, a local time of the user's zone, or a day, which means its morning.
 *
 * @returns epoch milliseconds.
 * @throws ActionError when the text is not a time.
 */
export function readMoment(text: string, time_zone: string): number {
  const said = text.trim()
  try {
    if (DAY_ONLY.test(said)) return dayAt(said, MORNING, time_zone)
    if (said.includes('[')) return Temporal.ZonedDateTime.from(said).epochMilliseconds
    if (OFFSET.test(said.slice(10))) return Temporal.Instant.from(said).epochMilliseconds
    return Temporal.PlainDateTime.from(said).toZonedDateTime(time_zone).epochMilliseconds
  } catch (cause) {
    throw new ActionError(`"${text}" is not a time that I understand.`, { cause })
  }
}

/** Whether the text names a day and no time of day. */
export function isDayOnly(text: string): boolean {
  return DAY_ONLY.test(text.trim())
}

/**
 * A day and the time of day, if one was given, on the user's clock. Midnight is none: nobody looks for time at midnight,
 * but many write a day as the moment at which it begins.
 */
export function readDay(
  text: string,
  time_zone: string,
): { day: Temporal.PlainDate; time?: Temporal.PlainTime } {
  const local = zoned(readMoment(text, time_zone), time_zone)
  const time = local.toPlainTime()
  const is_day = isDayOnly(text) || time.equals(new Temporal.PlainTime())
  return is_day ? { day: local.toPlainDate() } : { day: local.toPlainDate(), time }
}

function dayAt(day: string, plainTime: Temporal.PlainTime, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime }).epochMilliseconds
}
