import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Challenge } from '../../../../contract/auth.ts'
import { operations } from '../../../../contract/index.ts'
import { makeKey, signChallenge } from '../../../../sdk/authenticator.ts'
import { PASSWORD, openTestApp } from '../../../../test/app.ts'
import type { TestApp } from '../../../../test/app.ts'
import { ORIGIN, dataOf, enrol, outcomeOf, proofFor, prove } from '../../../../test/passkeys.ts'

const EMAIL = 'ann@example.org'
const BOOKS = { name: 'Books' }

async function open(context: TestContext): Promise<{ server: TestApp; token: string; user_id: string }> {
  const server = await openTestApp()
  context.after(() => server.remove())
  const { token, user_id } = await server.claim(EMAIL)
  return { server, token, user_id }
}

test('until there is a passkey a fresh password will do for an account, and nothing for credentials', async (t) => {
  const { server, token } = await open(t)
  assert.equal(outcomeOf(await server.call(token, 'agents.create', BOOKS)), 'ok')
  assert.equal(outcomeOf(await server.call(token, 'credentials.backup', {})), 'AUTH_002 not_enrolled')
  server.clock.advance(300_001)
  assert.equal(outcomeOf(await server.call(token, 'agents.create', BOOKS)), 'AUTH_002 sign_in_too_old')
})

test('the first passkey brings ten codes and is asked for from then on', async (t) => {
  const { server, token } = await open(t)
  const { key, backup_codes } = await enrol(server, token)
  assert.equal(new Set(backup_codes).size, 10)
  assert.equal((await server.ask(token, 'auth.me', {})).preferences.biometric_enabled, true)
  assert.equal(outcomeOf(await server.call(token, 'agents.create', BOOKS)), 'AUTH_002 proof_missing')
  assert.equal(outcomeOf(await prove(server, token, key, 'agents.create', BOOKS)), 'ok')
  const { passkeys } = await server.ask(token, 'auth.passkeys', {})
  assert.deepEqual(
    passkeys.map(({ credential_id, software, origin }) => ({ credential_id, software, origin })),
    [{ credential_id: key.credential_id, software: true, origin: ORIGIN }],
  )
})

test('a refusal carries the challenge for exactly the refused call', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const refused = await server.call(token, 'agents.create', BOOKS)
  assert.ok(!refused.ok)
  const details = refused.error.error.details as unknown as Challenge
  assert.deepEqual(
    { ...details, challenge: '', expires_at: '' },
    {
      reason: 'proof_missing',
      challenge: '',
      rp_id: 'localhost',
      allow_credentials: [key.credential_id],
      operation: 'agents.create',
      expires_at: '',
    },
  )
  const proof = signChallenge(key, details)
  const other = await server.call(token, 'agents.create', { name: 'Cooks' }, undefined, { proof })
  assert.equal(outcomeOf(other), 'AUTH_002 proof_mismatch')
})

test('a proof is good once, for one body, one operation, one session and two minutes', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const use = async (proof: unknown, input = BOOKS) =>
    outcomeOf(await server.call(token, 'agents.create', input, undefined, { proof }))
  const fresh = (operation: 'agents.create' | 'auth.preferences', input: object) =>
    proofFor(server, token, key, operation, input as never)

  const once = await fresh('agents.create', BOOKS)
  assert.equal(await use(once), 'ok')
  assert.equal(await use(once), 'AUTH_002 proof_used')
  assert.equal(await use(await fresh('agents.create', { name: 'Cooks' })), 'AUTH_002 proof_mismatch')
  assert.equal(await use(await fresh('auth.preferences', { theme: 'dark' })), 'AUTH_002 proof_mismatch')
  const late = await fresh('agents.create', { name: 'Late' })
  server.clock.advance(120_000)
  assert.equal(await use(late, { name: 'Late' }), 'AUTH_002 proof_mismatch')
  const login = await server.call(undefined, 'auth.login', { email: EMAIL, password: PASSWORD })
  const { access_token } = dataOf<{ access_token: string }>(login)
  const elsewhere = await proofFor(server, access_token, key, 'agents.create', BOOKS)
  assert.equal(await use(elsewhere), 'AUTH_002 proof_mismatch')
})

test('a proof that was rolled back stays good for that call, one that failed does not', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const taken = { name: 'Text' }
  const proof = await proofFor(server, token, key, 'agents.create', taken)
  const ask = async (given: unknown) =>
    outcomeOf(await server.call(token, 'agents.create', taken, undefined, { proof: given }))
  assert.equal(await ask(proof), 'AGENT_004')
  assert.equal(await ask(proof), 'AGENT_004')
  const broken = { ...proof, challenge_response: Buffer.from('nothing').toString('base64url') }
  assert.equal(await ask(broken), 'AUTH_002 proof_invalid')
  assert.equal(await ask(proof), 'AUTH_002 proof_used')
})

