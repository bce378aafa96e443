import ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import type { Clock, Clocks } from './clocks.ts'
import { recurrences } from './rule.ts'
import type { Budget } from './rule.ts'
import { wallOf } from './wall.ts'

/** One time at which an event of a calendar takes place; epoch milliseconds. */
export interface Occurrence {
  title: string
  location?: string
  start: number
  end: number
  all_day: boolean
  /** Whether it takes up time: some events only mark a day. */
  busy: boolean
}

export interface Window {
  /** Epoch milliseconds: what ends after `from` and starts before `to`. */
  from: number
  to: number
  /** At most so many, soonest first. */
  limit: number
}

/** Ten years: no event is longer, and with one the window would leave the range of all clocks. */
const LENGTH_MS_MAX = 315_360_000_000

/** Years of a calendar. A zone that a file defines is worked out year by year, which must have an end. */
const FIRST_YEAR = 1900
const LAST_YEAR = 2200
/** All the time that a calendar has, epoch milliseconds. */
export const ALL_TIME = { from: startOf(FIRST_YEAR), to: startOf(LAST_YEAR + 1) }

function startOf(year: number): number {
  return new Temporal.PlainDate(year, 1, 1).toZonedDateTime('UTC').epochMilliseconds
}

/** A component of a calendar with its times worked out. */
interface Part {
  component: ICAL.Component
  clock: Clock
  wall: Temporal.PlainDateTime
  start: number
  length_ms: number
  all_day: boolean
}

/**
 * When the one event of a stored calendar takes place inside a window, soonest first: its repetitions without the
 * excluded ones, and those that were moved at their own times.
 */
export function occurrences(
  calendar: ICAL.Component,
  clocks: Clocks,
  window: Window,
  budget: Budget,
): Occurrence[] {
  const events = calendar.getAllSubcomponents('vevent')
  const parts = events.map((component) => partOf(component, calendar, clocks))
  const moved = parts.filter(({ component }) => component.hasProperty('recurrence-id'))
  const origins = moved.map((part) => ({
    part,
    // One that says not which occurrence it moves is an event of its own.
    origin: instantOf(part.component, 'recurrence-id', calendar, clocks) ?? part.start,
  }))
  const found = moved.map((part) => occurrence(part, part.start))
  for (const part of parts) {
    if (!moved.includes(part)) found.push(...regular(part, origins, calendar, clocks, window, budget))
  }
  const once = new Map(found.filter((one) => one !== undefined).map((one) => [one.start, one]))
  return [...once.values()]
    .filter(({ start, end }) => (end > window.from || start >= window.from) && start < window.to)
    .toSorted((a, b) => a.start - b.start)
    .slice(0, window.limit)
}

type Origin = { part: Part; origin: number }

function regular(
  part: Part,
  origins: readonly Origin[],
  calendar: ICAL.Component,
  clocks: Clocks,
  window: Window,
  budget: Budget,
): (Occurrence | undefined)[] {
  const excluded = new Set(origins.map(({ origin }) => origin))
  const isExcluded = exclusion(part, calendar, clocks)
  const onward = origins
    .filter(({ part: { component } }) => rangeOf(component) === 'THISANDFUTURE')
    .toSorted((a, b) => b.origin - a.origin)
  const found: (Occurrence | undefined)[] = []
  for (const source of sources(part, calendar, clocks, widened(window, part, onward), budget)) {
    let count = 0
    for (const wall of source) {
      const at = part.clock.toInstant(wall)
      if (excluded.has(at) || isExcluded(wall, at)) continue
      const change = onward.find(({ origin }) => origin <= at)
      if (change === undefined) found.push(occurrence(part, at))
      else found.push(occurrence(change.part, at + change.part.start - change.origin))
      // What ended before the window or was moved out of it is dropped later, so a few more are needed.
      count += at >= window.from ? 1 : 0
      if (count > window.limit) break
    }
  }
  return found
}

/** Original start times between which all that may fall into the window begins. */
function widened(window: Window, part: Part, onward: readonly Origin[]): { from: number; to: number } {
  const shift = Math.max(0, ...onward.map((change) => Math.abs(change.part.start - change.origin)))
  const length = Math.max(part.length_ms, ...onward.map((change) => change.part.length_ms))
  return { from: window.from - length - shift, to: window.to + shift }
}

/** Where the start times of an event come from: its own start or its rules, and the dates added one by one. */
function sources(
  part: Part,
  calendar: ICAL.Component,
  clocks: Clocks,
  window: { from: number; to: number },
  budget: Budget,
): Iterable<Temporal.PlainDateTime>[] {
  const { component, clock, wall } = part
  const span = { from: clock.toWall(window.from), to: clock.toWall(window.to) }
  const rules = component.getAllProperties('rrule').map((property) => property.getFirstValue())
  const recurring = rules
    .filter((rule) => rule instanceof ICAL.Recur)
    .map((rule) => recurrences(rule, wall, lastOf(rule, part, clocks, calendar), span, budget))
  const added = instants(component, 'rdate', calendar, clocks).map(({ at }) => clock.toWall(at))
  return [...(recurring.length === 0 ? [[wall]] : recurring), added]
}

