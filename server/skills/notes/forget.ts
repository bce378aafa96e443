import { Type } from 'typebox'
import { sayCount, sayList } from '../say.ts'
import type { Remembered } from '../capabilities.ts'
import { ActionError, action, shape } from '../skill.ts'
import { Id, Query, byId, meant, quoted } from './memories.ts'
import type { Can } from './memories.ts'

export const forget = action({
  summary: 'Deletes notes.',
  parameters: shape({ memory_id: Type.Optional(Id), query: Type.Optional(Query) }),
  result: shape({ forgotten: Type.Integer(), memory_ids: Type.Array(Type.String()) }),
  effect: 'destructive',
  slots: { query: 'text' },
  questions: { query: 'Which note should I forget?' },
  phrases: [
    '[you can] (forget|drop) what i (said|told you|noted) about {query}',
    'forget my {query}',
    '(delete|remove|erase|drop) (the|my|that) (note|notes|memory|memo) (about|on|for) {query}',
    '(delete|remove|erase|drop) (the|my|that) {query} (note|memo)',
    '(delete|remove|erase) what i (said|told you|noted) about {query}',
    '(erase|wipe|delete) {query} from your memory',
    'stop remembering {query}',
    'get rid of (the|my|that) (note|memory|memo) (about|on) {query}',
    'forget everything about {query}',
  ],
  examples: [
    'forget the bike lock code',
    'delete my note about the landlord',
    'erase what I said about Karin',
    'you do not need to remember the hotel any longer',
    'remove the memo about the fence',
    'the alarm code note is out of date, delete it',
    'clear the note on winter tyres',
    'wipe my blood type from your memory',
    'please forget where the passports are',
    'throw away the podcast idea',
    'unlearn my licence plate',
    'that note about the seminar can be deleted',
    'drop everything you know about my sister',
    'discard the meter reading I gave you',
    "forget what I told you about Jonas' birthday",
    'I sold the boots, remove that note',
  ],
  confirm: async (can: Can, { memory_id, query }) => {
    if (memory_id !== undefined || query === undefined) return undefined
    const found = await meant(can, query)
    if (found.length < 2) return undefined
    return `That deletes ${sayCount(found.length, 'note')}: ${sayList(found.map(quoted))}. Shall I?`
  },
  perform: async (can: Can, { memory_id, query }) => {
    const found = memory_id === undefined ? await matched(can, query) : [await byId(can, memory_id)]
    const memory_ids = found.map(({ id }) => id)
    const forgotten = await can.memory.forget(memory_ids)
    return { data: { forgotten, memory_ids }, text: `Forgotten: ${sayList(found.map(quoted))}.` }
  },
})

async function matched(can: Can, query?: string): Promise<Remembered[]> {
  if (query === undefined) throw new ActionError('Which note should I forget?')
  const found = await meant(can, query)
  if (found.length > 0) return found
  const near = await can.memory.search(query, { limit: 3 })
  if (near.length === 0) throw new ActionError(`I have nothing noted about "${query}".`)
  throw new ActionError(`No note is about "${query}". The nearest: ${sayList(near.map(quoted))}.`)
}
