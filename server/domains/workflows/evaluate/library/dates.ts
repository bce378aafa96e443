import { toInteger, toNumber, toText } from '../coerce.ts'
import { Stop } from '../place.ts'
import { kindOf } from '../value.ts'
import type { Value } from '../value.ts'
import { formatDate } from './format-date.ts'
import type { Call, Helper } from './call.ts'

/** Longer texts are no dates. */
const DATE_LENGTH_MAX = 64
const PATTERN_LENGTH_MAX = 200
const DAY = /^\d{4}-\d\d-\d\d$/
const WITH_OFFSET = /(?:Z|[+-]\d\d:?\d\d)$/i

/** Dates go in and out as ISO-8601 texts, and come out in UTC with milliseconds, so that they can be compared as texts. */
export const DATE_FUNCTIONS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  ['Date.now', ({ now }) => now],
  ['Date.parse', parse],
  ['addDays', calendar((days) => ({ days }))],
  ['addHours', exact((hours) => hours * 3_600_000)],
  ['addMinutes', exact((minutes) => minutes * 60_000)],
  ['addMonths', calendar((months) => ({ months }))],
  ['addWeeks', calendar((weeks) => ({ weeks }))],
  ['addYears', calendar((years) => ({ years }))],
  ['date', dated((call) => isoOf(localOf(call, 1).toInstant()))],
  ['dayOfWeek', dated((call) => localOf(call, 1).dayOfWeek)],
  ['daysBetween', dated(daysBetween)],
  ['formatDate', dated(format)],
  ['hoursBetween', between(3_600_000)],
  ['minutesBetween', between(60_000)],
  ['startOfDay', dated((call) => isoOf(localOf(call, 1).startOfDay().toInstant()))],
])

/** What the platform says about a date is about its own names; the caller is told which value was no date. */
function dated(work: (call: Call) => Value): Helper {
  return (call) => {
    try {
      return work(call)
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError)
        throw new Stop('This is not a date and time zone that exist.', { cause: error })
      throw error
    }
  }
}

/** The present as expressions see it. */
export function isoOf(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 })
}

function instantOf(value: Value, zone: string): Temporal.Instant {
  if (typeof value === 'number' && Number.isFinite(value))
    return Temporal.Instant.fromEpochMilliseconds(Math.trunc(value))
  if (typeof value !== 'string' || value.length > DATE_LENGTH_MAX)
    throw new Stop(
      `A date is a text such as 2026-11-22T10:00:00Z or milliseconds since 1970; this is ${kindOf(value)}.`,
    )
  const text = value.trim()
  if (DAY.test(text)) return Temporal.PlainDate.from(text).toZonedDateTime(zone).toInstant()
  if (WITH_OFFSET.test(text)) return Temporal.Instant.from(text)
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant()
}

function zoneOf({ values, time_zone }: Call, at: number): string {
  const zone = values[at]
  if (zone === undefined) return time_zone
  if (typeof zone !== 'string')
    throw new Stop(`A time zone is a text such as Europe/Berlin; this is ${kindOf(zone)}.`)
  return zone
}

function localOf(call: Call, zone_at: number): Temporal.ZonedDateTime {
  const zone = zoneOf(call, zone_at)
  return instantOf(call.values[0], zone).toZonedDateTimeISO(zone)
}

function exact(milliseconds: (count: number) => number): Helper {
  return dated((call) => {
    const count = Math.round(milliseconds(toNumber(call.values[1], call.budget)))
    return isoOf(instantOf(call.values[0], call.time_zone).add({ milliseconds: count }))
  })
}

/** By the calendar of the time zone: a day later is the same time of day, also when the clocks change. */
function calendar(duration: (count: number) => Temporal.DurationLike): Helper {
  return dated((call) =>
    isoOf(
      localOf(call, 2)
        .add(duration(toInteger(call.values[1], call.budget)))
        .toInstant(),
    ),
  )
}

function between(unit_ms: number): Helper {
  return dated(({ values, time_zone }) => {
    const from = instantOf(values[0], time_zone).epochMilliseconds
    return (instantOf(values[1], time_zone).epochMilliseconds - from) / unit_ms
  })
}

/** Midnights between the two, by the calendar of the time zone. */
function daysBetween(call: Call): number {
  const zone = zoneOf(call, 2)
  const [from, to] = [call.values[0], call.values[1]].map((value) =>
    instantOf(value, zone).toZonedDateTimeISO(zone).toPlainDate(),
  )
  return from === undefined || to === undefined ? 0 : from.until(to, { largestUnit: 'days' }).days
}

function format(call: Call): string {
  const { values, budget } = call
  const pattern = toText(values[1] ?? 'YYYY-MM-DD', budget)
  if (pattern.length > PATTERN_LENGTH_MAX)
    throw new Stop(`A pattern for dates has at most ${PATTERN_LENGTH_MAX} characters.`)
  const text = formatDate(localOf(call, 2), pattern)
  budget.text(text.length)
  return text
}

/** Milliseconds, as JavaScript reads ISO texts: a day alone is its midnight in UTC. Other texts are not dates (NaN). */
function parse(call: Call): number {
  const value = call.values[0]
  if (typeof value !== 'string') return Number.NaN
  try {
    return instantOf(value, DAY.test(value) ? 'UTC' : call.time_zone).epochMilliseconds
  } catch {
    return Number.NaN
  }
}
