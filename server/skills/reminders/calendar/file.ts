import ICAL from 'ical.js'
import { ActionError } from '../../skill.ts'
import { databaseName } from './clocks.ts'

/** A part of a calendar as the library and RFC 7265 write it: name, properties, parts. */
export type JCal = [name: string, properties: JCalProperty[], parts: JCal[]]
export type JCalProperty = [
  name: string,
  parameters: Record<string, unknown>,
  type: string,
  ...values: unknown[],
]

/** One event of a file with its repetitions and moved occurrences, as a small calendar of its own. */
export interface FileEvent {
  uid: string
  title: string
  recurring: boolean
  cancelled: boolean
  calendar: JCal
}

/** Events of one file: more are refused, because they are written in one transaction. */
const EVENTS_MAX = 500
/** What is cancelled, or moves one time of another event, is none of its own: so many are read to find that out. */
const EVENTS_READ_MAX = 4 * EVENTS_MAX
/** Characters of an event: a record may have 262,144 bytes. */
const EVENT_LENGTH_MAX = 60_000
/** Characters of a content line, however it is folded. */
const LINE_LENGTH_MAX = 131_072

/**
 * Reads the events of a calendar file (RFC 5545), in the order of the file. Words around the calendar are ignored.
 *
 * @throws ActionError when it is not a calendar, or has no events, or too many; another error when it is malformed.
 */
export function readFile(text: string): FileEvent[] {
  const calendars = parsed(text)
  const events = calendars.flatMap((calendar) => eventsOf(calendar))
  if (events.length === 0) throw new ActionError('There are no events in this calendar.')
  if (events.length > EVENTS_MAX) {
    throw tooMany(events.length)
  }
  return events
}

function tooMany(count: number): ActionError {
  return new ActionError(`This calendar has ${count} events; I can take ${EVENTS_MAX} at once.`)
}

function parsed(text: string): ICAL.Component[] {
  // Two searches, because one expression for both would begin anew at every beginning of a text without an end.
  const begin = text.search(/BEGIN:VCALENDAR/i)
  const end = [...text.matchAll(/END:VCALENDAR/gi)].at(-1)
  if (begin < 0 || end === undefined || end.index < begin)
    throw new ActionError('That is not a calendar file.')
  // Reading thousands of them only to say that they are too many would hold up everything else.
  const count = text.match(/^BEGIN:VEVENT/gim)?.length ?? 0
  if (count > EVENTS_READ_MAX) throw tooMany(count)
  const read: unknown = ICAL.parse(bounded(text.slice(begin, end.index + end[0].length)))
  const roots = Array.isArray(read) && Array.isArray(read[0]) ? read : [read]
  return roots.map((root: unknown) => new ICAL.Component(root as JCal))
}

/**
 * The calendar without what is attached to it. A line that is longer than any that people write is refused: reading one
 * of a megabyte would hold up everything else for seconds.
 */
function bounded(text: string): string {
  const kept: string[] = []
  let isDropped = false
  let length = 0
  for (const line of text.split(/\r?\n/)) {
    const isFolded = /^[ \t]/.test(line)
    if (!isFolded) isDropped = /^ATTACH[;:]/i.test(line)
    if (isDropped) continue
    length = isFolded ? length + line.length : line.length
    if (length > LINE_LENGTH_MAX)
      throw new ActionError(`A line of this calendar is longer than ${LINE_LENGTH_MAX} characters.`)
    kept.push(line)
  }
  return kept.join('\r\n')
}

function eventsOf(calendar: ICAL.Component): FileEvent[] {
  const groups = new Map<string, ICAL.Component[]>()
  for (const event of calendar.getAllSubcomponents('vevent')) {
    groups.getOrInsertComputed(uidOf(event), () => []).push(event)
  }
  const zones = calendar
    .getAllSubcomponents('vtimezone')
    .map((zone) => ({ tzid: String(zone.getFirstPropertyValue('tzid')), zone: zone.toJSON() as JCal }))
    .filter(({ tzid }) => databaseName(tzid) === undefined)
  return [...groups].map(([uid, parts]) => fileEvent(uid, parts, zones, isCancellation(calendar)))
}

