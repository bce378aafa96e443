import ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import type { Clock } from './clocks.ts'
import { recurrences } from './rule.ts'
import type { Budget } from './rule.ts'
import { wallOf } from './wall.ts'

/** A change of the offset of a zone (milliseconds east of UTC), epoch milliseconds. */
interface Change {
  at: number
  from: number
  to: number
}

/** Parts of a definition, and dates that they list one by one: enough for a century of changes that follow no rule. */
const ONSETS_MAX = 200
const DATES_MAX = 1_000
const RULES_MAX = 10
/** Definitions often begin in 1601; what was before is as at the first change. */
const FIRST = Temporal.PlainDateTime.from('1970-01-01T00:00')
const LAST = Temporal.PlainDateTime.from('2201-12-31T00:00')
const DAY_MS = 86_400_000

/**
 * The clock of a zone that a calendar file defines.
 *
 * @throws ActionError when it changes in a way that no zone does, or that takes too long to work out.
 */
export function definedClock(tzid: string, definition: ICAL.Component, budget: Budget): Clock {
  const changes = changesOf(tzid, definition, budget)
  const offsetAt = (at: number): number => {
    const change = changes.findLast((one) => one.at <= at) ?? changes[0]
    if (change === undefined) throw notUnderstood(tzid)
    return change.at <= at ? change.to : change.from
  }
  return {
    toInstant: (wall) => {
      const local = wall.toZonedDateTime('UTC').epochMilliseconds
      const [before, after] = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)]
      // Of an hour that comes twice the first is meant, and one that is skipped is read as if it were not.
      const isLater = offsetAt(local - before) !== before && offsetAt(local - after) === after
      return local - (isLater ? after : before)
    },
    toWall: (at) =>
      Temporal.Instant.fromEpochMilliseconds(at + offsetAt(at))
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime(),
  }
}

function changesOf(tzid: string, definition: ICAL.Component, budget: Budget): Change[] {
  const onsets = definition.getAllSubcomponents()
  const rules = onsets.flatMap((onset) => onset.getAllProperties('rrule'))
  if (onsets.length > ONSETS_MAX || rules.length > RULES_MAX) throw notUnderstood(tzid)
  const changes = onsets.flatMap((onset) => {
    const [from, to] = [offsetOf(onset, 'tzoffsetfrom'), offsetOf(onset, 'tzoffsetto')]
    if (from === undefined || to === undefined) throw notUnderstood(tzid)
    return wallsOf(tzid, onset, from, budget).map((wall) => ({
      at: wall.toZonedDateTime('UTC').epochMilliseconds - from,
      from,
      to,
    }))
  })
  return changes.toSorted((a, b) => a.at - b.at)
}

/** When a part of a definition begins to apply, on the clock that was shown until then. */
function wallsOf(
  tzid: string,
  onset: ICAL.Component,
  from: number,
  budget: Budget,
): Temporal.PlainDateTime[] {
  const start = onset.getFirstPropertyValue('dtstart')
  if (!(start instanceof ICAL.Time)) throw notUnderstood(tzid)
  const dates = onset.getAllProperties('rdate').flatMap((property) => property.getValues())
  if (dates.length > DATES_MAX) throw notUnderstood(tzid)
  const listed = [start, ...dates].filter((date) => date instanceof ICAL.Time).map(wallOf)
  const ruled = onset.getAllProperties('rrule').flatMap((property) => {
    const rule: unknown = property.getFirstValue()
    // Zones change by a yearly rule.
    if (!(rule instanceof ICAL.Recur) || rule.freq !== 'YEARLY' || rule.interval !== 1)
      throw notUnderstood(tzid)
    const { until } = rule
    const local = until === null || until === undefined ? undefined : wallOf(until)
    const last = until?.zone.tzid === 'UTC' ? local?.add({ milliseconds: from }) : local
    return [...recurrences(rule, wallOf(start), last, { from: FIRST, to: LAST }, budget)]
  })
  return [...listed, ...ruled]
}

function offsetOf(onset: ICAL.Component, name: string): number | undefined {
  const offset = onset.getFirstPropertyValue(name)
  return offset instanceof ICAL.UtcOffset ? offset.toSeconds() * 1000 : undefined
}

function notUnderstood(tzid: string): ActionError {
  const name = tzid.slice(0, 80)
  return new ActionError(`The calendar defines the time zone "${name}" in a way that I do not understand.`)
}
