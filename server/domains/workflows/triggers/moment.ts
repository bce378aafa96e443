import { reached } from './schedule-clock.ts'

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?<offset>Z|[+-]\d\d(?::?\d\d)?)?$/i
/** Later times have years of five digits, which are written differently everywhere. */
export const LATEST = Date.UTC(9999, 0, 1)

export function isTimeZone(name: string): boolean {
  // The platform takes offsets such as +01:00 for zones; they would be wrong for half of the year.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}

/**
 * Epoch milliseconds of an ISO time; without an offset it is a time of the zone. A local time that does not exist is over
 * when the clock passes it; of one that comes twice the first is meant.
 */
export function parseMoment(text: string, zone: string): number | undefined {
  const match = TIME.exec(text)
  if (match === null) return undefined
  try {
    const moment =
      match.groups?.['offset'] === undefined
        ? reached(zone, Temporal.PlainDateTime.from(text).toZonedDateTime('UTC').epochMilliseconds)
        : Temporal.Instant.from(text).epochMilliseconds
    return moment < LATEST ? moment : undefined
  } catch {
    return undefined
  }
}
