/** Words that say which day. */
const DAY =
  /\b(?:today|tonight|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next|this|week|weekend|month|year|day|january|february|march|april|may|june|july|august|september|october|november|december|christmas|easter|in|\d+(?:st|nd|rd|th))\b|\d{4}-\d\d-\d\d|\d[./]\d/iu
/** Words that say which half of the day. */
const HALF =
  /(?:\b(?:am|pm|a\.m|p\.m|morning|noon|midday|afternoon|evening|night|tonight|midnight|o'clock sharp)\b|\d\s*(?:am|pm)\b|\b(?:1[3-9]|2[0-3])[:.]\d\d\b|\b0\d[:.]\d\d\b)/iu

/**
 * A moment that takes the place of another one. A clock time alone keeps the day, and in the half of the day that was
 * meant before unless it says which; a day alone keeps the clock time. Both are ISO 8601, of a day alone only its date.
 *
 * @param now - epoch milliseconds.
 */
export function inPlaceOf(
  before: unknown,
  after: string,
  said: string,
  { now, time_zone }: { now: number; time_zone: string },
): string {
  if (typeof before !== 'string' || !/^\d{4}-\d\d-\d\d/u.test(before)) return after
  const [hadTime, hasTime] = [before.length > 10, after.length > 10]
  if (!hasTime) return hadTime ? at(after, timeOf(before, time_zone), time_zone) : after
  if (DAY.test(said) || !hadTime) return after
  const time = timeOf(after, time_zone)
  const was = timeOf(before, time_zone)
  const isLate = was.hour >= 12
  const flips = !HALF.test(said) && isLate !== time.hour >= 12 && time.hour % 12 !== 0
  const moved = at(dateOf(before, time_zone), flips ? time.add({ hours: 12 }) : time, time_zone)
  return Temporal.Instant.from(moved).epochMilliseconds > now ? moved : after
}

function zoned(moment: string, time_zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(moment).toZonedDateTimeISO(time_zone)
}

function timeOf(moment: string, time_zone: string): Temporal.PlainTime {
  return zoned(moment, time_zone).toPlainTime()
}

function dateOf(moment: string, time_zone: string): string {
  return zoned(moment, time_zone).toPlainDate().toString()
}

function at(date: string, plainTime: Temporal.PlainTime, timeZone: string): string {
  const moment = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime })
  return moment.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

const UNIT = /\b(seconds?|minutes?|hours?|days?|weeks?)\b/iu

/** "six" after "a timer for five minutes" is six of the same. */
export function withUnit(rest: string, before: string): string {
  const unit = UNIT.exec(before)?.[1]
  return unit === undefined || UNIT.test(rest) ? rest : `${rest} ${unit}`
}
