import type { Client } from './client.ts'
import { confirm, showCodes } from './dialog.ts'
import { el } from './dom.ts'
import { action, failures, field, form, owner } from './form.ts'
import { section } from './section.ts'
import type { Section } from './section.ts'

/** The codes for the day on which no passkey is at hand. */
export function backupCodes(client: Client): Section {
  const shown = failures()
  const make = action({ label: 'Make new codes', busy: 'Make new codes' }, shown, async () => {
    await confirm('Make ten new codes?', 'The codes that you have now are void at once.', 'Make new codes')
    const { backup_codes } = await client.ask('credentials.backup', {})
    await showCodes(backup_codes)
  })
  return section({
    id: 'codes',
    title: 'Backup codes',
    lead: 'Each signs you in once when no passkey is at hand, and lets you add another. Codes never prove anything else.',
    shown,
    beside: make,
    body: [],
  })
}

/** Changing the password. */
export function password(client: Client, email: string, changed: () => Promise<void>): Section {
  const shown = failures()
  const status = el('span', { role: 'status', class: 'hint' })
  const current = field('Current password', {
    type: 'password',
    autocomplete: 'current-password',
    maxlength: '1024',
  })
  const next = field(
    'New password',
    { type: 'password', autocomplete: 'new-password', minlength: '15', maxlength: '256' },
    'At least 15 characters.',
  )
  const asked = form(
    { label: 'Change the password', busy: 'Changing…', kind: 'plain' },
    shown,
    { fields: [owner(email), el('div', { class: 'pair' }, current.element, next.element)], beside: [status] },
    async () => {
      status.textContent = ''
      const given = { current_password: current.input.value, new_password: next.input.value }
      client.session.keep(await client.ask('auth.password', given))
      asked.reset()
      status.textContent = 'Changed. All other sessions have ended.'
      await changed()
    },
  )
  return section({
    id: 'password',
    title: 'Password',
    lead: 'Changing it ends every other session.',
    body: [asked],
  })
}
