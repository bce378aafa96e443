import { Type } from 'typebox'
import { sayCount, sayList } from '../say.ts'
import type { Remembered } from '../capabilities.ts'
import { ActionError, action, pieces, shape } from '../skill.ts'
import { Id, Query, Tags, byId, cleanTags, meant, quoted } from './memories.ts'
import type { Can } from './memories.ts'

const Parameters = shape({
  memory_id: Type.Optional(Id),
  query: Type.Optional(Query),
  tags: Type.Optional(Tags),
  everything: Type.Optional(Type.Boolean()),
})
const Result = shape({ forgotten: Type.Integer(), memory_ids: Type.Array(Type.String()) })
type Said = Type.Static<typeof Parameters>

/** Ids that are answered; there may be thousands. */
const NAMED_MAX = 500

export const forget = action({
  summary: 'Deletes notes.',
  parameters: Parameters,
  result: Result,
  effect: 'destructive',
  slots: { query: 'text' },
  needsOne: ['query', 'memory_id', 'tags', 'everything'],
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
    'forget everything [you know|i told you]',
    '(delete|erase|remove) (all [of] my|all|every) (notes|note|memories|memory)',
  ],
  presets: {
    'forget everything [you know|i told you]': { everything: true },
    '(delete|erase|remove) (all [of] my|all|every) (notes|note|memories|memory)': { everything: true },
  },
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
  confirm: async (can: Can, { memory_id, query, ...said }) => {
    if (memory_id !== undefined) return undefined
    if (query === undefined) {
      const count = (await all(can, said)).length
      return count < 2 ? undefined : `That deletes ${sayCount(count, 'note')}. Shall I?`
    }
    const found = await meant(can, query)
    if (found.length < 2) return undefined
    return `That deletes ${sayCount(found.length, 'note')}: ${sayList(found.map(quoted))}. Shall I?`
  },
  perform: async (can: Can, { memory_id, query, ...said }) => {
    if (memory_id === undefined && query === undefined) {
      const ids = await all(can, said)
      await can.memory.forget(ids)
      return told(ids, ids.length)
    }
    const found = memory_id === undefined ? await matched(can, query) : [await byId(can, memory_id)]
    const memory_ids = found.map(({ id }) => id)
    const forgotten = await can.memory.forget(memory_ids)
    return { data: { forgotten, memory_ids }, text: `Forgotten: ${sayList(found.map(quoted))}.` }
  },
  pieces: pieces<keyof Can, typeof Parameters, typeof Result, string>({
    plan: async (can, { memory_id, query, ...said }) =>
      memory_id === undefined && query === undefined ? all(can, said) : [],
    each: async (can, id) => void (await can.memory.forget([id])),
    join: (_parameters, done, count) => told(done, count),
  }),
})

/** Everything, or everything with these tags. */
async function all(can: Can, { tags, everything }: Pick<Said, 'tags' | 'everything'>): Promise<string[]> {
  if (tags === undefined && everything !== true) throw new ActionError('Which note should I forget?')
  const ids = await can.memory.ids(tags === undefined ? {} : { tags: cleanTags(tags) })
  if (ids.length === 0) throw new ActionError('There is nothing to forget.')
  return ids
}

function told(ids: readonly string[], count: number) {
  const data = { forgotten: count, memory_ids: ids.slice(0, NAMED_MAX) }
  return { data, text: `Forgotten: ${sayCount(count, 'note')}.` }
}

async function matched(can: Can, query?: string): Promise<Remembered[]> {
  if (query === undefined) throw new ActionError('Which note should I forget?')
  const found = await meant(can, query)
  if (found.length > 0) return found
  const near = await can.memory.search(query, { limit: 3 })
  if (near.length === 0) throw new ActionError(`I have nothing noted about "${query}".`)
  throw new ActionError(`No note is about "${query}". The nearest: ${sayList(near.map(quoted))}.`)
}
