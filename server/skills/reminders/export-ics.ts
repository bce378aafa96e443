import ICAL from 'ical.js'
import { Type } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import { sayCount, sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { databaseName } from './calendar/clocks.ts'
import { zonesOf } from './calendar/file.ts'
import type { JCal, JCalProperty } from './calendar/file.ts'
import { EVENTS } from './calendar/kept.ts'
import type { StoredEvent } from './calendar/kept.ts'
import { zonePart } from './calendar/zone-part.ts'
import type { Reminder } from './record.ts'
import { DAY_CODES, readRepeat } from './repeat.ts'
import type { Rule } from './repeat.ts'
import { waiting } from './waiting.ts'

/** Marks reminders in an exported file, so that reading the file back does not make events of them. */
const OWN = '@reminders.paios'

export function isOwnUid(uid: string): boolean {
  return uid.endsWith(OWN)
}

export const export_ics = action({
  summary: 'Gives your events and reminders as a calendar file (iCalendar, .ics).',
  parameters: shape({}),
  result: shape({ ics: Type.String() }),
  effect: 'read',
  phrases: [
    'export (my|the) (calendar|events|schedule|reminders|appointments)',
    'export (my|the) (calendar|events|schedule|appointments) (as|to) [a|an] (ics|ical|icalendar|file)',
    'export (my|the) calendar (as|to) [a|an] (ics|ical|icalendar) file',
    'export [as|to] [an] (ics|ical|icalendar) [file]',
    '(download|save|dump) (my|the) (calendar|schedule)',
    '(download|save|dump) my (calendar|schedule) (as|to) [a|an] (ics|ical|icalendar|file)',
    'give me (my|the) (calendar|schedule|events) as [a|an] (ics|ical|icalendar|file) [file]',
    '(make|create|produce) [me] an (ics|ical|icalendar) [file] of my (calendar|events|reminders|schedule)',
    'export calendar',
  ],
  examples: [
    'export my events to a calendar file',
    'I would like my calendar as an ics',
    'download the calendar',
    'save all my appointments in iCal format',
    'give me something I can import into Thunderbird',
    'turn my schedule into an .ics file',
    'write out my calendar so another program can read it',
    'export all reminders and events',
    'get my dates out of here as a calendar file',
    'create an ics with everything that is planned',
    'I need a copy of my calendar for Apple Calendar',
    'ics export',
    'hand me my whole diary as a file',
    'take my calendar with me to my phone',
    'produce the iCalendar data for my events',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records'>, _parameters) => {
    const { now } = can.clock
    const reminders = (await waiting(can)).filter(({ body }) => body.kind === 'reminder')
    const stored = await can.records.list<StoredEvent>(EVENTS)
    const parts = stored.flatMap(({ body }) => body.calendar[2])
    const events = [
      ...parts.filter(([name]) => name === 'vevent'),
      ...reminders.map((reminder) => reminderPart(reminder, now)),
    ]
    const zones = zonesOf(events).flatMap((tzid) => zoneParts(tzid, parts, events, now))
    const properties: JCalProperty[] = [
      ['prodid', {}, 'text', '-//PAIOS//Reminders & Calendar//EN'],
      ['version', {}, 'text', '2.0'],
    ]
    const ics = `${ICAL.stringify(['vcalendar', properties, [...zones, ...events]])}\r\n`
    const said = [sayCount(stored.length, 'event'), sayCount(reminders.length, 'reminder')]
    return { data: { ics }, text: `Here is your calendar with ${sayList(said)}.` }
  },
})

/** The description of a zone: from the database, or else as it came with the events. */
function zoneParts(tzid: string, parts: readonly JCal[], events: readonly JCal[], now: number): JCal[] {
  const known = databaseName(tzid)
  if (known === undefined) {
    return parts
      .filter(([name, properties]) => name === 'vtimezone' && properties.some((one) => one[3] === tzid))
      .slice(0, 1)
  }
  const starts = events.flatMap(([, properties]) => properties.filter(([name]) => name === 'dtstart'))
  const years = starts.map((start) => Number(String(start[3]).slice(0, 4))).filter((year) => year > 1970)
  const from = new Temporal.PlainDate(Math.min(...years, 2100), 1, 1).toZonedDateTime(known).epochMilliseconds
  return [zonePart(tzid, known, Math.min(from, now), now)]
}

function reminderPart({ id, at, body }: Stored<Reminder>, now: number): JCal {
  const { text, repeat, time_zone, first, until, except = [] } = body
  const stamp = Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' })
  const due = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(time_zone).toPlainDateTime()
  const start = due.toString({ smallestUnit: 'second' })
  const properties: JCalProperty[] = [
    ['uid', {}, 'text', `${id}${OWN}`],
    ['dtstamp', {}, 'date-time', stamp],
    time_zone === 'UTC'
      ? ['dtstart', {}, 'date-time', `${start}Z`]
      : ['dtstart', { tzid: time_zone }, 'date-time', start],
    ['summary', {}, 'text', text],
  ]
  if (repeat !== undefined) {
    const ends = until === undefined ? {} : { until: endOf(until, time_zone) }
    const recur = { ...rule(readRepeat(repeat), Temporal.PlainDateTime.from(first)), ...ends }
    properties.push(['rrule', {}, 'recur', recur])
    for (const day of except) {
      const skipped = Temporal.PlainDate.from(day).toPlainDateTime(due).toString({ smallestUnit: 'second' })
      properties.push(
        time_zone === 'UTC'
          ? ['exdate', {}, 'date-time', `${skipped}Z`]
          : ['exdate', { tzid: time_zone }, 'date-time', skipped],
      )
    }
  }
  const alarm: JCal = [
    'valarm',
    [
      ['action', {}, 'text', 'DISPLAY'],
      ['description', {}, 'text', text],
      ['trigger', {}, 'duration', 'PT0S'],
    ],
    [],
  ]
  return ['vevent', properties, [alarm]]
}

/** The last second of a day, as rules end, in UTC. */
function endOf(day: string, time_zone: string): string {
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(time_zone)
  return next.subtract({ seconds: 1 }).toInstant().toString({ smallestUnit: 'second' })
}

const FREQUENCIES = {
  minutes: 'MINUTELY',
  hours: 'HOURLY',
  days: 'DAILY',
  weeks: 'WEEKLY',
  months: 'MONTHLY',
  years: 'YEARLY',
}

/** A repetition as a rule. Where a month lacks the day, the last one before it is meant. */
export function rule(repeat: Rule, { day, month }: Temporal.PlainDateTime): Record<string, unknown> {
  if ('weekdays' in repeat) {
    return { freq: 'WEEKLY', byday: repeat.weekdays.map((number) => DAY_CODES[number - 1]) }
  }
  const interval = repeat.every === 1 ? {} : { interval: repeat.every }
  const plain = { freq: FREQUENCIES[repeat.unit], ...interval }
  const clamped = {
    bymonthday: Array.from({ length: Math.max(0, day - 27) }, (_, index) => 28 + index),
    bysetpos: -1,
  }
  if (repeat.unit === 'months' && day > 28) return { ...plain, ...clamped }
  if (repeat.unit === 'years' && month === 2 && day === 29) return { ...plain, bymonth: 2, ...clamped }
  return plain
}
