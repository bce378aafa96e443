import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { SPOKEN_MAX, sayCount, sayList } from '../say.ts'
import { readMoment } from '../reminders/moment.ts'
import { action, shape } from '../skill.ts'
import { Limit, MemoryResult, Tags, cleanTags, quoted, shown } from './memories.ts'

export const list = action({
  summary: 'Lists your notes, newest first.',
  parameters: shape({
    tags: Type.Optional(Tags),
    since: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    limit: Type.Optional(Limit),
  }),
  result: shape({ memories: Type.Array(MemoryResult) }),
  effect: 'read',
  slots: { tags: 'items', since: 'time', limit: 'number' },
  phrases: [
    '(list|show|read|read out) [me] [all] [of] (my|the) (notes|memories|memos)',
    '(list|show|read) [me] [all] (my|the) (notes|memories|memos) tagged {tags}',
    '(list|show|read) [me] [all] (my|the) (notes|memories|memos) since {since}',
    '[list|show|read] [me] [my|the] last {limit} (notes|memories|memos)',
    'what are my last {limit} notes',
    '(what|which) notes (do i have|have i got|are there)',
    'what are my notes',
    'what have i (noted|told you) [so far]',
    'what do you (remember|know) [about me]',
    'what (did i|have i) (ask|asked|tell|told) you to (remember|keep in mind|note|note down|memorise|memorize)',
    '(what|everything) i (asked|told) you to (keep in mind|remember|note down)',
    'my (notes|memories|memos)',
  ],
  examples: [
    'show all my notes',
    'which notes do I have',
    'read my memos to me',
    'list the things you remember',
    'what did I write down this week',
    'go through my notes please',
    'what have you memorised so far',
    'notes with the tag house',
    'show me the three newest notes',
    'let me look at everything I saved',
    'what is in your memory',
    'display my notes from yesterday',
    'open the notes',
    'all memories tagged travel please',
    'give me an overview of my notes',
    'how many notes are there',
    'what did I ask you to keep in mind',
  ],
  perform: async (can: Pick<Capabilities, 'memory' | 'clock'>, { tags, since, limit = 50 }) => {
    const found = await can.memory.list({
      limit,
      ...(tags === undefined ? {} : { tags: cleanTags(tags) }),
      ...(since === undefined ? {} : { since: utc(readMoment(since, can.clock.time_zone)) }),
    })
    const said = found.slice(0, SPOKEN_MAX + 1).map(quoted)
    const count = sayCount(found.length, 'note')
    return {
      data: { memories: found.map(shown) },
      text: found.length === 0 ? 'There are no such notes.' : `${count}: ${sayList(said, found.length)}.`,
    }
  },
})

function utc(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' })
}
