import type { Client } from './client.ts'
import { el, state } from './dom.ts'
import { action, failures } from './form.ts'
import { devices } from './push.ts'
import { rows, section } from './section.ts'
import type { Section } from './section.ts'
import type { Answered } from './send.ts'
import { timeOf } from './time.ts'

const SHOWN = 20
type Notice = Answered<'notifications.list'>['notifications'][number]

const SEVERITIES: Readonly<Record<Notice['severity'], Parameters<typeof state>>> = {
  info: ['rest', 'Note', 'information'],
  warning: ['warn', 'Warning', 'warning'],
  critical: ['bad', 'Critical', 'warning'],
}

/** What the user was told, and where they are told while this page is not open. */
export function notices(client: Client): Section {
  const shown = failures()
  const list = el('div')
  const count = el('span', { class: 'dim', hidden: true })
  const told = devices(client, shown, () => part.refresh())
  const readAll = action({ label: 'Mark all as read', kind: 'quiet' }, shown, async () => {
    // What came after this was shown has not been seen.
    const until = list.querySelector('time')?.dateTime
    await client.ask('notifications.read_all', until === undefined ? {} : { until })
    await part.refresh()
  })
  const row = ({ notification_id: id, ...notice }: Notice): HTMLElement => {
    const { severity, text, created_at, source_agent, held_until, read_at } = notice
    const read = action(
      { label: 'Read', kind: 'quiet', described: `Mark as read: ${text}` },
      shown,
      async () => {
        await client.ask('notifications.read', { id })
        await part.refresh()
      },
    )
    const waits = held_until === undefined ? [] : [' · told ', timeOf(held_until)]
    const who = source_agent === 0 ? 'PAIOS' : `Agent ${source_agent}`
    return el(
      'div',
      { class: 'row' },
      el(
        'div',
        { class: 'what' },
        el('p', { class: 'name' }, text),
        el('p', { class: 'dim' }, timeOf(created_at), ' · ', who, ...waits),
      ),
      state(...SEVERITIES[severity]),
      read_at === undefined && el('div', { class: 'does' }, read),
    )
  }
  const part = section({
    id: 'notices',
    title: 'Notices',
    lead: 'What happened to your account, and what agents had to say.',
    shown,
    beside: el('span', { class: 'does' }, count, readAll),
    body: [list, told.element],
    async load() {
      const [{ notifications, unread_count = 0 }, show] = await Promise.all([
        client.ask('notifications.list', { limit: SHOWN }),
        told.load(),
      ])
      const made = notifications.map(row)
      return () => {
        list.replaceChildren(rows(made, 'Nothing yet.'))
        count.textContent = `${unread_count} unread`
        count.hidden = unread_count === 0
        readAll.hidden = unread_count === 0
        show()
      }
    },
  })
  return part
}