test('a proof in a header, in a body or as a ticket counts the same, and a ticket is good once', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const use = async (proof: unknown, input: { name: string }) =>
    outcomeOf(await server.call(token, 'agents.create', input, undefined, { proof }))
  const assertion = await proofFor(server, token, key, 'agents.create', { name: 'One' })
  const header = Buffer.from(JSON.stringify(assertion)).toString('base64url')
  assert.equal(await use(header, { name: 'One' }), 'ok')
  const biometric_credential = await proofFor(server, token, key, 'agents.create', { name: 'Two' })
  const { proof_token } = await server.ask(token, 'auth.biometric_verify', { biometric_credential })
  assert.equal(await use(biometric_credential, { name: 'Two' }), 'AUTH_002 proof_used')
  assert.equal(await use(proof_token, { name: 'Other' }), 'AUTH_002 proof_mismatch')
  assert.equal(await use(proof_token, { name: 'Two' }), 'ok')
  assert.equal(await use(proof_token, { name: 'Two' }), 'AUTH_002 proof_used')
  for (const nonsense of ['', 'e30', {}, [], 7, { credential_id: key.credential_id }])
    assert.equal(await use(nonsense, { name: 'Three' }), 'AUTH_002 proof_malformed')
})

test('a second passkey needs the first, and each is good for its own page alone', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const setup = await server.ask(token, 'auth.biometric_challenge', { purpose: 'setup' })
  const { registered } = makeKey(ORIGIN, setup)
  assert.equal(
    outcomeOf(await server.call(token, 'auth.biometric_setup', registered)),
    'AUTH_002 proof_missing',
  )
  const second = await enrol(server, token, { by: key })
  assert.deepEqual(second.backup_codes, [])
  assert.equal(outcomeOf(await prove(server, token, second.key, 'agents.create', BOOKS)), 'ok')
  const elsewhere = await server.call(token, 'agents.create', { name: 'Far' }, undefined, {
    origin: 'https://paios.example',
  })
  assert.equal(outcomeOf(elsewhere), 'AUTH_002 no_passkey_for_origin')
})

test('a passkey signs in, once for each challenge', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const challenge = await server.ask(undefined, 'auth.biometric_challenge', { purpose: 'login' })
  assert.deepEqual(challenge.allow_credentials, [])
  const signed = { email: EMAIL, biometric_credential: signChallenge(key, challenge) }
  const signedIn = await server.ask(undefined, 'auth.login', signed)
  assert.equal((await server.ask(signedIn.access_token, 'auth.me', {})).email, EMAIL)
  assert.equal(outcomeOf(await server.call(undefined, 'auth.login', signed)), 'AUTH_004')
  const other = { ...signed, email: 'bob@example.org' }
  assert.equal(outcomeOf(await server.call(undefined, 'auth.login', other)), 'AUTH_004')
})

test('a backup code signs in once, enrols one passkey and proves nothing else', async (t) => {
  const { server, token } = await open(t)
  const { backup_codes } = await enrol(server, token)
  const [code = ''] = backup_codes
  const byCode = (challenge_response: string) =>
    server.call(undefined, 'auth.login', {
      email: EMAIL,
      biometric_credential: { credential_id: 'backup_code', challenge_response },
    })
  const { access_token } = dataOf<{ access_token: string }>(await byCode(code.toLowerCase()))
  assert.equal(outcomeOf(await byCode(code)), 'AUTH_004')
  assert.equal(outcomeOf(await server.call(access_token, 'agents.create', BOOKS)), 'AUTH_002 proof_missing')
  const { key } = await enrol(server, access_token)
  await assert.rejects(enrol(server, access_token), /proof_missing/)
  // What only a passkey opens stays closed to this session for a day.
  assert.equal(
    outcomeOf(await prove(server, access_token, key, 'credentials.backup', {})),
    'AUTH_002 recovered',
  )
})

test('for a day a fresh password takes a first passkey away again, later only a passkey does', async (t) => {
  const { server, token } = await open(t)
  await enrol(server, token)
  const [passkey] = (await server.ask(token, 'auth.passkeys', {})).passkeys
  const id = passkey?.id ?? ''
  assert.equal(outcomeOf(await server.call(token, 'auth.passkey_remove', { id })), 'ok')
  assert.equal((await server.ask(token, 'auth.me', {})).preferences.biometric_enabled, false)

  const { key } = await enrol(server, token)
  server.clock.advance(86_400_000)
  const login = await server.ask(undefined, 'auth.login', { email: EMAIL, password: PASSWORD })
  const [kept] = (await server.ask(login.access_token, 'auth.passkeys', {})).passkeys
  const removal = { id: kept?.id ?? '' }
  const refused = await server.call(login.access_token, 'auth.passkey_remove', removal)
  assert.equal(outcomeOf(refused), 'AUTH_002 proof_missing')
  assert.equal(outcomeOf(await prove(server, login.access_token, key, 'auth.passkey_remove', removal)), 'ok')
})

