import type { Client } from './client.ts'
import { el, state } from './dom.ts'
import { rows, section } from './section.ts'
import type { Section } from './section.ts'
import type { Answered } from './send.ts'
import { timeOf } from './time.ts'

const SHOWN = 20
type Severity = Answered<'notifications.list'>['notifications'][number]['severity']

const SEVERITIES: Readonly<Record<Severity, Parameters<typeof state>>> = {
  info: ['rest', 'Note', 'information'],
  warning: ['warn', 'Warning', 'warning'],
  critical: ['bad', 'Critical', 'warning'],
}

/** What the user was told. */
export function notices(client: Client): Section {
  const list = el('div')
  return section({
    id: 'notices',
    title: 'Notices',
    lead: 'What happened to your account, and what agents had to say.',
    body: [list],
    async load() {
      const { notifications } = await client.ask('notifications.list', { limit: SHOWN })
      const told = notifications.map(({ severity, text, created_at, source_agent }) =>
        el(
          'div',
          { class: 'row' },
          el(
            'div',
            { class: 'what' },
            el('p', { class: 'name' }, text),
            el(
              'p',
              { class: 'dim' },
              source_agent === 0 ? 'PAIOS' : `Agent ${source_agent}`,
              ' · ',
              timeOf(created_at),
            ),
          ),
          state(...SEVERITIES[severity]),
        ),
      )
      return () => list.replaceChildren(rows(told, 'Nothing yet.'))
    },
  })
}
