import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sentence } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { changedLines } from './lines.ts'
import { oneNamed } from './named.ts'
import { findingsOf } from './record.ts'
import { Label } from './watch.ts'

const Version = Type.String({ maxLength: 1_000_000 })

export const compare = action({
  summary: 'Says what changed at the last change of something watched, or between two texts.',
  parameters: shape({
    watch_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    label: Type.Optional(Label),
    before: Type.Optional(Version),
    after: Type.Optional(Version),
  }),
  result: shape({
    changed: Type.Boolean(),
    /** Lines, names or titles that came and went, at most 20 of a text. */
    added: Type.Array(Type.String()),
    removed: Type.Array(Type.String()),
    changed_at: Type.Optional(Type.String()),
  }),
  effect: 'read',
  slots: { label: 'text', before: 'text', after: 'text' },
  questions: { label: 'Which of the things that I watch?' },
  phrases: [
    'what changed (on|in|at) (the|my) (page|site|website|feed|file|folder|port) {label}',
    'what (has changed|is different) (on|in|at) (the|my) (page|site|website|feed|file|folder|port) {label}',
    'what changed (on|in|at) (the|my) {label} (page|site|website|feed|folder)',
    '(what is the last change|when was the last change) (on|in|at|of) (the|my) (page|site|website|feed|file|folder) {label}',
    'what did the watch (on|of|for) {label} (find|see|notice)',
    'what did you (notice|see) while watching {label}',
    'compare (the|my) watched {label} [with before]',
    '(show|tell) me what changed (on|in|at) the watched {label}',
  ],
  examples: [
    'what changed on the page example.org',
    'what is different in my folder scans',
    'when was the last change of the feed example.net/rss',
    'what did the watch on the tickets page find',
    'what did you notice while watching the downloads',
    'what has changed at the site example.com/jobs',
    'tell me what changed in the watched file',
    'which files came into the watched folder',
    'what was new the last time the feed changed',
    'how does the watched page differ from before',
    'did the watched site change and how',
    'compare the watched page with what it was',
    'show the last change you saw on example.org',
    'what did the status page watch see',
    'which lines changed on the page I am watching',
  ],
  perform: async (can: Pick<Capabilities, 'records'>, { watch_id, label, before, after }) => {
    if (before !== undefined && after !== undefined) {
      const lines = changedLines(before, after)
      const text = before === after ? 'The two texts are the same.' : sayLines(lines)
      return { data: { changed: before !== after, ...lines }, text }
    }
    if (before !== undefined || after !== undefined) throw new ActionError('I need both texts to compare.')
    const watch = await oneNamed(can, {
      ...(watch_id === undefined ? {} : { watch_id }),
      ...(label === undefined ? {} : { label }),
    })
    const change = (await findingsOf(can, watch.id))?.change
    if (change === undefined)
      return {
        data: { changed: false, added: [], removed: [] },
        text: `Nothing has changed at ${watch.body.label} since I watch it.`,
      }
    const { at: changed_at, added, removed, text } = change
    return { data: { changed: true, added, removed, changed_at }, text }
  },
})

function sayLines({ added, removed }: { added: string[]; removed: string[] }): string {
  const [fresh, gone] = [added[0], removed[0]]
  if (fresh !== undefined && gone !== undefined) return sentence(`"${gone}" became "${fresh}"`)
  if (fresh !== undefined) return sentence(`"${fresh}" was added`)
  return gone === undefined ? 'Only the order or the spacing changed.' : sentence(`"${gone}" was removed`)
}
