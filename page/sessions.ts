import type { Client } from './client.ts'
import { el, state } from './dom.ts'
import { action, failures } from './form.ts'
import { rows, section } from './section.ts'
import type { Section } from './section.ts'
import type { Answered } from './send.ts'
import { timeOf } from './time.ts'

type Session = Answered<'auth.sessions'>['sessions'][number]

/** Where the user is signed in. */
export function sessions(client: Client, changed: () => Promise<void>): Section {
  const shown = failures()
  const list = el('div')
  const row = ({ id, user_agent, ip, created_at, last_used_at, current }: Session): HTMLElement => {
    const device = deviceOf(user_agent)
    const end = action(
      { label: 'End', busy: 'Ending…', kind: 'quiet', described: `End ${device}` },
      shown,
      async () => {
        await client.ask('auth.session_end', { id })
        await changed()
      },
    )
    return el(
      'div',
      { class: 'row' },
      el(
        'div',
        { class: 'what' },
        el('p', { class: 'name', title: user_agent }, device, current && state('good', 'This one', 'check')),
        el(
          'p',
          { class: 'dim' },
          el('span', { class: 'mono' }, ip),
          ' · since ',
          timeOf(created_at),
          ' · used ',
          timeOf(last_used_at),
        ),
      ),
      el('div', { class: 'does' }, !current && end),
    )
  }
  return section({
    id: 'sessions',
    title: 'Sessions',
    lead: 'Where you are signed in. End what you do not know, and change your password.',
    shown,
    body: [list],
    async load() {
      const { sessions: found } = await client.ask('auth.sessions', {})
      return () => list.replaceChildren(rows(found.map(row), 'None.'))
    },
  })
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
]
const NAME_MAX = 60

/** A client by what it says of itself; one that is no known browser by its own words. */
export function deviceOf(user_agent: string): string {
  const find = (among: typeof BROWSERS) => among.find(([pattern]) => pattern.test(user_agent))?.[1]
  const browser = find(BROWSERS)
  const system = find(SYSTEMS)
  if (browser !== undefined && user_agent.startsWith('Mozilla/'))
    return system === undefined ? browser : `${browser} on ${system}`
  return user_agent === '' ? 'Unnamed client' : user_agent.slice(0, NAME_MAX)
}
