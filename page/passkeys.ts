import type { Client } from './client.ts'
import { confirm, showCodes } from './dialog.ts'
import { el, icon, state } from './dom.ts'
import { addPasskey } from './enrol.ts'
import { action, failures, field, form } from './form.ts'
import type { Failures } from './form.ts'
import { hasPasskeys } from './passkey.ts'
import { rows, section } from './section.ts'
import type { Section } from './section.ts'
import type { Answered } from './send.ts'
import { timeOf } from './time.ts'

type Passkey = Answered<'auth.passkeys'>['passkeys'][number]

interface Desk {
  client: Client
  shown: Failures
  /** Something changed, here and perhaps elsewhere. */
  changed: () => Promise<void>
}

/** The passkeys of the user. */
export function passkeys(client: Client, changed: () => Promise<void>): Section {
  const shown = failures()
  const list = el('div')
  const desk = { client, shown, changed }
  const add = adder(desk)
  return section({
    id: 'passkeys',
    title: 'Passkeys',
    lead: 'They sign you in, and prove that it is you who changes something important.',
    shown,
    beside: hasPasskeys() && add,
    body: [list],
    async load() {
      const { passkeys: found } = await client.ask('auth.passkeys', {})
      const empty = hasPasskeys()
        ? 'None yet. Without one nothing can be approved, and no credential can be kept.'
        : 'None yet, and this browser has none at this address.'
      const made = found.map((one) => row(desk, one, found.length))
      return () => {
        list.replaceChildren(rows(made, empty))
        add.className = found.length === 0 ? 'main' : 'plain'
      }
    },
  })
}

function adder({ client, shown, changed }: Desk): HTMLElement {
  return action({ label: 'Add a passkey', busy: 'Waiting for the passkey…' }, shown, async () => {
    const codes = await addPasskey(client)
    await changed()
    if (codes.length > 0) await showCodes(codes)
  })
}

function row(desk: Desk, passkey: Passkey, count: number): HTMLElement {
  const { name, origin, software, provisional_until, created_at, last_used_at } = passkey
  const element = el('div', { class: 'row' })
  const used = last_used_at === null ? [' · never used'] : [' · used ', timeOf(last_used_at)]
  const facts = el('p', { class: 'dim' }, 'Added ', timeOf(created_at), ...used)
  if (origin !== location.origin) facts.append(' · for ', el('span', { class: 'mono' }, origin))
  const show = () => {
    const rename = action(
      { label: 'Rename', kind: 'quiet', described: `Rename ${name}` },
      desk.shown,
      async () => element.replaceChildren(renaming(desk, passkey, show)),
    )
    element.replaceChildren(
      icon('passkey'),
      el(
        'div',
        { class: 'what' },
        el(
          'p',
          { class: 'name' },
          el('span', {}, name),
          software && state('rest', 'Kept in a file'),
          provisional_until !== null && state('warn', 'New', 'clock'),
        ),
        facts,
        provisional_until !== null &&
          el(
            'p',
            { class: 'dim' },
            'Your password can still remove it; that ends ',
            timeOf(provisional_until),
            '.',
          ),
      ),
      el('div', { class: 'does' }, rename, remover(desk, passkey, count)),
    )
  }
  show()
  return element
}

function remover({ client, shown, changed }: Desk, { id, name }: Passkey, count: number): HTMLElement {
  const consequence = count === 1 ? ' It is the last one: your backup codes go with it.' : ''
  return action(
    { label: 'Remove', busy: 'Remove', kind: 'quiet', described: `Remove ${name}` },
    shown,
    async () => {
      const text = `“${name}” will no longer sign you in, and all your other sessions end.${consequence}`
      await confirm('Remove this passkey?', text, 'Remove')
      await client.ask('auth.passkey_remove', { id })
      await changed()
    },
  )
}

function renaming({ client, changed }: Desk, { id, name }: Passkey, back: () => void): HTMLElement {
  const shown = failures()
  const text = field('Name', { maxlength: '80', value: name })
  const cancel = el('button', { type: 'button', class: 'quiet' }, 'Cancel')
  cancel.addEventListener('click', back)
  const asked = form(
    { label: 'Save', busy: 'Saving…' },
    shown,
    { fields: [text.element], beside: [cancel] },
    async () => {
      await client.ask('auth.passkey_rename', { id, name: text.input.value })
      await changed()
    },
  )
  asked.classList.add('inline')
  queueMicrotask(() => text.input.select())
  return asked
}
