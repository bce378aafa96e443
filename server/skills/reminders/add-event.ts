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
import { rule } from './export-ics.ts'
import { isDayOnly, readMoment } from './moment.ts'
import { readRepeat } from './repeat.ts'
import { iso, zoned } from './spoken.ts'

/** How long an event is of which nobody says it. */
const SECONDS_DEFAULT = 3_600
const DAY_SECONDS_MAX = 86_400 * 14
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
    seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: DAY_SECONDS_MAX })),
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
    const start = readMoment(said.at, time_zone)
    const all_day = isDayOnly(said.at)
    if (said.repeat === undefined && start < now && !(all_day && isToday(start, now, time_zone)))
      throw new ActionError('That is past: say when it will be.')
    const wall = zoned(start, time_zone).toPlainDateTime()
    const seconds = said.seconds ?? SECONDS_DEFAULT
    const made = eventOf({ ...said, title, wall, seconds, all_day }, time_zone, now)
    const known = (await can.records.list<StoredEvent>(EVENTS)).find(({ body }) => body.uid === made.uid)
    const from = all_day ? wall.toPlainDate().toZonedDateTime(time_zone).epochMilliseconds : start
    const end = all_day
      ? wall.toPlainDate().add({ days: 1 }).toZonedDateTime(time_zone).epochMilliseconds
      : start + seconds * 1_000
    const beside = all_day ? [] : await upcoming(can, { from: start, to: end, limit: 3 })
    const at = said.repeat === undefined ? end : NEVER_OVER
    const stored = await can.records.put(EVENTS, { ...(known && { id: known.id }), at, body: made })
    const when = spokenEvent(
      { title: `“${title}” is in your calendar`, start: from, all_day },
      now,
      time_zone,
    )
    const others = beside.filter(({ event_id, all_day: whole }) => event_id !== stored.id && !whole)
    const also =
      others.length === 0 ? '' : ` At that time you also have ${sayList(others.map((one) => one.title))}.`
    return {
      data: { event_id: stored.id, title, start: iso(from, time_zone), end: iso(end, time_zone) },
      text: `${when}${said.repeat === undefined ? '' : ', and again after that'}.${also}`,
    }
  },
})

function titleOf({ title, with: whom }: { title?: string; with?: string }): string {
  const said = (title ?? '').trim().replace(/^(?:an?|the|my)\s+/iu, '')
  if (said !== '') return capitalised(said)
  if (whom === undefined || whom.trim() === '') throw new ActionError('What is it?')
  return `Meeting with ${whom.trim()}`
}

function isToday(start: number, now: number, time_zone: string): boolean {
  const [day, today] = [start, now].map((one) => zoned(one, time_zone).toPlainDate())
  return day !== undefined && today !== undefined && day.equals(today)
}

interface Made {
  title: string
  wall: Temporal.PlainDateTime
  seconds: number
  all_day: boolean
  repeat?: string
}

/** The event as a file would bring it: one of the same name at the same time is the same one. */
function eventOf(
  { title, wall, seconds, all_day, repeat }: Made,
  time_zone: string,
  now: number,
): StoredEvent {
  const stamp = Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' })
  const [start, end] = [wall, wall.add({ seconds })].map((one) => one.toString({ smallestUnit: 'second' }))
  const uid = `${start}/${encodeURIComponent(title).slice(0, 400)}@calendar.paios`
  const timed = (name: string, value = ''): JCalProperty =>
    time_zone === 'UTC'
      ? [name, {}, 'date-time', `${value}Z`]
      : [name, { tzid: time_zone }, 'date-time', value]
  const properties: JCalProperty[] = [
    ['uid', {}, 'text', uid],
    ['dtstamp', {}, 'date-time', stamp],
    all_day ? ['dtstart', {}, 'date', wall.toPlainDate().toString()] : timed('dtstart', start),
    ...(all_day ? [] : [timed('dtend', end)]),
    ['summary', {}, 'text', title],
    ...(repeat === undefined ? [] : [['rrule', {}, 'recur', rule(readRepeat(repeat), wall)] as JCalProperty]),
  ]
  const calendar = ICAL.stringify([
    'vcalendar',
    [['version', {}, 'text', '2.0']],
    [['vevent', properties, []]],
  ])
  const [event] = readFile(calendar)
  if (event === undefined) throw new ActionError('That is no appointment.')
  return { uid: event.uid, title: event.title, calendar: event.calendar }
}
