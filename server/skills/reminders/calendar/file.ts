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
/** Characters of an event: a record may have 262,144 bytes. */
const EVENT_LENGTH_MAX = 60_000

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
    throw new ActionError(`This calendar has ${events.length} events; I can take ${EVENTS_MAX} at once.`)
  }
  return events
}

function parsed(text: string): ICAL.Component[] {
  const calendar = /BEGIN:VCALENDAR[\s\S]*END:VCALENDAR/i.exec(text)?.[0]
  if (calendar === undefined) throw new ActionError('That is not a calendar file.')
  const read: unknown = ICAL.parse(calendar)
  const roots = Array.isArray(read) && Array.isArray(read[0]) ? read : [read]
  return roots.map((root: unknown) => new ICAL.Component(root as JCal))
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
  const main = parts.find((part) => !part.hasProperty('recurrence-id')) ?? parts[0]
  const jcal = parts.map((part) => withoutFiles(part.toJSON() as JCal))
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

/** The event without files inside it: they would make it larger than a record may be, and nothing reads them. */
function withoutFiles([name, properties, parts]: JCal): JCal {
  return [name, properties.filter(([, , type]) => type !== 'binary'), parts]
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
