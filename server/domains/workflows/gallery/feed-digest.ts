import type { GalleryEntry, WorkflowStep } from '../../../../contract/workflows.ts'
import { AGAIN, MINUTE_MS, TELLS_ITSELF, at } from './entry.ts'
import { naming, reason, short } from './phrases.ts'

const FEEDS_MAX = 3
/** Entries of each feed that are looked at, from the newest on. */
const ENTRIES_MAX = 50
const PLACES = Array.from({ length: FEEDS_MAX }, (_, place) => place)
const FEEDS = 'steps.feeds.result.value.addresses'
const SINCE = 'steps.feeds.result.value.since'
const READ = `[${PLACES.map((place) => `steps.${idOf(place)}`).join(', ')}]`
const NEWS = 'steps.news.result.value'

function idOf(place: number): string {
  return `feed_${place + 1}`
}

function read(place: number): WorkflowStep {
  return {
    id: idOf(place),
    agent_number: 8,
    action: 'feed',
    parameters: { url: `{{${FEEDS}[${place}]}}` },
    condition: `${FEEDS}.length > ${place}`,
  }
}

const fresh =
  `(one.result?.entries ?? []).slice(0, ${ENTRIES_MAX}).filter(entry => Date.parse(entry.published ?? '') > ${SINCE})` +
  `.map(entry => ${short('entry.title')})`
const told = `one.name + (one.error === null ? ': ' + ${naming('one.titles', 'one', '; ')} : ' could not be read: ' + one.error)`

/** Of a feed that could not be read nobody knows whether it has anything new. */
const lead =
  `${NEWS}.some(one => one.titles.length > 0) ? 'New in your feeds since yesterday:'` +
  ` : !${READ}.some(one => one.status === 'completed') ? 'None of your feeds could be read:'` +
  ` : ${NEWS}.length > 0 ? 'Nothing is new since yesterday in the feeds that could be read.'` +
  ` : 'Nothing is new in your feeds since yesterday.'`

export const feed_digest: GalleryEntry = {
  name: 'feed_digest',
  title: 'Feed digest',
  description: `Every evening at six: what is new in your feeds since the evening before, in one notification. Put up to ${FEEDS_MAX} addresses of feeds (RSS, Atom or JSON) into the step feeds. Entries that do not say when they were published are left out. A feed that cannot be read is tried once more after a minute; then it is told, and the run counts as failed. To hear of each entry at once, let Watcher watch the feed instead.`,
  definition: {
    trigger: at('0 18 * * *'),
    steps: [
      {
        id: 'feeds',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: {
            addresses: ['https://example.org/feed.xml'],
            since: '{{Date.parse(addDays(trigger.due ?? now, -1))}}',
          },
        },
      },
      ...PLACES.map(read),
      {
        id: 'news',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: `{{${READ}.map((one, place) => ({ name: ${short(`(one.result?.title ?? ${FEEDS}[place] ?? '')`)}, error: one.status === 'failed' ? ${reason('one.error')} : null, titles: ${fresh} })).filter(one => one.error !== null || one.titles.length > 0)}}`,
        },
      },
      {
        id: 'tell',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `{{${FEEDS}.length === 0 ? 'There are no feeds to read: put some into the step feeds.' : (${lead}) + ${NEWS}.map(one => '\\n' + ${told}).join('')}}{{${FEEDS}.length > ${FEEDS_MAX} ? '\\nOnly the first ${FEEDS_MAX} of ' + ${FEEDS}.length + ' feeds were read.' : ''}}`,
        },
      },
    ],
    error_handling: TELLS_ITSELF,
    timeout_ms: 10 * MINUTE_MS,
    retry_policy: AGAIN,
  },
}