/** The last wall-clock time of a rule. It may be given as a day, and then the whole of it counts. */
function lastOf(rule: ICAL.Recur, { clock, all_day }: Part, clocks: Clocks, calendar: ICAL.Component) {
  const { until } = rule
  if (until === null || until === undefined || until.year > LAST_YEAR) return undefined
  if (until.isDate || all_day) return wallOf(until).with({ hour: 23, minute: 59, second: 59 })
  if (until.zone.tzid === 'UTC') return clock.toWall(clocks('UTC', calendar).toInstant(wallOf(until)))
  return wallOf(until)
}

function exclusion(part: Part, calendar: ICAL.Component, clocks: Clocks) {
  const excluded = instants(part.component, 'exdate', calendar, clocks)
  const at = new Set(excluded.map((one) => one.at))
  const days = new Set(excluded.filter((one) => one.is_day).map((one) => String(one.wall.toPlainDate())))
  return (wall: Temporal.PlainDateTime, instant: number) =>
    at.has(instant) || days.has(String(wall.toPlainDate()))
}

function occurrence({ component, length_ms, all_day, clock }: Part, start: number): Occurrence | undefined {
  if (String(component.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED') return undefined
  const text = (name: string) => String(component.getFirstPropertyValue(name) ?? '').slice(0, 300)
  const location = text('location')
  return {
    title: text('summary') || 'Untitled',
    ...(location === '' ? {} : { location }),
    start,
    // Days are counted on the calendar: two of them across a change of the clocks are not 48 hours.
    end: all_day
      ? clock.toInstant(clock.toWall(start).add({ days: Math.round(length_ms / 86_400_000) }))
      : start + length_ms,
    all_day,
    busy: text('transp').toUpperCase() !== 'TRANSPARENT',
  }
}

function partOf(component: ICAL.Component, calendar: ICAL.Component, clocks: Clocks): Part {
  const property = component.getFirstProperty('dtstart')
  const time = property?.getFirstValue()
  if (property === null || property === undefined || !(time instanceof ICAL.Time)) {
    throw new TypeError('An event has no start.')
  }
  if (!isInCalendar(time)) throw new ActionError(`An event is in the year ${time.year}.`)
  const clock = clockOf(property, time, calendar, clocks)
  const wall = wallOf(time)
  const part = { component, clock, wall, start: clock.toInstant(wall), all_day: time.isDate }
  const length_ms = Math.min(LENGTH_MS_MAX, lengthOf(component, part, calendar, clocks))
  return { ...part, length_ms }
}

function lengthOf(
  component: ICAL.Component,
  { wall, start, all_day }: Omit<Part, 'length_ms'>,
  calendar: ICAL.Component,
  clocks: Clocks,
): number {
  const end = component.getFirstPropertyValue('dtend')
  if (end instanceof ICAL.Time) {
    if (all_day) return Math.max(1, wall.until(wallOf(end), { largestUnit: 'days' }).days) * 86_400_000
    return Math.max(0, (instantOf(component, 'dtend', calendar, clocks) ?? start) - start)
  }
  const duration = component.getFirstPropertyValue('duration')
  if (duration instanceof ICAL.Duration) return Math.max(0, duration.toSeconds() * 1000)
  return all_day ? 86_400_000 : 0
}

function instantOf(
  component: ICAL.Component,
  name: string,
  calendar: ICAL.Component,
  clocks: Clocks,
): number | undefined {
  return instants(component, name, calendar, clocks)[0]?.at
}

/** All times that properties of a name give, as instants and on the wall clock of their own zone. */
function instants(component: ICAL.Component, name: string, calendar: ICAL.Component, clocks: Clocks) {
  return component.getAllProperties(name).flatMap((property) =>
    property.getValues().flatMap((value: unknown) => {
      const time = value instanceof ICAL.Period ? value.start : value
      if (!(time instanceof ICAL.Time) || !isInCalendar(time)) return []
      const wall = wallOf(time)
      return [{ at: clockOf(property, time, calendar, clocks).toInstant(wall), wall, is_day: time.isDate }]
    }),
  )
}

function clockOf(property: ICAL.Property, time: ICAL.Time, calendar: ICAL.Component, clocks: Clocks): Clock {
  if (time.isDate) return clocks(undefined, calendar)
  if (time.zone.tzid === 'UTC') return clocks('UTC', calendar)
  const tzid = property.getFirstParameter('tzid')
  return clocks(tzid === '' ? undefined : tzid, calendar)
}

function isInCalendar({ year }: ICAL.Time): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR
}

function rangeOf(component: ICAL.Component): string {
  return component.getFirstProperty('recurrence-id')?.getFirstParameter('range') ?? ''
}
