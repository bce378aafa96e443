import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import type { Action } from '../skill.ts'
import { Id, Query, chosen, quoted } from './memories.ts'
import type { Can } from './memories.ts'

const THAT = '(it|that|this|that note|this note)'
const LAST = '(that|this|my last|my newest|the last|the newest) (note|memo)'
const SAID = 'what i [just|last] (said|told you|noted)'

function pinning(
  pinned: boolean,
  { summary, examples, phrases }: Pick<Action, 'summary' | 'examples' | 'phrases'>,
) {
  return action({
    summary,
    parameters: shape({ memory_id: Type.Optional(Id), query: Type.Optional(Query) }),
    result: shape({ memory_id: Type.String(), pinned: Type.Boolean() }),
    effect: 'write',
    slots: { query: 'text' },
    phrases,
    examples,
    perform: async (can: Can, said) => {
      const entry = await chosen(can, said)
      await can.memory.pin(entry.id, pinned)
      const text = `${pinned ? 'Pinned' : 'No longer pinned'}: ${quoted(entry)}.`
      return { data: { memory_id: entry.id, pinned }, text }
    },
  })
}

export const pin = pinning(true, {
  summary: 'Pins a note, so that it does not expire: the newest unless you say which.',
  phrases: [
    ...ways('pin'),
    `keep ${THAT} (forever|for good|for ever|pinned)`,
    `(mark|make) ${THAT} [as] (pinned|permanent)`,
    `never forget ${THAT}`,
  ],
  examples: [
    'pin the note about the boiler',
    'please keep that note for good',
    'pin my last note so it stays',
    'pin the landlord memo',
    'that note must never expire',
    'can you pin what I told you about Karin',
    'put a pin in the note on the alarm code',
    'I want the hotel note pinned',
    'pin the passport memo for me',
    'make sure the note about my blood type is never swept away',
    'stick a pin on that memo',
    'the podcast idea should stay for good, pin it',
    'keep the bike lock note permanently',
    'pin the thing I noted about the tyres',
    'let the gate code note stay for ever',
    'pin down the note about the seminar',
  ],
})

export const unpin = pinning(false, {
  summary: 'Lets a pinned note expire again: the newest unless you say which.',
  phrases: [
    ...ways('unpin'),
    `do not keep ${THAT} (forever|for good|for ever|pinned)`,
    `(take|remove) the pin (off|from) ${THAT}`,
  ],
  examples: [
    'unpin the note about the boiler',
    'that note need not be pinned any more',
    'unpin my last note',
    'take the pin off the landlord memo',
    'the pinned note about Karin may expire',
    'let go of the pin on the alarm code note',
    'I no longer want the hotel note pinned',
    'remove the pin from the passport memo',
    'unpin what I told you about my blood type',
    'the podcast idea need not stay pinned',
    'please unpin the bike lock note',
    'undo the pin of the gate code note',
    'stop pinning the seminar note',
    'release the pinned memo about the tyres',
    'the landlord note does not have to stay for good',
  ],
})

function ways(verb: string): string[] {
  return [
    `${verb} ${THAT}`,
    `${verb} ${LAST}`,
    `${verb} ${SAID} [just now|last]`,
    `${verb} ${SAID} about {query}`,
    `${verb} (the|my|that) (note|notes|memo|memory) (about|on|for) {query}`,
    `${verb} (the|my|that) {query} (note|memo)`,
  ]
}