test('what an authenticator says of another page, user, key or ceremony is refused', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const good = await proofFor(server, token, key, 'agents.create', BOOKS)
  const data = Buffer.from(good.authenticator_data, 'base64url')
  const withByte = (at: number, value: number): string => {
    const copy = Buffer.from(data)
    copy[at] = value
    return copy.toString('base64url')
  }
  const client = JSON.parse(Buffer.from(good.client_data_json, 'base64url').toString()) as object
  const withClient = (part: object): string =>
    Buffer.from(JSON.stringify({ ...client, ...part })).toString('base64url')
  const wrong = {
    'not verified': { authenticator_data: withByte(32, 0x01) },
    'not present': { authenticator_data: withByte(32, 0x04) },
    'another rpId': { authenticator_data: withByte(0, (data[0] ?? 0) ^ 1) },
    'another origin': { client_data_json: withClient({ origin: 'https://evil.test' }) },
    'in a frame': { client_data_json: withClient({ crossOrigin: true }) },
    'another ceremony': { client_data_json: withClient({ type: 'webauthn.create' }) },
    'another key': { credential_id: 'AAAA' },
  }
  for (const [what, part] of Object.entries(wrong)) {
    const proof = { ...(await proofFor(server, token, key, 'agents.create', BOOKS)), ...part }
    const reply = await server.call(token, 'agents.create', BOOKS, undefined, { proof })
    assert.match(outcomeOf(reply), /^AUTH_002 proof_/, what)
  }
  assert.equal(
    (await server.ask(token, 'agents.list', {})).agents.some(({ name }) => name === 'Books'),
    false,
  )
})

test('a change of the password ends every session and answers with a fresh one', async (t) => {
  const { server, token } = await open(t)
  const change = { current_password: PASSWORD, new_password: 'a quite different sentence 7' }
  const wrong = await server.call(token, 'auth.password', {
    ...change,
    current_password: 'something else 123',
  })
  assert.equal(outcomeOf(wrong), 'AUTH_004')
  const { access_token } = await server.ask(token, 'auth.password', change)
  assert.equal(outcomeOf(await server.call(token, 'auth.me', {})), 'AUTH_001')
  assert.equal((await server.ask(access_token, 'auth.me', {})).email, EMAIL)
  const again = await server.call(undefined, 'auth.login', { email: EMAIL, password: PASSWORD })
  assert.equal(outcomeOf(again), 'AUTH_004')
})

test('a call that was begun by a session that has ended since does nothing', async (t) => {
  const { server, token } = await open(t)
  const begin = () =>
    server.app.dispatch.begin({
      operation: operations['agents.create'],
      transport: 'http',
      token,
      ip: '127.0.0.1',
      user_agent: 'test',
      request_id: undefined,
    })
  const { signal } = new AbortController()
  const [slow, slower] = [begin(), begin()]
  const { access_token } = await server.ask(undefined, 'auth.login', { email: EMAIL, password: PASSWORD })
  // The password of the old session no longer proves anything once there is a passkey, and then the session ends.
  const { key } = await enrol(server, token)
  assert.equal(outcomeOf(await slow.answer({ input: BOOKS, signal })), 'AUTH_002 proof_missing')
  await enrol(server, access_token, { by: key }).catch(() => {})
  await server.call(token, 'auth.logout', {})
  assert.equal(outcomeOf(await slower.answer({ input: BOOKS, signal })), 'AUTH_001')
  const login = await server.ask(undefined, 'auth.login', { email: EMAIL, password: PASSWORD })
  const { agents } = await server.ask(login.access_token, 'agents.list', {})
  assert.equal(
    agents.some(({ name }) => name === 'Books'),
    false,
  )
})

test('a ticket of a passkey that was removed proves nothing', async (t) => {
  const { server, token } = await open(t)
  const { key } = await enrol(server, token)
  const second = await enrol(server, token, { by: key })
  const biometric_credential = await proofFor(server, token, second.key, 'agents.create', BOOKS)
  const { proof_token } = await server.ask(token, 'auth.biometric_verify', { biometric_credential })
  const { passkeys } = await server.ask(token, 'auth.passkeys', {})
  const id = passkeys.find(({ credential_id }) => credential_id === second.key.credential_id)?.id ?? ''
  assert.equal(outcomeOf(await prove(server, token, key, 'auth.passkey_remove', { id })), 'ok')
  const reply = await server.call(token, 'agents.create', BOOKS, undefined, { proof: proof_token })
  assert.equal(outcomeOf(reply), 'AUTH_002 proof_invalid')
})
