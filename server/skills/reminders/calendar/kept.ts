import ICAL from 'ical.js'
import { Type } from 'typebox'
import { ActionError, isReadable, keeping, shape } from '../../skill.ts'
import { databaseName } from './clocks.ts'
import { readFile, zonesOf } from './file.ts'
import type { JCal } from './file.ts'

export const EVENTS = 'event'

/** An imported event. Its record is sorted by when it is over, so that those of the past need not be read. */
export interface StoredEvent {
  uid: string
  title: string
  calendar: JCal
}

/** No calendar has parts within parts within parts of its events. */
const DEPTH_MAX = 5

export const keptEvent = keeping({
  body: shape({
    uid: Type.String({ minLength: 1, maxLength: 500 }),
    title: Type.String({ minLength: 1, maxLength: 300 }),
    calendar: Type.Unsafe<JCal>(Type.Array(Type.Unknown())),
  }),
  agrees: ({ body }) => isCalendar(body.calendar, DEPTH_MAX),
  isSound: ({ body }) => isReadable(() => checkEvent(body)),
})

/** A calendar as the library writes it, whatever its values are. */
function isCalendar(value: unknown, depth: number): boolean {
  if (!Array.isArray(value) || depth === 0) return false
  const [name, properties, parts] = value as unknown[]
  return (
    typeof name === 'string' &&
    Array.isArray(properties) &&
    properties.every(isProperty) &&
    Array.isArray(parts) &&
    parts.every((part) => isCalendar(part, depth - 1))
  )
}

function isProperty(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const [name, parameters, type] = value as unknown[]
  return (
    typeof name === 'string' &&
    typeof parameters === 'object' &&
    parameters !== null &&
    typeof type === 'string'
  )
}

/** Reads an event once more, as it would come in a file. @throws Error when that is another one, or none. */
function checkEvent({ uid, calendar }: StoredEvent): void {
  const [event, more] = readFile(ICAL.stringify(calendar))
  if (event?.uid !== uid || more !== undefined) throw new ActionError('That is not one event.')
  const defined = new Set(calendar[2].flatMap(([, properties]) => properties.map((one) => String(one[3]))))
  const unknown = zonesOf(calendar[2]).find((zone) => databaseName(zone) === undefined && !defined.has(zone))
  if (unknown !== undefined) throw new ActionError(`The time zone "${unknown}" is not known.`)
}
