import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { WatchResult, allWatches, findingsOf, shown } from './record.ts'

export const list = action({
  summary: 'Lists what is watched, and how each is.',
  parameters: shape({}),
  result: shape({ watches: Type.Array(WatchResult) }),
  effect: 'read',
  phrases: [
    '(list|show|read) [me] [all] [of] (my|the) watches',
    '(list|show) [all] watches',
    'what are you (watching|monitoring|keeping an eye on)',
    '(what|which) (files|folders|pages|sites|feeds|ports|things) are you (watching|monitoring)',
    '(what|which) (things|watches) (are|do i have) (watched|set)',
    'what is [being] (watched|monitored)',
    '(do i have|are there|have i got) any watches',
    'are you (watching|monitoring) anything',
    'my watches',
  ],
  examples: [
    'what are you watching',
    'show me my watches',
    'list all watches please',
    'which pages are you monitoring',
    'is anything being watched right now',
    'what do you keep an eye on for me',
    'which folders do you watch',
    'how many watches do I have',
    'are any of my watches failing',
    'read out what you monitor',
    'give me the list of watched sites',
    'do you still watch my feeds',
    'see my watches',
    'which ports are being monitored',
    'tell me everything you are watching',
  ],
  perform: async (can: Pick<Capabilities, 'records'>, _parameters) => {
    const watches: WatchResult[] = []
    for (const record of await allWatches(can)) watches.push(shown(record, await findingsOf(can, record.id)))
    return { data: { watches }, text: sayAll(watches) }
  },
})

function sayAll(watches: readonly WatchResult[]): string {
  if (watches.length === 0) return 'Nothing is watched.'
  const failing = watches.filter(({ state }) => state === 'failing')
  const trouble = failing.length === 0 ? '' : ` I cannot reach ${sayList(failing.map(({ label }) => label))}.`
  return `I am watching ${sayList(watches.map(({ label }) => label))}.${trouble}`
}
