import { Type } from 'typebox'
import type { Static } from 'typebox'
import { ActionError, action, shape } from '../skill.ts'
import { ANSWER_BYTES_MAX } from './exchange.ts'
import { readEntries } from './feed/entries.ts'
import type { Entries } from './feed/entries.ts'
import { JSON_BYTES_MAX, jsonBytes } from './fit.ts'

export const FeedEntry = shape({
  /** What tells the entry apart from all others of its feed. */
  id: Type.String(),
  title: Type.String(),
  link: Type.Optional(Type.String()),
  published: Type.Optional(Type.String()),
  summary: Type.Optional(Type.String()),
})
export const Feed = shape({
  title: Type.Optional(Type.String()),
  /** Newest first, as the feed has them; at most 200. */
  entries: Type.Array(FeedEntry),
  /** Entries were left out, because these are all that may be handed on. */
  truncated: Type.Optional(Type.Literal(true)),
  untrusted: Type.Literal(true),
})
export type Feed = Static<typeof Feed>

/** Nobody says this one: `feed` hands it what it fetched, since parsing takes time that others need. */
export const parse_feed = action({
  summary: 'Reads the text of a feed (RSS, Atom or JSON).',
  parameters: shape({ text: Type.String({ minLength: 1, maxLength: ANSWER_BYTES_MAX }) }),
  result: Feed,
  effect: 'read',
  pure: true,
  questions: { text: 'Paste the text of the feed, please.' },
  phrases: [],
  examples: [],
  perform: async (_can, { text }) => {
    const data: Feed = { ...fitted(await readFeed(text)), untrusted: true }
    return { data, text: `The feed has ${data.entries.length} entries.` }
  },
})

/** @throws ActionError when it is no feed. */
export async function readFeed(text: string): Promise<Entries> {
  // Entities that a document declares itself are how a small one becomes a huge one; no feed needs them.
  if (/<!ENTITY/i.test(text))
    throw new ActionError('That feed declares entities of its own; I do not read those.')
  const { parseFeed } = await import('feedsmith')
  let parsed
  try {
    parsed = parseFeed(text)
  } catch (cause) {
    throw new ActionError('That is not a feed that I can read.', { cause })
  }
  return readEntries(parsed)
}

/** As many of the newest entries as may be handed on. */
function fitted(feed: Entries): Entries & { truncated?: true } {
  let room = JSON_BYTES_MAX - jsonBytes({ ...feed, entries: [], truncated: true, untrusted: true })
  const fits = (entry: Entries['entries'][number]): boolean => {
    room -= jsonBytes(entry) + ','.length
    return room >= 0
  }
  const past = feed.entries.findIndex((entry) => !fits(entry))
  return past < 0 ? feed : { ...feed, entries: feed.entries.slice(0, past), truncated: true }
}
