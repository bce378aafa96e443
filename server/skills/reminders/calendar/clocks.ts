import type ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import { definedClock } from './zone.ts'

/** Turns wall-clock times of one zone into instants (epoch milliseconds) and back. */
export interface Clock {
  toInstant(wall: Temporal.PlainDateTime): number
  toWall(at: number): Temporal.PlainDateTime
}

/** Finds the clock of a zone that a calendar file names. */
export type Clocks = (tzid: string | undefined, calendar: ICAL.Component) => Clock

/** Zones that files may define, and steps in which each must be worked out. */
const DEFINED_MAX = 10
const STEPS_MAX = 200_000

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
  if (definition === undefined)
    throw new ActionError(`The calendar uses the unknown time zone "${tzid.slice(0, 80)}".`)
  // The same definition comes with every event of a file, and working it out is costly.
  const text = definition.toString()
  if (!defined.has(text) && defined.size >= DEFINED_MAX) {
    throw new ActionError('The calendar defines too many time zones of its own.')
  }
  return defined.getOrInsertComputed(text, () => definedClock(tzid, definition, { steps: STEPS_MAX }))
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
