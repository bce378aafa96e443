import { Type } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import { capitalised, sayCount, sayDuration, sayList, secondPerson } from '../say.ts'
import { action, shape } from '../skill.ts'
import { ReminderResult, shown, spokenEntry } from './record.ts'
import type { Reminder } from './record.ts'
import { stretch } from './stretch.ts'
import { NONE_RUNS, named, ringing, timers, waiting } from './waiting.ts'

const RUNNING = { kind: 'timer' } as const
/** What is asked of timers alone is answered by what is left of each. */
const TIMERS = {
  '(list|show|read) [me] [all] [my|the] [running|active] timers': RUNNING,
  '(what|which) timers (do i have|have i got|are set|are there|are running|are active) [set|running]':
    RUNNING,
  '(do i have|have i got|are there|are|is there|is) (any|a) (timers|timer) [set|running|going]': RUNNING,
  '[what are] (my|the [running|active]) timers': RUNNING,
  'how (long|much time|much longer|much) is [still] left [on (the|my|all|that) (timer|timers)]': RUNNING,
  'how (long|much time|much longer|much) (do i have|have i got) [still] left [on (the|my) (timer|timers)]':
    RUNNING,
  'how (long|much time|much longer|much) is [still] left (on|for) (the|my) {label} timer': RUNNING,
  'how (long|much time|much longer) (does|has) (the|my) [{label}] timer [have|got] (left|to go)': RUNNING,
  'when (is|will) (the|my) [{label}] timer [be] (up|over|done|finished|ring|go off|end)': RUNNING,
} as const

export const list = action({
  summary: 'Lists the reminders and timers that have yet to ring, and tells what is left of a timer.',
  parameters: shape({
    kind: Type.Optional(Type.Enum(['timer'])),
    day: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    until: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  }),
  result: shape({ reminders: Type.Array(ReminderResult) }),
  effect: 'read',
  slots: { kind: 'word', label: 'title', day: 'time', until: 'time' },
  phrases: [
    '(list|show|read|read out) [me] [all] [my|the] (reminders|alarms)',
    '[list|show|read] [me] [all] [my] (upcoming|pending) (reminders|timers|alarms)',
    '[what are] my (reminders|alarms)',
    '(list|show|read|tell) [me] (my|the) (reminders|alarms) [on|for] {day}',
    '[what are] my (reminders|alarms) [on|for] {day}',
    '(what|which) (reminders|alarms) (do i have|have i got|are set|are there) [set] [on|for] {day}',
    '(do i have|are there|have i got) any (reminders|alarms) [set] [on|for] {day}',
    '(what|which) (reminders|alarms) (do i have|have i got|are set|are there|are running|are pending) [set|coming up]',
    '(do i have|are there|have i got) any (reminders|alarms) [set|running|coming up]',
    'what are you (going|supposed) to remind me (about|of)',
    'what have i asked you to remind me (about|of)',
    ...Object.keys(TIMERS),
  ],
  presets: TIMERS,
  examples: [
    'show me my reminders',
    'which reminders are set',
    'what alarms do I have for tomorrow',
    'are any timers running',
    'read out all reminders',
    'do I have any reminders left today',
    'what is it you will remind me of',
    'how much time is left on the timers',
    'list everything you are going to nudge me about',
    'have I got reminders next week',
    'go over my pending alarms with me',
    'how many reminders are there',
    'see what reminders are still waiting',
    'which timers did I start',
    'any alerts set for this evening',
    'tell me the reminders I gave you',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records'>, { kind, label, day, until }) => {
    const { now, time_zone } = can.clock
    const span = day === undefined ? undefined : stretch({ day, until }, now, time_zone)
    const all = kind === undefined ? await waiting(can) : await timersOf(can, label)
    const records = span === undefined ? all : ringing(all, span)
    const reminders = records.map((record) => shown(record, time_zone))
    if (kind !== undefined) return { data: { reminders }, text: left(records, now) }
    const when = span === undefined ? '' : ` ${span.name}`
    if (records.length === 0) return { data: { reminders }, text: `No reminders are set${when}.` }
    const said = records.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    return {
      data: { reminders },
      text: `You have ${sayCount(said.length, 'reminder')}${when}: ${sayList(said)}.`,
    }
  },
})

/** That none runs at all is an answer, and that none is of a name is not. */
async function timersOf(
  can: Pick<Capabilities, 'clock' | 'records'>,
  label: string | undefined,
): Promise<Stored<Reminder>[]> {
  const all = await timers(can)
  return all.length === 0 ? all : named(all, label, can.clock.time_zone)
}

/** "The egg timer has 4 minutes left." */
function left(running: readonly Stored<Reminder>[], now: number): string {
  if (running.length === 0) return NONE_RUNS
  const said = running.map(({ at, body }) => {
    // One that is due rings within the second.
    const seconds = Math.max(1, Math.ceil((at - now) / 1000))
    return `the ${body.text} has ${sayDuration(seconds)} left`
  })
  const all = sayList(said)
  return running.length === 1 ? `${capitalised(all)}.` : `${running.length} timers are running: ${all}.`
}
