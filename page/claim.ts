import type { Client } from './client.ts'
import { codesPart } from './dialog.ts'
import { el } from './dom.ts'
import { action, failures, field, form } from './form.ts'
import { hasPasskeys } from './passkey.ts'
import { addPasskey } from './enrol.ts'
import type { Entrance } from './sign-in.ts'

interface Parts {
  client: Client
  /** The setup code, when it came with the address. */
  code: string | undefined
  entered: (by: Entrance) => void
  /** To the other beginning. */
  signIn: () => void
}

const STEPS = ['Account', 'Passkey', 'Codes']

/** The beginning of a server: its owner, their first passkey, their backup codes. */
export function claim({ client, code, entered, signIn }: Parts): HTMLElement {
  const place = el('div', { class: 'entrance' })
  const step = (index: number, title: string, ...parts: HTMLElement[]) => {
    const heading = el('h1', { tabindex: '-1' }, title)
    place.replaceChildren(progress(index), heading, ...parts)
    if (index > 0) heading.focus()
  }
  const last = (codes: readonly string[]) =>
    step(
      2,
      'Keep your backup codes',
      codesPart(codes, () => entered('setup')),
    )
  const second = () => step(1, 'Add a passkey', ...passkeyStep(client, last, () => entered('setup')))
  step(0, 'Claim this server', ...accountStep({ client, code, next: second, signIn }))
  return place
}

function progress(current: number): HTMLElement {
  return el(
    'ol',
    { class: 'steps', 'aria-label': 'Steps' },
    ...STEPS.map((name, index) => el('li', index === current ? { 'aria-current': 'step' } : {}, name)),
  )
}

interface AccountParts extends Pick<Parts, 'client' | 'code' | 'signIn'> {
  next: () => void
}

function accountStep({ client, code: given_code, next, signIn }: AccountParts): HTMLElement[] {
  const shown = failures()
  const code = field(
    'Setup code',
    { autocomplete: 'off', spellcheck: 'false', class: 'code', maxlength: '128', value: given_code },
    'The server printed it when it started.',
  )
  const email = field(
    'E-mail',
    { type: 'email', autocomplete: 'username', maxlength: '254' },
    'You sign in with it. No mail is sent.',
  )
  const password = field(
    'Password',
    { type: 'password', autocomplete: 'new-password', minlength: '15', maxlength: '256' },
    'At least 15 characters; a sentence is easy to remember.',
  )
  const already = el('button', { type: 'button', class: 'quiet' }, 'Sign in instead')
  already.addEventListener('click', signIn)
  const fields = [code.element, email.element, password.element]
  const asked = form(
    { label: 'Continue', busy: 'Claiming…' },
    shown,
    { fields, beside: [already] },
    async () => {
      const given = { email: email.input.value, password: password.input.value }
      await client.enter('auth.setup', { setup_code: code.input.value, ...given })
      next()
    },
  )
  return [el('p', { class: 'lead' }, 'Whoever holds its setup code becomes the owner.'), asked]
}

function passkeyStep(
  client: Client,
  next: (codes: readonly string[]) => void,
  skip: () => void,
): HTMLElement[] {
  const shown = failures()
  const later = el('button', { type: 'button', class: 'quiet' }, 'Later')
  later.addEventListener('click', skip)
  const add = action(
    { label: 'Add a passkey', busy: 'Waiting for the passkey…', kind: 'main' },
    shown,
    async () => next(await addPasskey(client)),
  )
  const lead = hasPasskeys()
    ? 'A passkey is your fingerprint, face or PIN on this device, or a security key. From now on it signs you in and proves that it is you who changes something important.'
    : 'This browser has no passkeys at this address. You can go on without one, and add it later from another device.'
  return [
    el('p', { class: 'lead' }, lead),
    shown.element,
    el('div', { class: 'buttons' }, hasPasskeys() ? add : undefined, later),
  ]
}
