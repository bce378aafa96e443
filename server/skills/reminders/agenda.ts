import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { matching } from '../match.ts'
import { capitalised, sayList, secondPerson, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { spokenEvent, upcoming } from './calendar/stored.ts'
import { isDayOnly } from './moment.ts'
import { stretch } from './stretch.ts'
import { iso, spokenClock, spokenTime, zoned } from './spoken.ts'
import { ringing, waiting } from './waiting.ts'

type Can = Pick<Capabilities, 'clock' | 'records'>

/** Times of one event that are found in a stretch of time. */
const EACH_MAX = 10
const FOUND_MAX = 100

const Entry = shape({
  kind: Type.Enum(['event', 'reminder']),
  id: Type.String(),
  title: Type.String(),
  start: Type.String(),
  all_day: Type.Boolean(),
})
type Entry = Static<typeof Entry>

const CALENDAR = '(calendar|agenda|schedule|diary)'
export const agenda = action({
  summary: 'Tells what is in your calendar on a day.',
  parameters: shape({
    day: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    until: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  result: shape({ entries: Type.Array(Entry) }),
  effect: 'read',
  slots: { day: 'time', until: 'time' },
  questions: { day: 'On which day?' },
  phrases: [
    '(what is|what is there|is there anything|anything) (on|happening|planned|going on) [on|for] {day}',
    'what happens [on] {day}',
    '[tell me] (what do i have|what have i got|what i have|do i have anything) [planned|on] [on|for] {day}',
    '(what is|what do i have|what have i got) (on|in) my (calendar|agenda|schedule|diary) [on|for] {day}',
    '(what is|what do i have|what have i got) (on|in) my (calendar|agenda|schedule|diary)',
    'what are my (plans|appointments|events|meetings) [on|for] {day}',
    `(show|read|tell) [me] my ${CALENDAR} [on|for|of] {day}`,
    `my ${CALENDAR} [on|for] {day}`,
    'do i have (plans|appointments|meetings) [on|for] {day}',
    'what does (my day|my evening|my calendar|it) look like [on] {day}',
    'what does {day} look like',
  ],
  examples: [
    'what is on in my diary on the fourth of May',
    'which appointments do I have on Tuesday',
    'what is planned for Saturday evening',
    'tell me what is in my calendar next Friday',
    'is something in my calendar on 10 December',
    'how does my Thursday look',
    'which events are there tomorrow',
    'what am I doing on Sunday',
    'give me my agenda for the day after tomorrow',
    'anything in the calendar this evening',
    'what appointments are there on Monday morning',
    'which meetings are on Wednesday',
    'what have I planned for the first of June',
    'read me the appointments of next Tuesday',
    'what is in the calendar for New Year',
    'show the events on 3 March',
  ],
  perform: async (can: Can, said) => {
    const { now, time_zone } = can.clock
    const { from, to, name } = stretch(
      said.day === undefined ? nextDays(now, time_zone) : { ...said, day: said.day },
      now,
      time_zone,
    )
    const entries = await within(can, from, to)
    // Of one day it need not be said of each that it is on it.
    const texts = entries.map((entry) =>
      spoken(
        entry,
        can.clock,
        said.day !== undefined && (said.until === undefined || !isDayOnly(said.until)),
      ),
    )
    const text =
      texts.length === 0 ? `Nothing is in your calendar ${name}.` : `${capitalised(name)}: ${sayList(texts)}.`
    return { data: { entries }, text }
  },
})

/** Where no day is said. */
const DAYS_AHEAD = 7

function nextDays(now: number, time_zone: string): { day: string; until: string } {
  const today = zoned(now, time_zone).toPlainDate()
  return { day: String(today), until: String(today.add({ days: DAYS_AHEAD })) }
}

export const find_event = action({
  summary: 'Tells when an event or a reminder of yours is.',
  parameters: shape({ query: Type.String({ minLength: 1, maxLength: 200 }) }),
  result: shape({ entries: Type.Array(Entry) }),
  effect: 'read',
  slots: { query: 'text' },
  questions: { query: 'Which event do you mean?' },
  phrases: [
    'when (is|are) [my|the|our] [next] {query} (appointment|meeting|event|session|call|interview|exam)',
    'when (is|are) [my|the|our] [next] {query} (practice|class|lesson|course|training|rehearsal|game|match)',
    'when (is|are) [my|the|our] [next] {query} (party|concert|dinner|lunch|trip|flight|visit|holiday)',
    'when is [my|the|our] [next] (appointment|meeting|call|lunch|dinner|visit) (with|at) {query}',
    '(at what time|what time) is [my|the|our] {query} (appointment|meeting|practice|class|lesson|party)',
    'when do i have {query} (practice|class|training|lessons)',
    'find [the|my] (event|appointment|meeting) [about|with|called] {query}',
    'look for {query} in my (calendar|agenda|diary)',
    'when is {query} in my (calendar|agenda|diary)',
  ],
  examples: [
    'when is choir practice',
    'when is my dentist appointment',
    'at what time does the yoga class begin',
    'on which day is the parents evening',
    'when do we meet Karin',
    'when does my flight leave',
    'what day is the team meeting',
    'look up the concert in my calendar',
    'when was the piano lesson again',
    'tell me when the school trip is',
    'is the book club this week or next',
    'what time is my interview',
    'when exactly is the staff party',
    'which day is football training',
    'when will the plumber come according to my calendar',
    'find the doctor in my diary',
  ],
  perform: async (can: Can, { query }) => {
    const { now, time_zone } = can.clock
    const to = zoned(now, time_zone).add({ years: 1 }).epochMilliseconds
    const all = await within(can, now, to, 1)
    const entries = matching(
      query,
      all.map((entry) => ({ value: entry, text: entry.title })),
    )
    const texts = entries.map((entry) => spoken(entry, can.clock))
    const text =
      texts.length === 0
        ? `I find nothing called "${query.trim()}" in your calendar or among your reminders.`
        : sentence(capitalised(sayList(texts)))
    return { data: { entries }, text }
  },
})

/** Events and reminders of a stretch of time, soonest first. */
async function within(can: Can, from: number, to: number, limit = EACH_MAX): Promise<Entry[]> {
  const { time_zone } = can.clock
  const events = (await upcoming(can, { from, to, limit })).map(({ event_id, title, start, all_day }) => ({
    at: start,
    entry: { kind: 'event' as const, id: event_id, title, start: iso(start, time_zone), all_day },
  }))
  const set = (await waiting(can)).filter(({ body }) => body.kind === 'reminder')
  const reminders = ringing(set, { from, to }).map(({ id, at, body }) => ({
    at,
    entry: { kind: 'reminder' as const, id, title: body.text, start: iso(at, time_zone), all_day: false },
  }))
  return [...events, ...reminders]
    .toSorted((a, b) => a.at - b.at)
    .slice(0, FOUND_MAX)
    .map(({ entry }) => entry)
}

function spoken(
  { kind, title, start, all_day }: Entry,
  { now, time_zone }: Can['clock'],
  on_the_day = false,
): string {
  const at = Temporal.Instant.from(start).epochMilliseconds
  const name = kind === 'event' ? title : `the reminder to ${secondPerson(title)}`
  if (on_the_day) return all_day ? name : `${name} at ${spokenClock(at, time_zone)}`
  return kind === 'event'
    ? spokenEvent({ title, start, all_day }, now, time_zone)
    : `${name} ${spokenTime(at, now, time_zone)}`
}
