import { Type } from 'typebox'
import { sayCount, sayList } from '../say.ts'
import type { Capabilities, Remembered } from '../capabilities.ts'
import { ActionError, action, pieces, shape } from '../skill.ts'
import { Id, Query, Tags, chosen, cleanTags, meant, quoted } from './memories.ts'
import type { Can as Notes } from './memories.ts'

type Can = Notes & Pick<Capabilities, 'clock'>

const Parameters = shape({
  memory_id: Type.Optional(Id),
  query: Type.Optional(Query),
  tags: Type.Optional(Tags),
  everything: Type.Optional(Type.Boolean()),
  /** The note that was made last. */
  newest: Type.Optional(Type.Boolean()),
  /** Said as people say "never mind": it is asked about. */
  perhaps: Type.Optional(Type.Boolean()),
})
const Result = shape({ forgotten: Type.Integer(), memory_ids: Type.Array(Type.String()) })
type Said = Type.Static<typeof Parameters>

/** Ids that are answered; there may be thousands. */
const NAMED_MAX = 500
/** "Forget that" means what was just said; an older note is named before it goes. */
const JUST_MS = 120_000
const NEWEST = [
  'forget (that|this) [again]',
  'forget it again',
  '(forget|delete|erase) what i [just|last] (said|told you|noted) [just now|last]',
  'you can forget what i [just] (said|told you)',
  '(forget|delete|remove|erase|drop) (that|this|my last|my newest|the last|the newest) (note|memo)',
  'stop remembering (it|that|this)',
  'do not remember (it|that|this)',
]

export const forget = action({
  summary: 'Deletes notes.',
  parameters: Parameters,
  result: Result,
  effect: 'destructive',
  ends: true,
  slots: { query: 'text' },
  needsOne: ['query', 'memory_id', 'tags', 'everything', 'newest'],
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
    ...NEWEST,
    'forget it',
    'forget everything [you know|i told you]',
    '(delete|erase|remove) (all [of] my|all|every) (notes|note|memories|memory)',
  ],
  presets: {
    ...Object.fromEntries(NEWEST.map((phrase) => [phrase, { newest: true }])),
    'forget it': { newest: true, perhaps: true },
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
    if (said.newest === true) return old(can, said.perhaps === true ? 0 : JUST_MS)
    if (query === undefined) {
      const count = (await all(can, said)).length
      return count < 2 ? undefined : `That deletes ${sayCount(count, 'note')}. Shall I?`
    }
    const found = await meant(can, query)
    if (found.length < 2) return undefined
    return `That deletes ${sayCount(found.length, 'note')}: ${sayList(found.map(quoted))}. Shall I?`
  },
  perform: async (can: Can, { memory_id, query, ...said }) => {
    const { newest } = said
    if (memory_id === undefined && query === undefined && newest !== true) {
      const ids = await all(can, said)
      await can.memory.forget(ids)
      return told(ids, ids.length)
    }
    const one = memory_id !== undefined || newest === true
    const found = one
      ? [await chosen(can, memory_id === undefined ? {} : { memory_id })]
      : await matched(can, query)
    const memory_ids = found.map(({ id }) => id)
    const forgotten = await can.memory.forget(memory_ids)
    return { data: { forgotten, memory_ids }, text: `Forgotten: ${sayList(found.map(quoted))}.` }
  },
  pieces: pieces<keyof Can, typeof Parameters, typeof Result, string>({
    plan: async (can, { memory_id, query, newest, ...said }) =>
      memory_id === undefined && query === undefined && newest !== true ? all(can, said) : [],
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

/** What is asked about the newest note when it was not made within so long. */
async function old(can: Can, just_ms: number): Promise<string | undefined> {
  const [newest] = await can.memory.list({ limit: 1 })
  if (newest === undefined || can.clock.now - Date.parse(newest.created_at) < just_ms) return undefined
  return `The newest note is ${quoted(newest)}. Shall I forget it?`
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
