import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, openInMemory } from '../in-memory.ts'
import { guardian } from './index.ts'

const NOW = Temporal.Instant.from('2026-03-30T12:00:00+02:00').epochMilliseconds
const stored = (service_name: string, expires_at: string | null = null, expired = false) => ({
  credential_id: service_name,
  service_name,
  expires_at,
  expired,
})

function tell(name: string, credentials = [stored('github')], total = credentials.length, parameters = {}) {
  const list = async () => ({ credentials, total })
  const can = openInMemory(NOW, 'Europe/Berlin', { credentials: { expiring: async () => [], list } })
  return ask(guardian, name, can, parameters)
}

test('what is stored is named with its end, and how many there are', async () => {
  const some = [
    stored('github'),
    stored('stripe', '2026-03-31T08:00:00Z'),
    stored('mail', '2026-03-29T08:00:00Z', true),
  ]
  assert.equal(
    (await tell('list_credentials', some)).text,
    '3 secrets are stored: github, stripe (expires tomorrow at 10:00), mail (expired yesterday at 10:00).',
  )
  const many = Array.from({ length: 6 }, (_, place) => stored(`s${place}`))
  assert.match((await tell('list_credentials', many, 120)).text, /^120 secrets .* s4, and 115 more\.$/)
  assert.deepEqual((await tell('list_credentials', [])).data['credentials'], [])
  assert.match((await tell('list_credentials', [])).text, /^No secret is stored\./)
})

const how = async (parameters: object) =>
  (await tell('manage_credentials', [], 0, parameters)).data['command']

test('how a secret is stored, deleted or rotated is said, and nothing of that is done', async () => {
  assert.equal(await how({ what: 'store', service: 'GitHub' }), 'paios credentials add github')
  assert.equal(await how({ what: 'delete', service: 'openai' }), 'paios credentials delete openai')
  assert.equal(await how({ what: 'rotate' }), 'paios credentials rotate')
  // What could be read as something else by a shell is left out.
  assert.equal(await how({ service: 'x; rm -rf /' }), 'paios credentials add')
})
