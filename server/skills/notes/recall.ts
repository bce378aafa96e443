import { Type } from 'typebox'
import type { Remembered } from '../capabilities.ts'
import { secondPerson, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { Limit, MemoryResult, Query, Tags, cleanTags, shown, sourceOf, textOf } from './memories.ts'
import type { Can } from './memories.ts'

const FOUND = 5

export const recall = action({
  summary: 'Finds what you told it.',
  parameters: shape({ query: Query, tags: Type.Optional(Tags), limit: Type.Optional(Limit) }),
  result: shape({ memories: Type.Array(MemoryResult) }),
  effect: 'read',
  slots: { query: 'text', tags: 'items', limit: 'number' },
  asked: 'query',
  questions: { query: 'What should I look for?' },
  phrases: [
    'what did i (say|tell you|note|write) [down] about {query}',
    'what have i (said|told you|noted) about {query}',
    'what do you (know|remember) about {query}',
    'what (did i|have i) (ask|asked|tell|told) you to (remember|keep in mind|note|note down) about {query}',
    '(did i|have i) (say|mention|note|told you|mentioned|noted) anything about {query}',
    'do you remember {query}',
    'recall {query}',
    '(search|check|look in|look through) my (notes|memory|memos) (for|about|on) {query}',
    '(find|show) [me] my (note|notes|memo|memos) (about|on) {query}',
    'find (notes|memories) (about|on) {query}',
    'find [up to] {limit} notes (about|on) {query}',
    'find notes tagged {tags} about {query}',
    'look up {query} in my notes',
    'where did i (put|leave|park|say) {query}',
    'what (is|was) my {query} (number|code|password|size|address)',
    'remind me (what|where|who|which) {query}',
    'my notes (about|on) {query}',
  ],
  examples: [
    'what was my bike lock code',
    'what did I tell you about Karin',
    'where did I put the passports',
    'do you remember when the landlord comes',
    'which size are my hiking boots again',
    "what's my licence plate",
    'look in my notes for the hotel name',
    'search what I told you for meter reading',
    'have I mentioned anything about winter tyres',
    'who has the spare key',
    'what was that podcast idea I had',
    'what am I allergic to',
    'tell me what you know about my sister',
    'find the note with the recipe',
    "when's Jonas' birthday, I told you once",
    'bring up my memo about the fence',
    'I noted down the alarm code somewhere, what was it',
    'can you recall what floor the printer is on',
    'what did I say my blood type was',
    'is there something in your memory about the seminar',
    'remind me where I parked',
    'pull up everything I said on the gate',
  ],
  perform: async (can: Can, { query, tags, limit = FOUND }) => {
    const filter = { limit, ...(tags === undefined ? {} : { tags: cleanTags(tags) }) }
    const found = await can.memory.search(query, filter)
    // What the user said comes before what others did, however well that fits.
    const own = found.filter(({ trust }) => trust === 'trusted')
    const ordered = [...own, ...found.filter(({ trust }) => trust === 'untrusted')]
    const best = ordered[0]
    const text = best === undefined ? `I have nothing noted about "${query.trim()}".` : answer(best)
    return { data: { memories: ordered.map(shown) }, text }
  },
})

/** The best entry as its author hears it: what they said themselves, or what was read elsewhere. */
function answer(best: Remembered): string {
  const source = sourceOf(best)
  return sentence(
    source === undefined ? `You said: ${secondPerson(textOf(best))}` : `From ${source}: ${textOf(best)}`,
  )
}
