import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { capitalised, secondPerson, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { spokenEvent, upcoming } from './calendar/stored.ts'
import type { EventOccurrence } from './calendar/stored.ts'
import { iso, spokenTime, zoned } from './spoken.ts'
import { waiting } from './waiting.ts'

type Can = Pick<Capabilities, 'clock' | 'records'>

const NextEvent = shape({
  kind: Type.Enum(['event', 'reminder']),
  id: Type.String(),
  title: Type.String(),
  location: Type.Optional(Type.String()),
  start: Type.String(),
  end: Type.String(),
  all_day: Type.Boolean(),
})

export const next_event = action({
  summary: 'Tells what comes next among your events and reminders.',
  parameters: shape({}),
  result: shape({ event: Type.Union([NextEvent, Type.Null()]) }),
  effect: 'read',
  phrases: [
    '(what|when) is (my|the) next (event|appointment|meeting|thing)',
    'what is (next|coming up) (on|in) (my|the) (calendar|agenda|schedule|diary)',
    'what (do i have|have i got) [on] next',
    'what (do i have|have i got) coming up',
    'what is next on',
    '(my|the) next (event|appointment|meeting)',
    'next (event|appointment|meeting)',
    'where do i (have|need) to be next',
    'how long (until|till) my next (event|appointment|meeting|thing) [starts]',
    '(is there|have i got|do i have) anything coming up (on|in) (my|the) (calendar|agenda|schedule|diary)',
  ],
  examples: [
    'what comes next on my calendar',
    'tell me about my next appointment',
    'when do I have to be somewhere next',
    'do I have something coming up',
    "what's up next for me",
    'is there a meeting soon',
    'next thing on my schedule please',
    'which event is next',
    'what is the next thing I have planned',
    'how long until my next appointment',
    'am I due anywhere soon',
    "when's the next thing in my diary",
    'who am I meeting next',
    'what should I get ready for next',
    'upcoming appointment',
    'read me the next entry in my calendar',
  ],
  perform: async (can: Can, _parameters) => {
    const { now, time_zone } = can.clock
    const event = await nextOccurrence(can)
    const reminder = (await waiting(can)).find(({ body, at }) => body.kind === 'reminder' && at > now)
    if (reminder !== undefined && (event === undefined || reminder.at < event.start)) {
      const { id, at, body } = reminder
      const due = iso(at, time_zone)
      return {
        data: {
          event: { kind: 'reminder' as const, id, title: body.text, start: due, end: due, all_day: false },
        },
        text: sentence(`Next is a reminder: ${secondPerson(body.text)}, ${spokenTime(at, now, time_zone)}`),
      }
    }
    if (event === undefined) return { data: { event: null }, text: 'Nothing is coming up.' }
    const { event_id, title, location, start, end, all_day } = event
    const place = location === undefined ? '' : `, ${location}`
    return {
      data: {
        event: {
          kind: 'event' as const,
          id: event_id,
          title,
          ...(location === undefined ? {} : { location }),
          start: iso(start, time_zone),
          end: iso(end, time_zone),
          all_day,
        },
      },
      text: sentence(`Next is ${capitalised(spokenEvent(event, now, time_zone))}${place}`),
    }
  },
})

/** The next occurrence that has yet to begin, within a year. */
async function nextOccurrence(can: Can): Promise<EventOccurrence | undefined> {
  const { now, time_zone } = can.clock
  const to = zoned(now, time_zone).add({ years: 1 }).epochMilliseconds
  // One that goes on now may come first, so that two of each event are needed.
  const found = await upcoming(can, { from: now, to, limit: 2 })
  return found.find(({ start }) => start > now)
}
