import ICAL from 'ical.js'
import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { capitalised, sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { readFile } from './calendar/file.ts'
import type { JCalProperty } from './calendar/file.ts'
import { EVENTS } from './calendar/kept.ts'
import type { StoredEvent } from './calendar/kept.ts'
import { NEVER_OVER, spokenEvent, upcoming } from './calendar/stored.ts'
import type { EventOccurrence } from './calendar/stored.ts'
import { rule } from './export-ics.ts'
import { isDayOnly, readMoment } from './moment.ts'
import { AHEAD_SECONDS_MAX } from './remind.ts'
import { nextDue, readRepeat } from './repeat.ts'
import type { Rule } from './repeat.ts'
import { iso, spokenRepeat, zoned } from './spoken.ts'

/** How long an event is of which nobody says it. */
const SECONDS_DEFAULT = 3_600
/** Two weeks. */
const EVENT_SECONDS_MAX = 1_209_600
const DAY_MS = 86_400_000
/** What an event has that was put in here. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set(['uid', 'dtstamp', 'dtstart', 'duration', 'summary'])
/** Ends the ids of events that were put in here. */
const OWN = '@calendar.paios'
const KIND = '(appointment|meeting|event)'
const MAKE = '(add|create|make|schedule)'
const CALENDAR = '(calendar|diary|agenda|schedule)'

export const add_event = action({
  summary: 'Puts an appointment into your calendar.',
  parameters: shape({
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    /** Whom it is with, where nothing else says what it is. */
    with: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    at: Type.String({ minLength: 1, maxLength: 64 }),
    seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: EVENT_SECONDS_MAX })),
    repeat: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  result: shape({ event_id: Type.String(), title: Type.String(), start: Type.String(), end: Type.String() }),
  effect: 'write',
  needsOne: ['title', 'with'],
  slots: { title: 'text', with: 'text', at: 'time', seconds: 'duration' },
  questions: { title: 'What is it?', at: 'When is it?' },
  phrases: [
    `${MAKE} (a|an) ${KIND} with {with} [on|at|for] {at}`,
    `${MAKE} (a|an) ${KIND} [on|at|for] {at} with {with}`,
    `${MAKE} (a|an) ${KIND} (for|called|named|about) {title} {at}`,
    `${MAKE} (a|an) ${KIND} {at} (called|named|about) {title}`,
    `${MAKE} (a|an) {seconds} ${KIND} with {with} [on|at|for] {at}`,
    `${MAKE} (a|an) ${KIND} [on|at|for] {at}`,
    `(put|enter|write|add) {title} (on|at|for) {at} (in|into|on|to) my ${CALENDAR}`,
    `(put|enter|write|add) {title} (in|into|on|to) my ${CALENDAR} (on|at|for) {at}`,
    `(put|enter|write|add) {title} (in|into|on|to) my ${CALENDAR}`,
    `${MAKE} (a|an) ${KIND}`,
    'new (appointment|meeting|event) {at}: {title}',
  ],
  examples: [
    'schedule a meeting with Bob tomorrow at ten',
    'put dinner with Ann on Friday at seven into my calendar',
    'I need an appointment in my calendar for the vet on Monday at four',
    'enter the school play in my diary for the 12th at half past six',
    'add an appointment with the dentist on Tuesday at 9',
    'make an event called picnic on Saturday at noon',
    'set up a meeting with the landlord next Wednesday at 3',
    'write choir practice into my calendar every Thursday at seven',
    'create a new event for the house viewing on Sunday at eleven',
    'my calendar should have the car service on 3 March at 8',
    'note an appointment with Dr Weber in my diary, Friday at 2',
    'schedule an hour with Tom for Thursday morning at ten',
    'put the parents evening on the 20th at 18:00 on my calendar',
    'add a half hour meeting with Lena on Monday at nine',
    'block Friday at three in my calendar for the gym',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records'>, said) => {
    const { now, time_zone } = can.clock
    const title = titleOf(said)
    const span = spanOf(said, now, time_zone)
    const { from, to, all_day } = span
    const made = eventOf(title, span, time_zone, now)
    const known = (await can.records.list<StoredEvent>(EVENTS)).find(({ body }) => body.uid === made.uid)
    const beside = all_day ? [] : await upcoming(can, { from: instant(from), to: instant(to), limit: 3 })
    const at = span.rule === undefined ? instant(to) : NEVER_OVER
    const stored = await can.records.put(EVENTS, { ...(known && { id: known.id }), at, body: made })
    const entry = { title: `“${title}” is in your calendar`, start: instant(from), all_day }
    const again =
      span.rule === undefined ? '' : `, and ${spokenRepeat(span.rule, from.toPlainDateTime())} after that`
    const others = beside.filter(({ event_id, all_day: whole }) => event_id !== stored.id && !whole)
    const also =
      others.length === 0 ? '' : ` At that time you also have ${sayList(others.map((one) => one.title))}.`
    return {
      data: {
        event_id: stored.id,
        title,
        start: iso(instant(from), time_zone),
        end: iso(instant(to), time_zone),
      },
      text: `${spokenEvent(entry, now, time_zone)}${again}.${also}`,
    }
  },
})

