import { approvals } from './approvals.ts'
import type { Client } from './client.ts'
import { el, icon, mark } from './dom.ts'
import { action, failures } from './form.ts'
import type { Heard } from './live.ts'
import { notices } from './notices.ts'
import { passkeys } from './passkeys.ts'
import { backupCodes, password } from './secrets.ts'
import type { Section } from './section.ts'
import type { Answered } from './send.ts'
import { sessions } from './sessions.ts'
import type { Entrance } from './sign-in.ts'

export interface Account {
  element: HTMLElement
  /** Shows what an event made true. */
  heard(event: Heard): void
  /** Whether changes arrive by themselves now; all is read again when they do. */
  connected(is: boolean): void
  refresh(): Promise<void>
}

interface Parts {
  client: Client
  user: Answered<'auth.me'>
  by: Entrance | undefined
  left: () => void
}

const BY_CODE =
  'You signed in with a backup code, and that code is spent. Add a passkey within 15 minutes; nothing else can be changed until then.'
const TITLE = document.title

/** Everything about the account of whoever is signed in. */
export function account({ client, user, by, left }: Parts): Account {
  const badge = el('span', { class: 'badge', hidden: true })
  const refresh = async () => {
    await Promise.all(parts.map((part) => part.refresh()))
  }
  const waiting = (count: number) => {
    badge.textContent = String(count)
    badge.hidden = count === 0
    document.title = count === 0 ? TITLE : `(${count}) ${TITLE}`
  }
  const asking = approvals({ client, user_id: user.id, changed: refresh, waiting })
  const told = notices(client)
  const parts: readonly Section[] = [
    asking,
    passkeys(client, refresh),
    backupCodes(client),
    sessions(client, refresh),
    password(client, user.email, refresh),
    told,
  ]
  let wasConnected = false
  const offline = el('p', { class: 'offline', role: 'status' })
  const element = el(
    'div',
    { class: 'account' },
    el('a', { class: 'skip', href: '#main' }, 'To the content'),
    header(client, user, left),
    navigation(parts, badge),
    el(
      'main',
      { id: 'main', tabindex: '-1' },
      el('h1', {}, 'Your account'),
      offline,
      by === 'code' && el('p', { class: 'notice', role: 'status' }, icon('warning'), el('span', {}, BY_CODE)),
      ...parts.map((part) => part.element),
    ),
  )
  return {
    element,
    refresh,
    heard: (event) => void (event === 'notification:created' ? told : asking).refresh(),
    connected(is) {
      offline.replaceChildren(
        ...(is ? [] : [icon('warning'), 'Not connected. What you see may be out of date.']),
      )
      // At first only what may have happened since it was read a moment ago.
      if (is) void (wasConnected ? refresh() : Promise.all([asking.refresh(), told.refresh()]))
      wasConnected ||= is
    },
  }
}

function header(client: Client, { email }: Parts['user'], left: () => void): HTMLElement {
  const shown = failures()
  const leave = action({ label: 'Sign out', busy: 'Signing out…', kind: 'quiet' }, shown, async () => {
    await client.leave()
    left()
  })
  return el('header', {}, mark(), el('span', { class: 'who', title: email }, email), leave, shown.element)
}

function navigation(parts: readonly Section[], badge: HTMLElement): HTMLElement {
  const items = parts.map(({ id, title }, index) =>
    el('li', {}, el('a', { href: `#${id}` }, title, index === 0 && badge)),
  )
  const docs = el('li', { class: 'apart' }, el('a', { href: '/docs' }, 'API docs'))
  return el('nav', { 'aria-label': 'Account' }, el('ul', {}, ...items, docs))
}
