import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayDuration } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { KINDS, WATCHES, WATCHING, allWatches, iso } from './record.ts'
import type { Watch } from './record.ts'
import { EVERY_SECONDS_MAX, EVERY_SECONDS_MIN, usualSeconds } from './schedule.ts'
import { labelOf, readTarget } from './target.ts'

const WATCHES_MAX = 200

const THING = '[the|my] (file|folder|directory|page|website|site|feed|port|url|server)'
/** Every so often without a number. */
const PACES = Object.fromEntries(
  Object.entries({ minute: 60, hour: 3_600, day: 86_400 }).map(([unit, every_seconds]) => [
    `(watch|check|keep an eye on) [the|my] [file|folder|page|site|feed] {target} every ${unit} [for changes]`,
    { every_seconds },
  ]),
)

export const Label = Type.String({ minLength: 1, maxLength: 100 })

export const watch = action({
  summary: 'Watches a file, a folder, a page, a feed or a port, and tells you when it changes.',
  parameters: shape({
    /** A path, an address, or `host:port`. */
    target: Type.String({ minLength: 1, maxLength: 4_096 }),
    /** What it is; seen from the target unless given. */
    kind: Type.Optional(Type.Enum([...KINDS])),
    every_seconds: Type.Optional(Type.Integer({ minimum: EVERY_SECONDS_MIN, maximum: EVERY_SECONDS_MAX })),
    label: Type.Optional(Label),
    /** Of a page or feed: tells only when these words appear or disappear. */
    contains: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  result: shape({ watch_id: Type.String(), next_check: Type.String() }),
  effect: 'write',
  slots: { target: 'address', every_seconds: 'duration', kind: 'word', contains: 'text', label: 'text' },
  questions: { target: 'What should I watch? Say a path, an address, or a port such as example.org:22.' },
  phrases: [
    '(watch|monitor|observe) {target} [for changes]',
    `(watch|monitor|observe) ${THING} {target} [for changes]`,
    `(watch|monitor|observe) ${THING} at {target}`,
    '(watch|monitor|check) {target} every {every_seconds} [for changes]',
    `(watch|monitor|check) ${THING} {target} every {every_seconds} [for changes]`,
    '(watch|monitor) {target} as {label}',
    'keep an eye on {target} [every {every_seconds}]',
    `keep an eye on ${THING} [at] {target} [every {every_seconds}]`,
    'every {every_seconds} (watch|monitor|keep an eye on) {target} [for changes]',
    ...Object.keys(PACES),
    '((tell|notify|alert) me|let me know) (when|if|whenever|once) {target} (changes|is updated|updates|has news)',
    '(tell|notify|alert) me (when|if|whenever|once) {target} (is down|goes down|is up|is open|is closed|closes|opens)',
    '(tell|notify|alert) me (when|if|once) {target} (says|contains|mentions) {contains}',
    'let me know (when|if|once) {target} (says|contains|mentions) {contains}',
    '(watch|monitor) {target} for {contains}',
    '(start|begin) watching {target}',
    'subscribe to {target}',
  ],
  presets: PACES,
  examples: [
    'watch example.org for changes',
    'keep an eye on /srv/inbox',
    'tell me when https://example.com/tickets says on sale',
    'monitor the folder ~/Downloads',
    'watch nas.example.net:22 every 10 minutes',
    'let me know when the file ~/report.pdf changes',
    'notify me whenever example.org/feed.xml has news',
    'alert me if example.com:443 goes down',
    'subscribe to https://example.net/blog/rss',
    'check example.org/prices every hour for changes',
    'watch my feed https://example.com/atom.xml',
    'start watching ~/Documents/contracts',
    'observe the page example.net/status',
    'tell me once https://example.org/exam is updated',
    'I want to know when something new is in ~/scans',
    'monitor the port mail.example.org:993',
    'watch the website example.com/jobs for the word gardener',
    'keep watching example.net and say when it is different',
  ],
  perform: async (can: Pick<Capabilities, 'clock' | 'records' | 'checks' | 'files'>, parameters) => {
    const wanted = read(can, parameters)
    const known = await allWatches(can)
    const same = known.find(({ body }) => body.target === wanted.target && body.contains === wanted.contains)
    if (same === undefined && known.length >= WATCHES_MAX)
      throw new ActionError(`I already watch ${WATCHES_MAX} things; end some first.`)
    const { now } = can.clock
    const body = same === undefined ? wanted : { ...wanted, ...kept(same.body, parameters) }
    const document = { group: WATCHING, at: same?.at ?? now, body }
    const stored = await can.records.put(
      WATCHES,
      same === undefined ? document : { id: same.id, ...document },
    )
    await can.checks.set(stored.id, now)
    const what = body.contains === undefined ? body.label : `${body.label} for "${body.contains}"`
    return {
      data: { watch_id: stored.id, next_check: iso(now) },
      text: `I am watching ${what} and look every ${sayDuration(body.every_seconds)}.`.replace(
        /every 1 (\w+)\.$/,
        'every $1.',
      ),
    }
  },
})

/** Asking again changes what is said, and leaves the rest as it was. */
function kept(before: Watch, said: Given): Pick<Watch, 'label' | 'every_seconds'> {
  return { label: said.label ?? before.label, every_seconds: said.every_seconds ?? before.every_seconds }
}

interface Given {
  target: string
  kind?: (typeof KINDS)[number]
  every_seconds?: number
  label?: string
  contains?: string
}

function read(
  can: Pick<Capabilities, 'files'>,
  { target: said, kind, every_seconds, label, contains }: Given,
): Watch {
  const found = readTarget(said, kind, (path) => can.files.resolve(path))
  if (contains !== undefined && found.kind !== 'url' && found.kind !== 'feed')
    throw new ActionError(
      'I can wait for words only on pages and in feeds; of files I never read what they say.',
    )
  return {
    ...found,
    label: label?.trim() || labelOf(found),
    every_seconds: every_seconds ?? usualSeconds(found.kind),
    ...(contains === undefined ? {} : { contains }),
  }
}
