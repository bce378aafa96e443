import { Type } from 'typebox'
import type { Static } from 'typebox'
import { PAGE_CHARACTERS_MAX, readPage } from '../fetcher/page.ts'
import { FeedEntry, readFeed } from '../fetcher/parse-feed.ts'
import { action, shape } from '../skill.ts'

export const Source = shape({
  title: Type.Optional(Type.String()),
  /** Of a page. */
  text: Type.Optional(Type.String()),
  /** Of a feed. */
  entries: Type.Optional(Type.Array(FeedEntry)),
})
export type Source = Static<typeof Source>

/** Nobody says this one: checks hand it what they fetched, since reading it takes time that others need. */
export const read_source = action({
  summary: 'Reads the text of a page or the entries of a feed out of its source.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: PAGE_CHARACTERS_MAX }),
    format: Type.Enum(['feed', 'page']),
  }),
  result: Source,
  effect: 'read',
  pure: true,
  questions: { text: 'Paste the source, please.', format: 'Is it a feed or a page?' },
  phrases: [],
  examples: [],
  perform: async (_can, { text, format }) => {
    const data: Source = format === 'feed' ? await readFeed(text) : await readPage(text)
    return { data, text: data.title ?? '' }
  },
})
