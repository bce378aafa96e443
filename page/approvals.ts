import type { Client } from './client.ts'
import { el, state } from './dom.ts'
import type { Child, IconName } from './dom.ts'
import { action, failures } from './form.ts'
import type { Failures } from './form.ts'
import { rows, section } from './section.ts'
import type { Section } from './section.ts'
import type { Answered } from './send.ts'
import { timeOf } from './time.ts'

type Approval = Answered<'approvals.list'>['approvals'][number]

interface Desk {
  client: Client
  user_id: string
  shown: Failures
  changed: () => Promise<void>
}

const PENDING_MAX = 50
const DECIDED_SHOWN = 10
/** The clocks of server and browser may differ a little. */
const EXPIRED_AFTER_MS = 2_000

const STATES: Readonly<
  Record<Approval['status'], readonly ['good' | 'warn' | 'bad' | 'live' | 'rest', string, IconName]>
> = {
  pending: ['live', 'Waiting', 'clock'],
  approved: ['live', 'Approved', 'check'],
  running: ['live', 'Running', 'clock'],
  done: ['good', 'Done', 'check'],
  failed: ['bad', 'Failed', 'warning'],
  unknown: ['warn', 'Unknown', 'warning'],
  denied: ['rest', 'Denied', 'cross'],
  expired: ['rest', 'Expired', 'clock'],
}

interface Parts extends Omit<Desk, 'shown'> {
  /** Hears how many wait. */
  waiting: (count: number) => void
}

/** What waits for a passkey, and what became of what did. */
export function approvals({ client, user_id, changed, waiting }: Parts): Section {
  const shown = failures()
  const pending = el('ul', { class: 'cards', 'aria-live': 'polite' })
  const nothing = el('p', { class: 'empty', hidden: true }, 'Nothing is waiting.')
  const decided = el('div')
  const desk = { client, user_id, shown, changed }
  let ending: ReturnType<typeof setTimeout> | undefined
  const made = section({
    id: 'approvals',
    title: 'Approvals',
    lead: 'What an agent or the command line wants to do in your name, and may only do once you agree.',
    shown,
    body: [pending, nothing, decided],
    async load() {
      const { approvals: found } = await client.ask('approvals.list', { limit: PENDING_MAX })
      const open = found.filter(({ status }) => status === 'pending').toReversed()
      const past = found.filter(({ status }) => status !== 'pending').slice(0, DECIDED_SHOWN)
      return () => {
        keepOnly(pending, open, (one) => card(desk, one))
        nothing.hidden = open.length > 0
        decided.replaceChildren(...history(desk, past, decided.querySelector('details')?.open === true))
        waiting(open.length)
        // Nobody tells that a time is over.
        clearTimeout(ending)
        const [first] = open.map(({ expires_at }) => Date.parse(expires_at)).toSorted((a, b) => a - b)
        if (first !== undefined)
          ending = setTimeout(() => void made.refresh(), first - Date.now() + EXPIRED_AFTER_MS)
      }
    },
  })
  return made
}

/** What is there already stays where it is: nothing may move under a finger that is about to approve. */
function keepOnly(list: HTMLElement, open: readonly Approval[], make: (one: Approval) => HTMLElement): void {
  const kept = new Set<string | undefined>(open.map(({ id }) => id))
  const items = Array.from(list.children, (item) => item as HTMLElement)
  for (const item of items) if (!kept.has(item.dataset['id'])) item.remove()
  const known = new Set(items.map(({ dataset }) => dataset['id']))
  for (const one of open) if (!known.has(one.id)) list.append(el('li', { 'data-id': one.id }, make(one)))
}

function card({ client, user_id, shown, changed }: Desk, approval: Approval): HTMLElement {
  const { id, operation, impact_assessment, input, asked_by, created_at, expires_at } = approval
  const described = impact_assessment
  const approve = action(
    { label: 'Approve', busy: 'Approving…', kind: 'main', described: `Approve: ${described}` },
    shown,
    async () => {
      await client.ask('approvals.approve', { id })
      await changed()
    },
  )
  const deny = action(
    { label: 'Deny', busy: 'Denying…', described: `Deny: ${described}` },
    shown,
    async () => {
      await client.ask('approvals.deny', { id })
      await changed()
    },
  )
  return el(
    'article',
    { class: 'card' },
    el('h3', {}, impact_assessment),
    el(
      'p',
      { class: 'dim' },
      el('span', { class: 'mono' }, operation),
      ` · asked by ${askerOf(asked_by, user_id)} `,
      timeOf(created_at),
      ' · ends ',
      timeOf(expires_at),
    ),
    inputOf(input),
    el('div', { class: 'buttons' }, approve, deny),
  )
}

function askerOf(asked_by: string, user_id: string): string {
  if (asked_by === user_id) return 'one of your sessions'
  return asked_by.replace(/^agent:/, 'agent ')
}

/** What it would be done with, exactly as it was asked. */
function inputOf(input: Approval['input']): Child {
  const entries = Object.entries(input)
  if (entries.length === 0) return undefined
  return el(
    'dl',
    { class: 'input' },
    ...entries.flatMap(([name, value]) => [
      el('dt', {}, name),
      el('dd', {}, typeof value === 'string' ? value : JSON.stringify(value, null, 1)),
    ]),
  )
}

function history({ user_id }: Desk, past: readonly Approval[], open: boolean): HTMLElement[] {
  if (past.length === 0) return []
  const list = past.map(({ impact_assessment, operation, status, asked_by, decided_at, expires_at }) =>
    el(
      'div',
      { class: 'row' },
      el(
        'div',
        { class: 'what' },
        el('p', { class: 'name' }, impact_assessment),
        el(
          'p',
          { class: 'dim' },
          el('span', { class: 'mono' }, operation),
          ` · ${askerOf(asked_by, user_id)} · `,
          timeOf(decided_at ?? expires_at),
        ),
      ),
      state(...STATES[status]),
    ),
  )
  return [el('details', { open }, el('summary', {}, 'Earlier'), rows(list, ''))]
}