function fileEvent(
  uid: string,
  parts: ICAL.Component[],
  zones: readonly { tzid: string; zone: JCal }[],
  cancelled: boolean,
): FileEvent {
  if (parts.some((part) => !(part.getFirstPropertyValue('dtstart') instanceof ICAL.Time))) {
    throw new ActionError(`The event "${titleOf(parts[0])}" has no start.`)
  }
  if (parts.some((part) => hasImpossibleTime(part.toJSON() as JCal))) {
    throw new ActionError(`The event "${titleOf(parts[0])}" has a date that does not exist.`)
  }
  const main = parts.find((part) => !part.hasProperty('recurrence-id')) ?? parts[0]
  const jcal = parts.map((part) => readable(part.toJSON() as JCal))
  const used = zonesOf(jcal)
  const needed = zones.filter(({ tzid }) => used.includes(tzid)).map(({ zone }) => zone)
  const own: JCal = ['vcalendar', [], [...needed, ...jcal]]
  if (JSON.stringify(own).length > EVENT_LENGTH_MAX) {
    throw new ActionError(`The event "${titleOf(main)}" is too large.`)
  }
  return {
    uid,
    title: titleOf(main),
    recurring:
      parts.length > 1 || parts.some((part) => part.hasProperty('rrule') || part.hasProperty('rdate')),
    cancelled: cancelled || isCancelled(main),
    calendar: own,
  }
}

/**
 * The event without files inside it, which would make it larger than a record may be and which nothing reads, and
 * without what the library takes for its own: a property called "constructor" could be read but never written.
 */
function readable([name, properties, parts]: JCal): JCal {
  const kept = properties.filter(
    ([property, , type]) => typeof type === 'string' && type !== 'binary' && !isOwnName(property),
  )
  const cleaned = kept.map(([property, parameters, ...rest]): JCalProperty => {
    const known = Object.entries(parameters).filter(([parameter]) => !isOwnName(parameter))
    return [property, Object.fromEntries(known), ...rest]
  })
  return [name, cleaned, parts.map(readable)]
}

function isOwnName(name: string): boolean {
  return name in Object.prototype
}

const TIMES = new Set(['dtstart', 'dtend', 'recurrence-id', 'rdate', 'exdate'])

/** The library makes the second of March of a 30th of February. */
function hasImpossibleTime([, properties]: JCal): boolean {
  return properties.some(
    ([name, , type, ...values]) =>
      TIMES.has(name) &&
      (type === 'date' || type === 'date-time') &&
      values.some((value) => !isTime(String(value))),
  )
}

function isTime(text: string): boolean {
  try {
    Temporal.PlainDateTime.from(text.replace(/Z$/, ''))
    return true
  } catch {
    return false
  }
}

/** The zones that events name. */
export function zonesOf(events: readonly JCal[]): string[] {
  const named = events.flatMap(([, properties]) => properties.map(([, parameters]) => parameters['tzid']))
  return [...new Set(named.filter((tzid) => typeof tzid === 'string'))]
}

/** Files without the identifier that the standard demands exist; the same event then still replaces itself. */
function uidOf(event: ICAL.Component): string {
  const uid = event.getFirstPropertyValue('uid')
  const known = typeof uid === 'string' && uid !== ''
  const text = known ? uid : `${String(event.getFirstPropertyValue('dtstart'))} ${titleOf(event)}`
  return text.slice(0, 500)
}

function titleOf(event: ICAL.Component | undefined): string {
  return String(event?.getFirstPropertyValue('summary') ?? '').slice(0, 300) || 'Untitled'
}

function isCancelled(event: ICAL.Component | undefined): boolean {
  return String(event?.getFirstPropertyValue('status')).toUpperCase() === 'CANCELLED'
}

function isCancellation(calendar: ICAL.Component): boolean {
  return String(calendar.getFirstPropertyValue('method')).toUpperCase() === 'CANCEL'
}
