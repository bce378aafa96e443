import { Value } from 'typebox/value'
import type { Capabilities } from '../capabilities.ts'
import { sayList } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { Url, readUrl } from './address.ts'
import { readText } from './body.ts'
import { ANSWER_BYTES_MAX } from './exchange.ts'
import { Feed } from './parse-feed.ts'
import { sayHost } from './say.ts'

export const FEED_TYPES =
  'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5'

export const feed = action({
  summary: 'Reads a feed (RSS, Atom or JSON) with its newest entries.',
  parameters: shape({ url: Url }),
  result: Feed,
  effect: 'network',
  repeatable: true,
  slots: { url: 'address' },
  questions: { url: 'Which feed? Tell me its address.' },
  phrases: [
    '(get|read|fetch|show|check) [the|my] [rss|news] feed [of|at|from] {url}',
    '(read|fetch|show|load) [the] [rss|atom] {url} feed',
    '(what is|what is new) (in|on) the [rss|atom] feed [of|at|from] {url}',
    '(what is new|whats new|any news) (on|at|from) {url}',
    '(get|read|show|list|give) [me] the (headlines|latest headlines|latest posts|newest entries|latest news) (of|from|on|at) {url}',
    '(latest|newest) (posts|entries|articles|headlines|news) (of|from|on|at) {url}',
    '(rss|atom|feed) {url}',
    'feed of {url}',
  ],
  examples: [
    'get the feed of example.org/blog.xml',
    'read the rss feed at https://example.com/rss',
    'what is new on example.net/feed',
    'show me the headlines from https://example.org/news.xml',
    'check the atom feed https://example.com/atom.xml',
    'latest posts on example.org/feed.json',
    'any news from https://example.net/updates.rss',
    'load the news feed of example.com/world/rss',
    'list the newest entries of https://example.org/releases.atom',
    'open my feed at https://example.net/podcast.xml',
    'what are the last articles in the feed https://example.com/blog/feed',
    'rss https://example.org/index.xml',
    'read me the titles in the feed example.net/rss.xml',
    'give me the latest news from example.com/feed/',
    'which posts are in the feed at https://example.org/journal.atom',
  ],
  perform: async (can: Pick<Capabilities, 'net' | 'worker'>, { url }) => {
    const headers = { accept: FEED_TYPES }
    const response = await can.net.request({ url: readUrl(url), headers, bytes_max: ANSWER_BYTES_MAX })
    const { status } = response
    if (status < 200 || status >= 300)
      throw new ActionError(`${sayHost(response.url)} answered with status ${status}.`)
    const data = await can.worker.perform('parse_feed', { text: readText(response) })
    Value.Assert(Feed, data)
    return { data, text: sayFeed(data.title ?? sayHost(response.url), data) }
  },
})

function sayFeed(title: string, { entries, truncated }: Feed): string {
  if (entries.length === 0) return `${title} has no entries.`
  const titles = entries.slice(0, 3).map((entry) => `"${entry.title}"`)
  const count = entries.length === 1 ? '1 entry' : `${entries.length} entries`
  return `${title} has ${truncated === true ? 'more than ' : ''}${count}; the newest: ${sayList(titles)}.`
}
