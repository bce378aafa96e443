import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayCount, sayList } from '../say.ts'
import { action, shape, stateOf } from '../skill.ts'
import { fitting, named } from './named.ts'
import { WATCHES, WatchResult, allWatches, findingsOf, shown } from './record.ts'
import { Label } from './watch.ts'

type Can = Pick<Capabilities, 'records' | 'checks'>

export const unwatch = action({
  summary: 'Ends a watch.',
  parameters: shape({
    watch_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    label: Type.Optional(Label),
  }),
  result: shape({ removed: Type.Array(WatchResult) }),
  effect: 'destructive',
  ends: true,
  slots: { label: 'text' },
  questions: { label: 'What should I no longer watch?' },
  phrases: [
    '(stop|end|quit|cease) (watching|monitoring|observing) {label}',
    '(stop|end|quit) (watching|monitoring|observing)',
    'unwatch {label}',
    '(do not|no longer) watch {label} [anymore|any more]',
    '(remove|delete|end|cancel|stop) (the|my) watch (on|of|for) {label}',
    '(remove|delete|end|cancel|stop) (the|my) {label} watch',
    '(remove|delete|end|cancel|stop) (the|my) watch',
    'you (can|may) stop (watching|monitoring) {label}',
    'unsubscribe from {label}',
  ],
  examples: [
    'stop watching example.org',
    'unwatch the downloads folder',
    'end the watch on the tickets page',
    'do not watch ~/report.pdf anymore',
    'you can stop monitoring the nas',
    'delete my feed watch',
    'unsubscribe from example.net/rss',
    'no need to keep an eye on the status page any more',
    'remove the watch for example.com:443',
    'quit observing my scans folder',
    'take your eyes off the jobs page',
    'stop all watching',
    'cancel the watch on the mail port',
    'I no longer care whether example.org changes',
    'drop the price watch',
  ],
  confirm: async (can: Can, parameters) => {
    if (parameters.label === undefined) return undefined
    const found = fitting(await allWatches(can), parameters.label)
    if (found.length < 2) return undefined
    return `That ends ${sayWatches(found.length)}: ${sayList(found.map(({ body }) => body.label))}. Shall I?`
  },
  perform: async (can: Can, parameters) => {
    const removed: WatchResult[] = []
    for (const record of await named(can, parameters)) {
      removed.push(shown(record, await findingsOf(can, record.id)))
      const state = stateOf({ collection: WATCHES }, record.id)
      await can.checks.cancel(record.id)
      await can.records.remove(WATCHES, record.id)
      await can.records.remove(state.collection, state.id)
    }
    return { data: { removed }, text: `I no longer watch ${sayList(removed.map(({ label }) => label))}.` }
  },
})

export function sayWatches(count: number): string {
  return sayCount(count, 'watch').replace('watchs', 'watches')
}
