import { isDayOnly, readMoment } from '../reminders/moment.ts'
import { zoned } from '../reminders/spoken.ts'
import { ActionError } from '../skill.ts'

type Moment = Temporal.ZonedDateTime

/**
 * The stretch of time that was said, epoch milliseconds. A day counts from its beginning and to its end. What began lies
 * behind: "since Monday" is understood as the next one, and means the last.
 *
 * @throws ActionError when one is no time, or the end is not after the beginning.
 */
export function stretch(
  { since, until }: { since: string | undefined; until: string | undefined },
  now: number,
  time_zone: string,
): { from?: number; to?: number } {
  const present = zoned(now, time_zone)
  const begin = since === undefined ? undefined : beginOf(since, time_zone)
  const end = until === undefined ? undefined : endOf(until, time_zone)
  const back = begin === undefined ? NONE : wayBack(begin, present)
  const from = begin?.subtract(back).epochMilliseconds
  const to = end !== undefined && isAfter(end, present) ? end.subtract(back) : end
  if (from !== undefined && to !== undefined && from >= to.epochMilliseconds)
    throw new ActionError('The end of that time is not after its beginning.')
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to: to.epochMilliseconds }),
  }
}

const NONE = { days: 0 }

/** How far back the last such time before now lies: a time of day was yesterday, a weekday last week, a date last year. */
function wayBack(begin: Moment, now: Moment): Temporal.DurationLike {
  if (!isAfter(begin, now)) return NONE
  if (!isAfter(begin, now.add({ days: 1 }))) return { days: 1 }
  return isAfter(begin, now.add({ days: 7 })) ? { years: 1 } : { days: 7 }
}

function beginOf(text: string, time_zone: string): Moment {
  const moment = zoned(readMoment(text, time_zone), time_zone)
  return isDayOnly(text) ? moment.startOfDay() : moment
}

function endOf(text: string, time_zone: string): Moment {
  const moment = zoned(readMoment(text, time_zone), time_zone)
  return isDayOnly(text) ? moment.startOfDay().add({ days: 1 }) : moment
}

function isAfter(one: Moment, other: Moment): boolean {
  return Temporal.ZonedDateTime.compare(one, other) > 0
}
