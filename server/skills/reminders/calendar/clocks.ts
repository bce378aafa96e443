import ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'

/** Turns wall-clock times of one zone into instants (epoch milliseconds) and back. */
export interface Clock {
  toInstant(wall: Temporal.PlainDateTime): number
  toWall(at: number): Temporal.PlainDateTime
}

/** Finds the clock of a zone that a calendar file names. */
export type Clocks = (tzid: string | undefined, calendar: ICAL.Component) => Clock

/** Zones that files may define, and onsets of each: enough for a century of changes that follow no rule. */
const DEFINED_MAX = 10
const ONSETS_MAX = 200
/** Definitions often begin in 1601, and the library counts every change since then. */
const FIRST_YEAR = 1970

/**
 * Opens the clocks for one reading. Zones with a well-known name follow the zone database, since definitions inside
 * files are often cut short; any other follows the definition in its file; times without a zone are the user's.
 */
export function openClocks(time_zone: string): Clocks {
  const defined = new Map<string, Clock>()
  const known = new Map<string, Clock | undefined>()
  const local = databaseClock(time_zone)
  return (tzid, calendar) => {
    if (tzid === undefined) return local
    const clock = known.getOrInsertComputed(tzid, () => {
      const name = databaseName(tzid)
      return name === undefined ? undefined : databaseClock(name)
    })
    return clock ?? definedIn(tzid, calendar, defined)
  }
}

function definedIn(tzid: string, calendar: ICAL.Component, defined: Map<string, Clock>): Clock {
  const definition = calendar
    .getAllSubcomponents('vtimezone')
    .find((zone) => zone.getFirstPropertyValue('tzid') === tzid)
  if (definition === undefined) throw new ActionError(`The calendar uses the unknown time zone "${tzid}".`)
  // The same definition comes with every event of a file, and working it out is costly.
  const text = definition.toString()
  if (!defined.has(text) && defined.size >= DEFINED_MAX) {
    throw new ActionError('The calendar defines too many time zones of its own.')
  }
  return defined.getOrInsertComputed(text, () => definedClock(tzid, definition))
}

/** The name under which the zone database knows a zone: files may put a path before it. */
export function databaseName(tzid: string): string | undefined {
  for (const name of [tzid, tzid.split('/').slice(-2).join('/')]) {
    try {
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
    } catch {
      // Not a name of the database; the next spelling, or the file's own definition, may be.
    }
  }
  return undefined
}

function databaseClock(name: string): Clock {
  return {
    toInstant: (wall) => wall.toZonedDateTime(name).epochMilliseconds,
    toWall: (at) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).toPlainDateTime(),
  }
}

function definedClock(tzid: string, definition: ICAL.Component): Clock {
  refuseUnbounded(tzid, definition)
  const zone = new ICAL.Timezone({ component: shortened(definition), tzid })
  const utc = databaseClock('UTC')
  const offset = (wall: Temporal.PlainDateTime) => zone.utcOffset(floating(wall)) * 1000
  return {
    toInstant: (wall) => utc.toInstant(wall) - offset(wall),
    toWall: (at) => {
      const wall = utc.toWall(at)
      return wall.add({ milliseconds: offset(wall) })
    },
  }
}

/** The definition with its yearly rules beginning in 1970 at the earliest. */
function shortened(definition: ICAL.Component): ICAL.Component {
  const copy = new ICAL.Component(structuredClone(definition.toJSON() as unknown[]))
  for (const onset of copy.getAllSubcomponents()) {
    const start = onset.getFirstPropertyValue('dtstart')
    if (!onset.hasProperty('rrule') || !(start instanceof ICAL.Time) || start.year >= FIRST_YEAR) continue
    const later = start.clone()
    later.year = FIRST_YEAR
    onset.updatePropertyWithValue('dtstart', later)
  }
  return copy
}

/** Zones change by a yearly rule; with any other, counting the changes since 1601 would take for ever. */
function refuseUnbounded(tzid: string, definition: ICAL.Component): void {
  const onsets = definition.getAllSubcomponents()
  const rules = onsets.flatMap((onset) => onset.getAllProperties('rrule')).map((rule) => rule.getFirstValue())
  const yearly = rules.every(
    (rule) => rule instanceof ICAL.Recur && rule.freq === 'YEARLY' && rule.interval === 1,
  )
  if (!yearly || rules.length > 10 || onsets.length > ONSETS_MAX) {
    throw new ActionError(`The calendar defines the time zone "${tzid}" in a way that I do not understand.`)
  }
}

/** A wall-clock time for the calendar library, without a zone. */
export function floating(wall: Temporal.PlainDateTime): ICAL.Time {
  const { year, month, day, hour, minute, second } = wall
  return ICAL.Time.fromData({ year, month, day, hour, minute, second, isDate: false })
}

/** The wall-clock reading of a calendar library's time; a day begins at midnight. */
export function wallOf(time: ICAL.Time): Temporal.PlainDateTime {
  const { year, month, day, hour, minute, second } = time
  return new Temporal.PlainDateTime(year, month, day, hour, minute, Math.min(second, 59))
}
