/**
 * The rules of schedules, written a second time and without any skill, for the tests to hold the first against: every
 * minute is asked of the platform what the clock shows, and every minute is compared with what is listed.
 */

export interface Listing {
  cron: string
  dates: (day: Temporal.PlainDate) => boolean
  hours: readonly number[]
  minutes: readonly number[]
}

/** What the clock of a zone showed from minute to minute, in minutes since 1970 as if it were UTC's. */
export interface Walk {
  from: number
  readings: Int32Array
  /** The days that it showed, since 1970: a day that the zone leaves out is not among them. */
  days: ReadonlySet<number>
}

const MINUTE_MS = 60_000
const DAY = 1440
const EPOCH = Temporal.PlainDate.from('1970-01-01')

/** `stride` minutes are taken to be alike: 15 where no clock is changed but at a full quarter of an hour. */
export function walk(zone: string, from: string, until: string, stride: number): Walk {
  const begin = Temporal.Instant.from(from).epochMilliseconds
  const count = (Temporal.Instant.from(until).epochMilliseconds - begin) / MINUTE_MS
  const readings = new Int32Array(count)
  for (let at = 0; at < count; at += stride) {
    const moment = Temporal.Instant.fromEpochMilliseconds(begin + at * MINUTE_MS).toZonedDateTimeISO(zone)
    const reading = (moment.epochMilliseconds + moment.offsetNanoseconds / 1_000_000) / MINUTE_MS
    for (let step = 0; step < stride && at + step < count; step += 1) readings[at + step] = reading + step
  }
  return { from: begin, readings, days: new Set(readings.map((reading) => Math.floor(reading / DAY))) }
}

/** When a listing is due in the time that was walked. */
export function duesOf({ dates, hours, minutes }: Listing, { from, readings, days }: Walk): number[] {
  const on = new Set([...days].filter((day) => dates(EPOCH.add({ days: day }))))
  const times = Array.from(
    { length: DAY },
    (_, at) => hours.includes(Math.floor(at / 60)) && minutes.includes(at % 60),
  )
  const isListed = (reading: number): boolean =>
    times[reading % DAY] === true && on.has(Math.floor(reading / DAY))

  const dues: number[] = []
  let latest = (readings[0] ?? 0) - 1
  for (let index = 0; index < readings.length; index += 1) {
    const reading = readings[index] ?? 0
    let is_due = hours.length === 24 && isListed(reading)
    for (let passed = latest + 1; hours.length < 24 && passed <= reading; passed += 1)
      is_due ||= isListed(passed)
    if (is_due) dues.push(from + index * MINUTE_MS)
    latest = Math.max(latest, reading)
  }
  return dues
}
