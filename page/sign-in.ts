import type { Client } from './client.ts'
import { el, icon } from './dom.ts'
import { action, failures, field, form } from './form.ts'
import { hasPasskeys, usePasskey } from './passkey.ts'
import { send } from './send.ts'

/** What stands for the credential id in a sign-in by a code. */
const CODE_CREDENTIAL = 'backup_code'

export type Entrance = 'password' | 'passkey' | 'code' | 'setup'

interface Parts {
  client: Client
  /** Why the page is here again. */
  notice: string | undefined
  entered: (by: Entrance) => void
  /** To the other beginning. */
  claim: () => void
}

/** Signing in: a passkey first, the password and a backup code below. */
export function signIn({ client, notice, entered, claim }: Parts): HTMLElement {
  const shown = failures()
  const email = field('E-mail', { type: 'email', autocomplete: 'username', name: 'email', maxlength: '254' })
  const password = field('Password', { type: 'password', autocomplete: 'current-password', name: 'password' })
  const code = field(
    'Backup code',
    { autocomplete: 'off', spellcheck: 'false', class: 'code' },
    'One of the ten that you kept.',
  )
  const byPasskey = action(
    { label: 'Sign in with a passkey', busy: 'Waiting for the passkey…', kind: 'main' },
    shown,
    async () => {
      if (!email.input.reportValidity()) return
      const biometric_credential = await usePasskey(
        await send('auth.biometric_challenge', { purpose: 'login' }),
      )
      await client.enter('auth.login', { email: email.input.value, biometric_credential })
      entered('passkey')
    },
  )
  byPasskey.prepend(icon('passkey'))
  const withPasskeys = hasPasskeys()
  const proof = el('div', {}, password.element)
  let usesCode = false
  const other = el('button', { type: 'button', class: 'quiet' }, 'Use a backup code')
  const asked = form(
    { label: 'Sign in', busy: 'Signing in…', kind: withPasskeys ? 'plain' : 'main' },
    shown,
    {
      fields: [
        email.element,
        withPasskeys &&
          el('div', { class: 'first' }, byPasskey, el('p', { class: 'or', 'aria-hidden': 'true' }, 'or')),
        proof,
      ],
      beside: [other],
    },
    async () => {
      const biometric_credential = { credential_id: CODE_CREDENTIAL, challenge_response: code.input.value }
      const given = usesCode ? { biometric_credential } : { password: password.input.value }
      await client.enter('auth.login', { email: email.input.value, ...given })
      entered(usesCode ? 'code' : 'password')
    },
  )
  other.addEventListener('click', () => {
    usesCode = !usesCode
    const now = usesCode ? code : password
    proof.replaceChildren(now.element)
    other.textContent = usesCode ? 'Use the password' : 'Use a backup code'
    shown.clear()
    now.input.focus()
  })
  return el(
    'div',
    { class: 'entrance' },
    el('h1', {}, 'Sign in'),
    notice !== undefined &&
      el('p', { class: 'notice', role: 'status' }, icon('information'), el('span', {}, notice)),
    asked,
    trouble(claim),
  )
}

function trouble(claim: () => void): HTMLElement {
  const begin = el('button', { type: 'button', class: 'link' }, 'claim it with its setup code')
  begin.addEventListener('click', claim)
  return el(
    'details',
    { class: 'trouble' },
    el('summary', {}, 'Trouble signing in?'),
    el('p', {}, 'No passkey and no password any more: a backup code signs you in once.'),
    el('p', {}, 'If this server has no owner yet, ', begin, '.'),
  )
}
