import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { PendingApproval } from '../contract/approvals.ts'
import type { Challenge } from '../contract/auth.ts'
import { PASSWORD } from '../test/app.ts'
import { makeKey, signChallenge } from './authenticator.ts'
import type { SoftwareKey } from './authenticator.ts'
import type { Client, ClientOptions } from './client.ts'
import { toPage } from './origin.ts'
import { OWNER, openServed } from './rig.ts'
import type { Served } from './rig.ts'

/** Longer than a password sign-in counts as proof. */
const LATER_MS = 301_000

async function enrol(client: Client): Promise<SoftwareKey> {
  const challenge = await client.ask('auth.biometric_challenge', { purpose: 'setup' })
  const { key, registered } = makeKey(toPage(client.url), challenge)
  await client.ask('auth.biometric_setup', registered)
  return key
}

async function open(context: TestContext): Promise<{ server: Served; key: SoftwareKey }> {
  const server = await openServed()
  context.after(() => server.remove())
  const key = await enrol(await server.signIn(OWNER))
  return { server, key }
}

/** A client whose sign-in is too old to count as proof. */
async function late(server: Served, options: Partial<ClientOptions>): Promise<Client> {
  const client = await server.signIn(OWNER, options)
  server.clock.advance(LATER_MS)
  return client
}

/** The reason of a refusal. */
async function why(asking: Promise<unknown>): Promise<string | undefined> {
  const error: { details?: { reason?: string } } = await asking.then(
    () => assert.fail('not refused'),
    (refused: object) => refused,
  )
  return error.details?.reason
}

const BOB = { email: 'bob@example.org', password: PASSWORD }

test('a call that needs a proof is signed and repeated, once, and others are not', async (t) => {
  const { server, key } = await open(t)
  const asked: Challenge[] = []
  const client = await late(server, {
    authenticate: (challenge) => {
      asked.push(challenge)
      return Promise.resolve(signChallenge(key, challenge))
    },
  })
  assert.equal((await client.ask('users.create', BOB)).email, BOB.email)
  await client.ask('auth.me')
  assert.deepEqual(
    asked.map(({ operation, allow_credentials }) => [operation, allow_credentials]),
    [['users.create', [key.credential_id]]],
  )
  assert.equal(asked[0]?.rp_id, 'localhost')
  const wrong = { ...signChallenge(key, { challenge: 'x', rp_id: 'localhost' }) }
  await assert.rejects(client.ask('credentials.backup', {}, { proof: wrong }), { code: 'AUTH_002' })
  assert.equal(asked.length, 1)
})

test('a proof that does not hold is not tried again, and without a passkey the refusal stands', async (t) => {
  const { server, key } = await open(t)
  let tries = 0
  const client = await late(server, {
    authenticate: (challenge) => {
      tries += 1
      const signed = signChallenge(key, challenge)
      return Promise.resolve({ ...signed, challenge_response: signed.authenticator_data })
    },
  })
  assert.deepEqual([await why(client.ask('users.create', BOB)), tries], ['proof_invalid', 1])
  const none = await late(server, { authenticate: () => Promise.resolve(undefined) })
  assert.equal(await why(none.ask('users.create', BOB)), 'proof_missing')
})

test('a passkey signs for its own page alone, whatever a server asks for', () => {
  const request = { challenge: 'c', rp_id: 'localhost' }
  const { key } = makeKey('http://localhost:3001', request)
  assert.equal(signChallenge(key, request).credential_id, key.credential_id)
  for (const rp_id of ['127.0.0.1', 'evil.example', '', 'localhost.', 'host'])
    assert.throws(() => signChallenge(key, { ...request, rp_id }), TypeError, rp_id)
  assert.throws(() => makeKey('https://paios.example', request), TypeError)
})

test('the page of a machine has one name however the machine is called', () => {
  const pages = {
    'http://127.0.0.1:3001': 'http://localhost:3001',
    'http://127.9.9.9:3001': 'http://localhost:3001',
    'http://[::1]:3001': 'http://localhost:3001',
    'http://localhost:80': 'http://localhost',
    'https://127.0.0.1:3001': 'https://localhost:3001',
    'https://paios.example': 'https://paios.example',
  }
  for (const [origin, page] of Object.entries(pages)) assert.equal(toPage(origin), page)
})

test('what cannot be proven waits for an approval when the client can wait, for every envelope', async (t) => {
  const { server } = await open(t)
  const pending: (PendingApproval & { operation: string })[] = []
  const client = await late(server, {
    approve: (receipt, operation) => {
      pending.push({ ...receipt, operation })
      return Promise.resolve({ done: operation })
    },
  })
  assert.deepEqual(await client.ask('users.create', BOB), { done: 'users.create' })
  const challenge = await client.ask('auth.biometric_challenge', { purpose: 'setup' })
  const { registered } = makeKey(toPage(client.url), challenge)
  assert.deepEqual(await client.ask('auth.biometric_setup', registered), { done: 'auth.biometric_setup' })
  assert.deepEqual(
    pending.map(({ operation }) => operation),
    ['users.create', 'auth.biometric_setup'],
  )
  const { approvals } = await client.ask('approvals.list')
  assert.deepEqual(
    approvals.map(({ id }) => id),
    pending.map(({ approval_id }) => approval_id).toReversed(),
  )
  const raw: unknown = await client.ask('auth.biometric_setup', registered, { approval: true })
  assert.equal((raw as PendingApproval).approval_id, pending[1]?.approval_id)
})

test('a changed password leaves the client signed in, with the tokens that came with it', async (t) => {
  const server = await openServed()
  t.after(() => server.remove())
  const client = await server.signIn(OWNER)
  const before = await client.session.fresh(0)
  const change = { current_password: PASSWORD, new_password: 'another long password 7' }
  const { access_token } = await client.ask('auth.password', change)
  const after = await client.session.fresh(0)
  assert.deepEqual([after?.access_token, after?.access_token === before?.access_token], [access_token, false])
  assert.equal((await client.ask('auth.me')).email, OWNER)
})
