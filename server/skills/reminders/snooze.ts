import { Type } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import { sayChoice, secondPerson } from '../say.ts'
import { oneMatching } from '../match.ts'
import { ActionError, action, shape } from '../skill.ts'
import { REMINDERS, asCandidate, spokenEntry } from './record.ts'
import type { Reminder } from './record.ts'
import { iso, spokenTime } from './spoken.ts'
import { byId, running, waiting } from './waiting.ts'

/** How long after it rang a reminder is still the one that "snooze" means. */
const FRESH_MS = 86_400_000

type Can = Pick<Capabilities, 'clock' | 'records' | 'alarms'>

const TIMER = { kind: 'timer' } as const
/** Time that is added to a timer is a delay of what has yet to ring. */
const LONGER = {
  '(add|put) [another] {seconds} [more] (to|on|onto) (the|my|that) (timer|countdown)': TIMER,
  '(add|put) [another] {seconds} [more] (to|on|onto) (the|my|that) {text} (timer|countdown)': TIMER,
  'give (the|my|that) [{text}] timer [another] {seconds} [more]': TIMER,
  '(extend|lengthen|prolong) (the|my|that) [{text}] timer [by] {seconds}': TIMER,
  'make (the|my|that) [{text}] timer {seconds} longer': TIMER,
} as const

export const snooze = action({
  summary: 'Puts off the reminder that rang last, or else the next one; or gives a timer more time.',
  parameters: shape({
    reminder_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    seconds: Type.Integer({ minimum: 1, maximum: 31_622_400 }),
    kind: Type.Optional(Type.Enum(['timer'])),
  }),
  result: shape({ reminder_id: Type.String(), due: Type.String() }),
  effect: 'write',
  slots: { seconds: 'duration', text: 'text', kind: 'word' },
  questions: { seconds: 'For how long?' },
  phrases: [
    'snooze [it|that|this|the alarm|the reminder] [for] {seconds}',
    'snooze the {text} (reminder|timer|alarm) for {seconds}',
    'snooze [it|that|this|the alarm|the reminder]',
    '(remind|ask|tell|bug|wake) me [about it|about that] again in {seconds}',
    '(postpone|delay) [it|that|this] [by|for] {seconds}',
    '(postpone|delay) (the|that|this|my) (reminder|alarm) [by|for] {seconds}',
    '(postpone|delay) (the|my) {text} (reminder|alarm) [by|for] {seconds}',
    'push (it|that|this) [reminder] back [by] {seconds}',
    'push (the|my) {text} reminder back [by] {seconds}',
    '[give me] {seconds} more',
    'another {seconds}',
    'not now [ask|remind|tell|bug] [me] again in {seconds}',
    ...Object.keys(LONGER),
  ],
  presets: LONGER,
  examples: [
    'snooze it for a quarter of an hour',
    'ten more minutes please',
    'not now, remind me again in an hour',
    'postpone that by thirty minutes',
    'can you delay the alarm a bit, say five minutes',
    'snooze',
    'let me sleep another ten minutes',
    'push it back half an hour',
    'later, try me again in 20 minutes',
    'put that reminder off until two hours from now',
    'hold the laundry reminder for another hour',
    'I am on the phone, come back in five',
    'give me fifteen more minutes',
    'snooze the dentist reminder one day',
    'ask me again in a little while',
    'move the alarm back by ten minutes',
    'delay that one by an hour',
    'in a sec, snooze for two minutes',
  ],
  perform: async (can: Can, { reminder_id, text, seconds, kind }) => {
    const { now, time_zone } = can.clock
    const record = kind === undefined ? await chosen(can, reminder_id, text) : await oneTimer(can, text)
    // One that rang starts over from now; one that waits is put off from when it would have rung.
    const rang = record.body.status === 'rung' || isFresh(record, now)
    const due = (rang ? now : Math.max(now, record.at)) + seconds * 1000
    const { rang_at: _, ...rest } = record.body
    const body: Reminder = { ...rest, status: 'waiting' }
    await can.records.put(REMINDERS, { id: record.id, group: 'waiting', at: due, body })
    await can.alarms.set(record.id, due)
    const when = spokenTime(due, now, time_zone)
    const again = `I will come back to "${secondPerson(body.text)}" ${when}.`
    return {
      data: { reminder_id: record.id, due: iso(due, time_zone) },
      text: kind === undefined ? again : `The ${body.text} will be up ${when}.`,
    }
  },
})

async function chosen(can: Can, reminder_id?: string, text?: string): Promise<Stored<Reminder>> {
  if (reminder_id !== undefined) return await byId(can, reminder_id)
  const { now, time_zone } = can.clock
  const rung = await can.records.list<Reminder>(REMINDERS, { group: 'rung', from: now - FRESH_MS })
  const next = await waiting(can)
  if (text !== undefined) {
    const known = [...next, ...rung].map((record) => asCandidate(record, time_zone))
    const found = oneMatching(text, known)
    if (found === undefined) throw new ActionError(`There is no reminder like "${text}".`)
    return found
  }
  const rang = [...rung, ...next.filter((record) => isFresh(record, now))]
  const last = rang.toSorted((a, b) => (b.body.rang_at ?? 0) - (a.body.rang_at ?? 0))[0]
  const found = last ?? next[0]
  if (found === undefined) throw new ActionError('There is no reminder to snooze.')
  return found
}

/** The timer that runs. @throws ActionError when there is none, or none that is called so, or several. */
async function oneTimer(can: Can, label?: string): Promise<Stored<Reminder>> {
  const found = await running(can, label)
  const [timer] = found
  if (timer !== undefined && found.length === 1) return timer
  const { now, time_zone } = can.clock
  const said = found.map((record) => spokenEntry(record, now, time_zone))
  throw new ActionError(`Which timer do you mean: ${sayChoice(said)}?`)
}

function isFresh({ body }: Stored<Reminder>, now: number): boolean {
  return body.rang_at !== undefined && body.rang_at > now - FRESH_MS
}
