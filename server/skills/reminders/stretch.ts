import { ActionError } from '../skill.ts'
import { isDayOnly, readDay, readMoment } from './moment.ts'
import { spokenDay, zoned } from './spoken.ts'

/** Epoch milliseconds, `to` exclusive, and how it is said: "tomorrow", "this week". */
interface Stretch {
  from: number
  to: number
  name: string
}

/** The hour at which an evening begins. */
const EVENING = 18
const [WEEK, SATURDAY] = [7, 6]

/** A day, from the time on if one was said, or what is until another day or time. @throws ActionError when that is none. */
export function stretch(
  { day, until }: { day: string; until?: string | undefined },
  now: number,
  time_zone: string,
): Stretch {
  const { day: date, time } = readDay(day, time_zone)
  const start = date.toZonedDateTime(time_zone)
  if (until !== undefined && !isDayOnly(until)) {
    const [from, to] = [
      time === undefined ? start.epochMilliseconds : readMoment(day, time_zone),
      readMoment(until, time_zone),
    ]
    if (from >= to) throw new ActionError('That is no stretch of time.')
    return {
      from,
      to,
      name: partOf(spokenDay(date, now, time_zone), time, zoned(to, time_zone).toPlainTime()),
    }
  }
  if (until !== undefined) {
    const end = readDay(until, time_zone).day
    if (Temporal.PlainDate.compare(date, end) >= 0) throw new ActionError('That is no stretch of days.')
    const to = end.toZonedDateTime(time_zone).epochMilliseconds
    // Of a week that goes on, what is left is meant; of one that is over all of it.
    const from = now < to ? Math.max(start.epochMilliseconds, now) : start.epochMilliseconds
    return { from, to, name: nameOf(date, end, now, time_zone) }
  }
  const said = spokenDay(date, now, time_zone)
  const to = start.add({ days: 1 }).epochMilliseconds
  if (time === undefined) return { from: start.epochMilliseconds, to, name: said }
  // "Tonight" is read as eight o'clock, and means the whole evening.
  if (time.hour >= EVENING) {
    const name = said === 'today' ? 'tonight' : `${said} evening`
    return { from: start.withPlainTime({ hour: EVENING }).epochMilliseconds, to, name }
  }
  const name = `${said} from ${time.toString({ smallestUnit: 'minute' })} on`
  return { from: readMoment(day, time_zone), to, name }
}

/** "on Sunday morning", "tomorrow before 10:00", "today from 09:00 to 11:00" */
function partOf(day: string, from: Temporal.PlainTime | undefined, to: Temporal.PlainTime): string {
  const [begins, ends] = [from, to].map((time) => time?.toString({ smallestUnit: 'minute' }))
  if (begins === undefined) return ends === '12:00' ? `${day} before noon` : `${day} before ${ends}`
  return begins === '12:00' && ends === '18:00'
    ? `${day} in the afternoon`
    : `${day} from ${begins} to ${ends}`
}

function nameOf(from: Temporal.PlainDate, to: Temporal.PlainDate, now: number, time_zone: string): string {
  const today = zoned(now, time_zone).toPlainDate()
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const [ahead, days] = [monday.until(from).days, from.until(to).days]
  const which = ['this', 'next'][Math.floor(ahead / WEEK)]
  if (which !== undefined && from.dayOfWeek === 1 && days === WEEK) return `${which} week`
  if (which !== undefined && from.dayOfWeek === SATURDAY && days === 2) return `${which} weekend`
  if (days === 1) return spokenDay(from, now, time_zone)
  const [first, last] = [from, to.subtract({ days: 1 })].map((day) => spokenDay(day, now, time_zone))
  return `from ${first?.replace(/^on /, '')} to ${last?.replace(/^on /, '')}`
}
