import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { capitalised, sayDuration } from '../say.ts'
import { action, shape } from '../skill.ts'
import { iso, spokenTime, zoned } from './spoken.ts'
import { keep } from './waiting.ts'

export const timer = action({
  summary: 'Counts down, and tells you when the time is up.',
  parameters: shape({
    seconds: Type.Integer({ minimum: 1, maximum: 31_622_400 }),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  }),
  result: shape({ reminder_id: Type.String(), due: Type.String() }),
  effect: 'write',
  slots: { seconds: 'duration', label: 'name' },
  questions: { seconds: 'For how long?' },
  phrases: [
    '(set|start|make|run) [a|an|the|another] timer (for|of) {seconds}',
    '(set|start|make|run) [a|an|the|another] {seconds} timer',
    '(set|start|make|run) [a|an|the|another] {label} timer (for|of) {seconds}',
    '(set|start|make|run) [a|an|the|another] {seconds} timer (called|named|for) [the] {label}',
    '(set|start|make|run) [a|an|the|another] timer (called|named) {label} for {seconds}',
    'timer [for|of] {seconds}',
    '{seconds} timer',
    '{label} timer [for|of] {seconds}',
    'time me for {seconds}',
    'time {seconds}',
    'count down [from] {seconds}',
    'countdown [of|from] {seconds}',
    '(start|set) a countdown (of|for|from) {seconds}',
    '(set|start|run) [a|an|the|another] timer',
    '(let me know|tell me|beep) when {seconds} (is|are|have|has) (up|over|passed|gone by)',
    'give me {seconds} on the clock',
  ],
  examples: [
    'set a timer for twelve minutes',
    'ten minute timer please',
    'start a timer for an hour and a quarter',
    'can you time five minutes for me',
    'timer, forty seconds',
    'rice timer for eighteen minutes',
    'count down two minutes',
    'start the clock, I have thirty minutes',
    'give me a three minute egg timer',
    'put a timer on for half an hour',
    'set a timer called laundry for 50 minutes',
    'I need a countdown of one minute',
    'tea is brewing, four minutes',
    'beep in ninety seconds',
    'let me know when a quarter of an hour has passed',
    'time my break, fifteen minutes',
    'another timer, this one for the cake, 35 minutes',
    'start timing twenty minutes',
    'run a timer',
    'pizza in the oven, tell me in 14 mins',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records' | 'alarms'>, { seconds, label }) => {
    const { now, time_zone } = can.clock
    const due = now + seconds * 1000
    const text = timerName(seconds, label)
    const first = String(zoned(due, time_zone).toPlainDateTime())
    const body = { kind: 'timer', text, status: 'waiting', first, time_zone } as const
    const { id } = await keep(can, due, body)
    const name = label === undefined ? 'Timer' : capitalised(text)
    const until = `It will be up ${spokenTime(due, now, time_zone)}.`
    return {
      data: { reminder_id: id, due: iso(due, time_zone) },
      text: `${name} set for ${sayDuration(seconds)}. ${until}`,
    }
  },
})

/** "pasta timer", or "10 minute timer" without a label. */
function timerName(seconds: number, label?: string): string {
  if (label !== undefined) return `${label.trim().replace(/^(?:an?|the|my) |\s*timer$/gi, '')} timer`
  return `${sayDuration(seconds).replaceAll(/(day|hour|minute|second)s\b/g, '$1')} timer`
}
