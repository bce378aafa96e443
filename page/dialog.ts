import type { Prompts } from './client.ts'
import { el } from './dom.ts'
import type { Child } from './dom.ts'
import { Cancelled } from './failure.ts'
import { action, failures, field, form, owner } from './form.ts'

/** How an open dialog ends. */
interface Ending<T> {
  end(value: T): void
  cancel(): void
}

/** Opens a dialog and waits for its end. @throws Cancelled when it is closed. */
function open<T>(title: string, fill: (ending: Ending<T>) => Child[]): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const heading = el('h2', { id: 'dialog-title' }, title)
  const dialog = el('dialog', { 'aria-labelledby': heading.id })
  const cancel = () => dialog.close()
  const end = (value: T) => {
    resolve(value)
    dialog.close()
  }
  dialog.append(heading, ...fill({ end, cancel }).filter((child) => child !== undefined && child !== false))
  dialog.addEventListener('close', () => {
    // By Escape, too, and when the session has ended meanwhile.
    reject(new Cancelled())
    dialog.remove()
  })
  document.body.append(dialog)
  dialog.showModal()
  return promise
}

function canceller({ cancel }: Pick<Ending<never>, 'cancel'>, label = 'Cancel'): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'quiet' }, label)
  button.addEventListener('click', cancel)
  return button
}

/** Asks before something that cannot be taken back. @throws Cancelled */
export function confirm(title: string, text: string, label: string): Promise<void> {
  return open<undefined>(title, (ending) => {
    const shown = failures()
    const agree = action({ label, kind: 'danger' }, shown, async () => ending.end(undefined))
    return [el('p', {}, text), el('div', { class: 'buttons' }, agree, canceller(ending))]
  }).then(() => {})
}

/** What is asked for in the middle of something else. */
export const prompts: Prompts = {
  again: ({ email, has_passkey, check }) =>
    open('Confirm that it is you', (ending) => {
      const shown = failures()
      const password = field('Password', { type: 'password', autocomplete: 'current-password' })
      const byPasskey = action({ label: 'Use a passkey', kind: 'main' }, shown, async () =>
        ending.end('passkey'),
      )
      const asked = form(
        { label: 'Continue', busy: 'Checking…', kind: has_passkey ? 'plain' : 'main' },
        shown,
        { fields: [owner(email), password.element], beside: [canceller(ending)] },
        async () => {
          await check(password.input.value)
          ending.end('password')
        },
      )
      return has_passkey
        ? [
            el('p', {}, 'Use a passkey, or type your password.'),
            el('div', { class: 'buttons' }, byPasskey),
            asked,
          ]
        : [el('p', {}, 'You signed in a while ago, so this asks for your password again.'), asked]
    }),
  announce: () =>
    open<undefined>('One more step', (ending) => {
      const go = action({ label: 'Continue', kind: 'main' }, failures(), async () => ending.end(undefined))
      return [
        el('p', {}, 'The new passkey is ready. To add it, confirm with one that you already have.'),
        el('div', { class: 'buttons' }, go, canceller(ending)),
      ]
    }).then(() => {}),
}

/** Shows backup codes, once, and lets go of them when their owner says that they are kept. */
export function showCodes(codes: readonly string[]): Promise<void> {
  return open<undefined>('Your backup codes', (ending) => [
    codesPart(codes, () => ending.end(undefined)),
  ]).then(() => {})
}

/** The codes with everything to keep them. */
export function codesPart(codes: readonly string[], done: () => void): HTMLElement {
  const shown = failures()
  const status = el('span', { role: 'status', class: 'hint' })
  const text = `PAIOS backup codes for ${location.origin}\nEach signs you in once.\n\n${codes.join('\n')}\n`
  const copy = action({ label: 'Copy' }, shown, async () => {
    await navigator.clipboard.writeText(text)
    status.textContent = 'Copied.'
  })
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const download = el(
    'a',
    { class: 'button plain', href: url, download: 'paios-backup-codes.txt' },
    'Download',
  )
  const box = el('input', { type: 'checkbox', id: 'codes-kept', required: true })
  const asked = form(
    { label: 'Done' },
    shown,
    {
      fields: [
        el('div', { class: 'check' }, box, el('label', { for: box.id }, 'I have kept them in a safe place.')),
      ],
    },
    async () => {
      URL.revokeObjectURL(url)
      done()
    },
  )
  return el(
    'div',
    {},
    el('p', {}, 'Each code signs you in once when no passkey is at hand. They are shown this one time only.'),
    el('ol', { class: 'codes', 'aria-label': 'Backup codes' }, ...codes.map((code) => el('li', {}, code))),
    el('div', { class: 'buttons' }, copy, download, status),
    asked,
  )
}
