import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayCount, sayList, secondPerson } from '../say.ts'
import { action, shape } from '../skill.ts'
import { ReminderResult, shown, spokenEntry } from './record.ts'
import { waiting } from './waiting.ts'

export const list = action({
  summary: 'Lists the reminders and timers that have yet to ring.',
  parameters: shape({}),
  result: shape({ reminders: Type.Array(ReminderResult) }),
  effect: 'read',
  phrases: [
    '(list|show|read|read out) [me] [all] (my|the) (reminders|timers|alarms)',
    '(list|show|read) [me] [all] [my] (upcoming|pending) (reminders|timers|alarms)',
    '(list|show) [all] (reminders|timers|alarms)',
    'what are my (reminders|timers|alarms)',
    '(what|which) (reminders|timers|alarms) (do i have|have i got|are set|are there|are running|are pending) [set|coming up]',
    '(do i have|are there|have i got) any (reminders|timers|alarms) [set|running|coming up]',
    'what are you (going|supposed) to remind me (about|of)',
    'what have i asked you to remind me (about|of)',
    '(upcoming|pending|active) (reminders|timers|alarms)',
    'my (reminders|timers|alarms)',
  ],
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
  perform: async (can: Pick<Capabilities, 'clock' | 'records'>, _parameters) => {
    const { now, time_zone } = can.clock
    const records = await waiting(can)
    const reminders = records.map((record) => shown(record, time_zone))
    if (records.length === 0) return { data: { reminders }, text: 'No reminders are set.' }
    const said = records.map((record) => secondPerson(spokenEntry(record, now, time_zone)))
    return { data: { reminders }, text: `You have ${sayCount(said.length, 'reminder')}: ${sayList(said)}.` }
  },
})
