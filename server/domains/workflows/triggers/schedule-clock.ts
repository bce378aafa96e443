import type { Timetable } from './schedule-cron.ts'

/** A time during which the clock of a zone is not changed; `until` belongs to the next. `offset` in milliseconds. */
interface Stretch {
  readonly from: number
  readonly until: number
  readonly offset: number
}

const DAY_MS = 86_400_000
/** No zone is further from UTC than a day, and none has changed its clock twice in this time since 1970. */
const NEAR_MS = 2 * DAY_MS
const ZONES_KEPT_MAX = 100
/** Eight years of a clock that changes twice a year. */
const STRETCHES_KEPT_MAX = 16

const kept = new Map<string, Stretch[]>()

/**
 * When a timetable is due in a zone for the first time after an instant.
 *
 * A timetable of every hour follows the time that passes: it is due whenever the clock shows a listed reading, also when
 * it shows it again. Any other names times of the day, each due once, when the clock first shows it or passes it over.
 */
export function dueAfter(timetable: Timetable, zone: string, after: number): number | undefined {
  return timetable.every_hour ? shownAfter(timetable, zone, after) : reachedAfter(timetable, zone, after)
}

/** Takes one turn for each change of the clock until then, which is at most 40 years ahead. */
function shownAfter(timetable: Timetable, zone: string, after: number): number | undefined {
  let from = after
  for (;;) {
    const { until, offset } = stretchAt(zone, from + 1)
    const reading = timetable.next(from + offset)
    if (reading === undefined) return undefined
    if (reading - offset < until) return reading - offset
    from = until - 1
  }
}

/** Takes one turn, and one more for each listed day that the zone leaves out: none has left out two in a row. */
function reachedAfter(timetable: Timetable, zone: string, after: number): number | undefined {
  let reading = timetable.next(latestReading(zone, after))
  while (reading !== undefined) {
    const due = reached(zone, reading)
    const day = reading - modulo(reading, DAY_MS)
    if (dayOf(zone, due) === day || reached(zone, day) < reached(zone, day + DAY_MS)) return due
    reading = timetable.next(day + DAY_MS - 1)
  }
  return undefined
}

/** The first instant at which the clock of a zone shows a reading or a later one. */
export function reached(zone: string, reading: number): number {
  let stretch = stretchAt(zone, reading - NEAR_MS)
  while (reading - stretch.offset >= stretch.until) stretch = stretchAt(zone, stretch.until)
  return Math.max(reading - stretch.offset, stretch.from)
}

/** The latest reading that the clock of a zone has shown up to an instant: later than its own in an hour that comes twice. */
function latestReading(zone: string, at: number): number {
  const { from, offset } = stretchAt(zone, at)
  if (at - from > NEAR_MS) return at + offset
  return Math.max(at + offset, from - 1 + stretchAt(zone, from - 1).offset)
}

function dayOf(zone: string, at: number): number {
  const reading = at + stretchAt(zone, at).offset
  return reading - modulo(reading, DAY_MS)
}

/** Asking the platform costs more than everything else here together, so what it said is kept. */
function stretchAt(zone: string, at: number): Stretch {
  const known = kept.get(zone) ?? []
  const found = known.find(({ from, until }) => from <= at && at < until)
  if (found !== undefined) return found
  const stretch = askStretch(zone, at)
  const [oldest] = kept.keys()
  if (oldest !== undefined && kept.size >= ZONES_KEPT_MAX && !kept.has(zone)) kept.delete(oldest)
  kept.set(zone, [stretch, ...known.slice(0, STRETCHES_KEPT_MAX - 1)])
  return stretch
}

function askStretch(zone: string, at: number): Stretch {
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  const begin = moment.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  const end = moment.getTimeZoneTransition('next')
  return {
    from: begin?.epochMilliseconds ?? -Infinity,
    until: end?.epochMilliseconds ?? Infinity,
    offset: moment.offsetNanoseconds / 1_000_000,
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
