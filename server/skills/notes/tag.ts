import { Type } from 'typebox'
import { sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { Id, Query, Tags, chosen, cleanTags, quoted } from './memories.ts'
import type { Can } from './memories.ts'

const TAGS_MAX = 32
const TAG_WORDS_MAX = 3

export const tag = action({
  summary: 'Adds tags to a note: the newest unless you say which.',
  parameters: shape({ memory_id: Type.Optional(Id), query: Type.Optional(Query), tags: Tags }),
  result: shape({ memory_id: Type.String(), tags: Type.Array(Type.String()) }),
  effect: 'write',
  verbatim: true,
  slots: { query: 'text', tags: 'items' },
  questions: { tags: 'Which tags?' },
  phrases: [
    '(tag|label|mark) (it|that|this) (as|with) {tags}',
    '(tag|label|mark) (it|that|this|that note|my last note) with the (tag|tags|label) {tags}',
    '(tag|label|mark) (that|this|my last|the last) (note|memo) [as|with] {tags}',
    '(tag|label) (the|my) {query} (note|memo) [as|with] {tags}',
    '(tag|label) (the|my) (note|memo) about {query} [as|with] {tags}',
    '(add|put) the (tag|tags) {tags} (to|on) (it|that|this)',
    '(add|put) the (tag|tags) {tags} (to|on) (that|this|my last|the last) (note|memo|memory)',
    '(add|put) the (tag|tags) {tags} (to|on) (the|my) {query} (note|memo|memory)',
    'file (it|that|this|that note|this note|that memo) under {tags}',
    'file (the|my) {query} note under {tags}',
  ],
  examples: [
    'tag it as travel',
    'label that note work',
    'add the tag recipes to my last note',
    'put a house tag on the landlord note',
    'file this under health',
    'mark the note about Karin with friends',
    'give the bike lock note the tag security',
    'that one belongs to the tag family',
    'tag my newest note with urgent and money',
    'sort the hotel note under holidays',
    'stick the label car on it',
    'can you tag the meter reading as flat',
    'the podcast note needs the tag ideas',
    'categorise that memo as garden',
    'hashtag books for the note I just made',
  ],
  // What is longer is what somebody says: "file that under things I never wanted to know".
  confirm: (_can: Can, { tags }) =>
    Promise.resolve(
      tags.some((one) => one.trim().split(/\s+/u).length > TAG_WORDS_MAX)
        ? `Shall I tag it with “${sayList(tags)}”?`
        : undefined,
    ),
  perform: async (can: Can, { tags, ...said }) => {
    const entry = await chosen(can, said, 'There are no notes to tag.')
    const all = cleanTags([...entry.tags, ...tags])
    if (all.length > TAGS_MAX) throw new ActionError(`A note can have ${TAGS_MAX} tags.`)
    await can.memory.retag(entry.id, all)
    return {
      data: { memory_id: entry.id, tags: all },
      text: `Tagged ${quoted(entry)} with ${sayList(cleanTags(tags))}.`,
    }
  },
})