/** Moves an event that was put in here, and comes once. @throws ActionError for any other. */
export async function moveEvent(
  can: Pick<Capabilities, 'clock' | 'records'>,
  { event_id, title, start, end, all_day }: EventOccurrence,
  due: number,
): Promise<void> {
  const { now, time_zone } = can.clock
  const stored = await can.records.get<StoredEvent>(EVENTS, event_id)
  if (stored === undefined) throw new ActionError('That appointment is gone.')
  if (!stored.body.uid.endsWith(OWN))
    throw new ActionError(
      'That one came with a calendar file: move it where the file is from, and import it again.',
    )
  if (stored.at === NEVER_OVER)
    throw new ActionError('That one comes again and again: cancel it, and add it for its other times.')
  const [, , [event]] = stored.body.calendar
  const names = event?.[1].map(([name]) => name) ?? []
  if (names.some((name) => !OWN_PROPERTIES.has(name)) || (event?.[2].length ?? 0) > 0)
    throw new ActionError(
      'That one holds more than its title and time, which would be lost: move it in its calendar file.',
    )
  const from = all_day ? zoned(due, time_zone).startOfDay() : zoned(due, time_zone)
  const days = Math.max(1, Math.round((end - start) / DAY_MS))
  const to = all_day ? from.add({ days }) : from.add({ milliseconds: end - start })
  if (all_day && days > 1)
    throw new ActionError('That one lasts several days: cancel it, and add it for its other ones.')
  const body = eventOf(title, { from, to, all_day }, time_zone, now)
  await can.records.put(EVENTS, { id: event_id, at: instant(to), body })
}

function instant({ epochMilliseconds }: Temporal.ZonedDateTime): number {
  return epochMilliseconds
}

interface Span {
  from: Temporal.ZonedDateTime
  to: Temporal.ZonedDateTime
  all_day: boolean
  rule?: Rule
}

/** From when to when, on the user's clock. @throws ActionError for what is past, or lasts an hour of no known time. */
function spanOf(
  { at, seconds, repeat }: { at: string; seconds?: number; repeat?: string },
  now: number,
  time_zone: string,
): Span {
  const all_day = isDayOnly(at)
  if (all_day && seconds !== undefined) throw new ActionError('At what time does it begin?')
  const first = zoned(readMoment(at, time_zone), time_zone)
  const repeated = repeat === undefined ? undefined : readRepeat(repeat)
  const isOver =
    first.epochMilliseconds < now &&
    !(all_day && first.toPlainDate().equals(zoned(now, time_zone).toPlainDate()))
  if (isOver && repeated === undefined) throw new ActionError('That is past: say when it will be.')
  const next =
    isOver && repeated !== undefined
      ? zoned(nextDue(first.toPlainDateTime(), time_zone, repeated, now), time_zone)
      : first
  if (next.epochMilliseconds - now > AHEAD_SECONDS_MAX * 1_000)
    throw new ActionError('That is more than ten years away.')
  const from = all_day ? next.startOfDay() : next
  const to = all_day ? from.add({ days: 1 }) : from.add({ seconds: seconds ?? SECONDS_DEFAULT })
  return { from, to, all_day, ...(repeated && { rule: repeated }) }
}

/** What passes between its ends: the hour that a clock shows twice may end before it begins. */
function lengthOf({ from, to }: Span): Temporal.Duration {
  return from.toInstant().until(to.toInstant(), { largestUnit: 'hour' })
}

function titleOf({ title, with: whom }: { title?: string; with?: string }): string {
  const said = (title ?? '').trim().replace(/^(?:an?|the|my)\s+/iu, '')
  if (said !== '') return capitalised(said)
  if (whom === undefined || whom.trim() === '') throw new ActionError('What is it?')
  return `Meeting with ${whom.trim()}`
}

/** The event as a file would bring it: one that is the same in all of it is no other. */
function eventOf(title: string, span: Span, time_zone: string, now: number): StoredEvent {
  const stamp = Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' })
  const [start, end] = [span.from, span.to].map((one) =>
    one.toPlainDateTime().toString({ smallestUnit: 'second' }),
  )
  const again = span.rule === undefined ? '' : JSON.stringify(span.rule)
  const uid = `${start}/${end}/${again}/${title.replaceAll(/\s+/gu, ' ')}${OWN}`
  const timed = (name: string, value = ''): JCalProperty =>
    time_zone === 'UTC'
      ? [name, {}, 'date-time', `${value}Z`]
      : [name, { tzid: time_zone }, 'date-time', value]
  const properties: JCalProperty[] = [
    ['uid', {}, 'text', uid],
    ['dtstamp', {}, 'date-time', stamp],
    ...(span.all_day
      ? [['dtstart', {}, 'date', span.from.toPlainDate().toString()] as JCalProperty]
      : [timed('dtstart', start), ['duration', {}, 'duration', String(lengthOf(span))] as JCalProperty]),
    ['summary', {}, 'text', title],
  ]
  if (span.rule !== undefined)
    properties.push(['rrule', {}, 'recur', rule(span.rule, span.from.toPlainDateTime())])
  const calendar = ICAL.stringify([
    'vcalendar',
    [['version', {}, 'text', '2.0']],
    [['vevent', properties, []]],
  ])
  const [event] = readFile(calendar)
  if (event === undefined) throw new ActionError('That is no appointment.')
  return { uid: event.uid, title: event.title, calendar: event.calendar }
}
