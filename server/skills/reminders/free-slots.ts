import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayCount, sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { freeSpans, workingHours } from './calendar/slots.ts'
import { upcoming } from './calendar/stored.ts'
import { iso, spokenSpan } from './spoken.ts'

const MINUTES = 30
const SLOTS_MAX = 100
/** Occurrences of one event in the longest time that can be asked for: a daily one has 93. */
const OCCURRENCES_MAX = 200

const moment = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }))

export const free_slots = action({
  summary: 'Finds times with no event in them, 09:00 to 18:00 unless you say otherwise.',
  parameters: shape({
    from: moment,
    to: moment,
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
    seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
  }),
  result: shape({
    slots: Type.Array(shape({ start: Type.String(), end: Type.String(), minutes: Type.Integer() })),
  }),
  effect: 'read',
  slots: { from: 'time', to: 'time', minutes: 'number', seconds: 'duration' },
  questions: { from: 'From when on?', to: 'Until when?', minutes: 'For how many minutes?' },
  phrases: [
    'when am i (free|available)',
    'when am i (free|available) [on|from] {from}',
    'when am i (free|available) between {from} and {to}',
    'when am i (free|available) from {from} (to|until) {to}',
    'when am i (free|available) for {seconds}',
    'when am i (free|available) for {seconds} [on] {from}',
    'when am i (free|available) {from} for {seconds}',
    'when (do i have|have i got) {seconds} [free] [on] {from}',
    '(find|look for) [me] [a] {seconds} [slot|gap|block] [on] {from}',
    '(find|look for) [me] [a] {seconds} [slot|gap|block] between {from} and {to}',
    '(find|look for) [me] a (free|open) slot [of {seconds}] [on] {from}',
    '(free|open) (slots|times) [on] {from}',
    '(free|open) (slots|times) between {from} and {to}',
    '(free|open) (slots|times)',
    '(do i have|have i got) [a gap of] {seconds} [free] [anywhere] [on] {from}',
    'am i (free|available) [on] {from}',
  ],
  examples: [
    'when do I have half an hour tomorrow',
    'find a free slot of forty five minutes this week',
    'am I free on Wednesday afternoon',
    'where is there a gap in my calendar on Monday',
    'show me open times next week',
    'could I fit in a call between two and five',
    'when can I meet Alex for an hour',
    'any free time on Friday',
    'look for twenty minutes today',
    'which times are still open tomorrow morning',
    'do I have space for a long lunch on Tuesday',
    'suggest some times for a ninety minute workshop',
    'is there an opening before noon',
    'when is my calendar empty this week',
    'I want to go running, when would that work on Saturday',
    'find time for a two hour meeting between Monday and Thursday',
    'am I available tomorrow at all',
    'list the gaps in my schedule today',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records'>, parameters) => {
    const { now, time_zone } = can.clock
    const minutes = lengthOf(parameters)
    const open = workingHours(parameters, now, time_zone)
    const first = open[0]
    const last = open.at(-1)
    if (first === undefined || last === undefined)
      throw new ActionError('There is no time left between these.')
    const window = { from: first.start, to: last.end, limit: OCCURRENCES_MAX }
    const busy = (await upcoming(can, window)).filter((one) => one.busy)
    const free = freeSpans(open, busy, minutes).slice(0, SLOTS_MAX)
    const slots = free.map(({ start, end }) => ({
      start: iso(start, time_zone),
      end: iso(end, time_zone),
      minutes: Math.floor((end - start) / 60_000),
    }))
    if (slots.length === 0) {
      return { data: { slots }, text: `There are no ${sayCount(minutes, 'minute')} free in that time.` }
    }
    const said = free.map((span) => spokenSpan(span, now, time_zone))
    return { data: { slots }, text: `You are free ${sayList(said)}.` }
  },
})

/** Spoken lengths come in seconds: "an hour". */
function lengthOf({ minutes, seconds }: { minutes?: number; seconds?: number }): number {
  if (minutes !== undefined && seconds !== undefined) {
    throw new ActionError('Give the length in minutes or in seconds, not in both.')
  }
  return minutes ?? (seconds === undefined ? MINUTES : Math.ceil(seconds / 60))
}
