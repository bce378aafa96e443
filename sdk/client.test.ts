import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Memory } from '../contract/agents.ts'
import { openClient } from './client.ts'
import { ApiFault, NoAnswer } from './fault.ts'
import { SIGNED_IN, fakeServer, listen, refusal } from './fixture.ts'
import { memoryTokens } from './session.ts'
import type { Tokens } from './session.ts'

const URL = 'http://localhost:3001'
const { user_id, user } = SIGNED_IN
const tokens = (access_token: string, expires_at = 1_000_000): Tokens => ({
  access_token,
  refresh_token: `refresh of ${access_token}`,
  user_id,
  expires_at,
})
const next = {
  access_token: 'new',
  refresh_token: 'next',
  expires_in: 900,
  token_type: 'Bearer',
  user_id,
} as const
const now = () => 0

const memory: Memory = {
  id: '01890000-0000-7000-8000-000000000002',
  agent_number: 2,
  memory_type: 'note',
  content: 'ä',
  tags: [],
  created_at: '2026-11-22T10:00:00.000Z',
  expires_at: null,
  source: { kind: 'user' },
  trust: 'trusted',
  pinned: false,
  superseded_by: null,
  updated_at: '2026-11-22T10:00:00.000Z',
}
const server = await listen({
  'auth.login': () => SIGNED_IN,
  'auth.me': () => user,
  'auth.logout': () => ({}),
  'agents.memory': () => ({ memories: [memory], total_count: 1 }),
  'agents.memory_store': () => memory,
  'agents.delete': () => ({}),
  'auth.biometric_setup': () => ({ credential_id: 'c', backup_codes: [] }),
})
after(() => server.close())
const lastSeen = () => server.seen.at(-1) ?? assert.fail('nothing was asked')

test('signing in keeps the tokens, calls carry them, and signing out forgets them', async () => {
  const store = memoryTokens()
  const client = openClient({ url: server.url, tokens: store, now, user_agent: 'paios (here)' })
  const signedIn = await client.ask('auth.login', { email: user.email, password: 'correct horse' })
  assert.deepEqual(signedIn, SIGNED_IN)
  assert.equal(lastSeen().token, undefined)
  const { access_token, refresh_token } = SIGNED_IN
  assert.deepEqual(await store.load(), { access_token, refresh_token, user_id, expires_at: 900_000 })
  assert.deepEqual(await client.ask('auth.me'), user)
  assert.equal(lastSeen().token, access_token)
  assert.equal(lastSeen().headers.get('user-agent'), 'paios (here)')
  assert.deepEqual(await client.ask('auth.logout'), {})
  assert.equal(await store.load(), undefined)
})

test('an input goes into path, query or body as the contract says, and the answer out of any envelope', async () => {
  const client = openClient({ url: server.url, tokens: memoryTokens(tokens('a')), now })
  const asked = { id: '2', tags: ['a', 'b'], limit: 5, q: 'ä&=+ ' }
  assert.deepEqual(await client.ask('agents.memory', asked), { memories: [memory], total_count: 1 })
  assert.deepEqual(lastSeen().input, asked)
  const stored = { id: '2', memory_type: 'note', content: 'ä' }
  assert.deepEqual(await client.ask('agents.memory_store', stored, { key: 'once' }), memory)
  assert.deepEqual(lastSeen().input, stored)
  assert.equal(lastSeen().headers.get('idempotency-key'), 'once')
  assert.deepEqual(await client.ask('agents.delete', { id: '20', force: true }), {})
  assert.deepEqual(lastSeen().input, { id: '20', force: true })
  const passkey = { public_key: 'k', challenge_response: 'r', authenticator_data: 'd' }
  const enrolled = await client.ask('auth.biometric_setup', passkey)
  assert.deepEqual(enrolled, { credential_id: 'c', backup_codes: [] })
})

test('a path parameter that would make another path is refused before anything is sent', async () => {
  const { fetch, seen } = fakeServer({})
  const client = openClient({ url: URL, fetch })
  for (const id of ['', '.', '..']) await assert.rejects(client.ask('agents.get', { id }), TypeError)
  await assert.rejects(client.ask('agents.get', { id: 'a/../../x' }), ApiFault)
  assert.equal(seen.length, 0)
})

test('a refusal is a fault with all that the server told', async () => {
  const { fetch } = fakeServer({
    'agents.get': () => {
      throw refusal('AGENT_NOT_FOUND', 'There is no agent 9.', { id: '9' })
    },
  })
  await assert.rejects(openClient({ url: URL, fetch }).ask('agents.get', { id: '9' }), {
    name: 'ApiFault',
    operation: 'agents.get',
    status: 404,
    code: 'AGENT_001',
    message: 'There is no agent 9.',
    details: { id: '9' },
    request_id: 'request-1',
  })
})

/** A server that takes the access token `new` alone, and exchanges refresh tokens for it. */
function strict(options: { ended?: boolean } = {}) {
  return fakeServer({
    'auth.me': (_input, { token }) => {
      if (token !== 'new') throw refusal('TOKEN_EXPIRED', 'The access token has expired.')
      return user
    },
    'system.health': () => ({ status: 'healthy' }),
    'auth.logout': () => ({}),
    'auth.refresh': () => {
      if (options.ended === true) throw refusal('UNAUTHORIZED', 'The session has ended.')
      return next
    },
  })
}
const names = (seen: readonly { name: string }[]) => seen.map(({ name }) => name)

test('an expired token is renewed once for all who wait, and their calls are answered', async () => {
  const { fetch, seen } = strict()
  const store = memoryTokens(tokens('old'))
  const client = openClient({ url: URL, fetch, tokens: store, now })
  const answers = await Promise.all([client.ask('auth.me'), client.ask('auth.me'), client.ask('auth.me')])
  assert.deepEqual(answers, [user, user, user])
  assert.equal(names(seen).filter((name) => name === 'auth.refresh').length, 1)
  assert.equal(seen.find(({ name }) => name === 'auth.refresh')?.input['refresh_token'], 'refresh of old')
  assert.equal((await store.load())?.refresh_token, 'next')
})

test('a token whose time is over is renewed before it is sent', async () => {
  const { fetch, seen } = strict()
  const client = openClient({ url: URL, fetch, tokens: memoryTokens(tokens('old', 4_000)), now })
  await client.ask('auth.me')
  assert.deepEqual(names(seen), ['auth.refresh', 'auth.me'])
})

test('a call is repeated once, not for ever', async () => {
  const { fetch, seen } = fakeServer({
    'auth.refresh': () => next,
    'auth.me': () => {
      throw refusal('TOKEN_EXPIRED', 'The access token has expired.')
    },
  })
  const client = openClient({ url: URL, fetch, tokens: memoryTokens(tokens('old')), now })
  await assert.rejects(client.ask('auth.me'), { code: 'AUTH_003' })
  assert.deepEqual(names(seen), ['auth.me', 'auth.refresh', 'auth.me'])
})

test('an ended session is forgotten, and then strangers’ answers are all that there is', async () => {
  const { fetch, seen } = strict({ ended: true })
  const store = memoryTokens(tokens('old'))
  const client = openClient({ url: URL, fetch, tokens: store, now })
  await assert.rejects(client.ask('auth.me'), { status: 401, code: 'AUTH_001' })
  assert.equal(await store.load(), undefined)
  await store.save(tokens('old', 0))
  assert.deepEqual(await client.ask('system.health'), { status: 'healthy' })
  assert.equal(seen.at(-1)?.token, undefined)
})

test('tokens that another process renewed meanwhile are used, not renewed again nor forgotten', async () => {
  const store = memoryTokens(tokens('old'))
  const { fetch, seen } = strict({ ended: true })
  const meddling: typeof globalThis.fetch = async (asked, init) => {
    const answer = await fetch(asked, init)
    if (names(seen).at(-1) === 'auth.me') await store.save(tokens('new'))
    return answer
  }
  assert.deepEqual(await openClient({ url: URL, fetch: meddling, tokens: store, now }).ask('auth.me'), user)
  assert.deepEqual(names(seen), ['auth.me', 'auth.me'])
})

test('signing out sends an expired token as it is, and without a server nothing is forgotten', async () => {
  const { fetch, seen } = strict()
  const store = memoryTokens(tokens('old', 0))
  const away = openClient({ url: URL, fetch: () => Promise.reject(new TypeError('no')), tokens: store, now })
  await assert.rejects(away.ask('auth.logout'), NoAnswer)
  assert.notEqual(await store.load(), undefined)
  await openClient({ url: URL, fetch, tokens: store, now }).ask('auth.logout')
  assert.deepEqual([seen.length, seen[0]?.name, seen[0]?.token], [1, 'auth.logout', 'old'])
  assert.equal(await store.load(), undefined)
})

const ask = (answer: typeof fetch, signal?: AbortSignal) =>
  openClient({ url: URL, fetch: answer }).ask('system.health', {}, signal === undefined ? {} : { signal })

test('without an answer the reason is named: nobody there, too late, or somebody else', async () => {
  const late = new DOMException('late', 'TimeoutError')
  await assert.rejects(
    ask(() => Promise.reject(new TypeError('fetch failed'))),
    { reason: 'unreachable' },
  )
  await assert.rejects(
    ask(() => Promise.reject(late)),
    { reason: 'timeout' },
  )
  const others = [
    new Response('<html>', { status: 200 }),
    new Response('[]', { status: 200 }),
    Response.json({ data: {} }),
    Response.json({ error: 'no' }, { status: 500 }),
    new Response('', { status: 302, headers: { location: 'https://elsewhere.example' } }),
  ]
  for (const other of others) {
    await assert.rejects(
      ask(() => Promise.resolve(other)),
      { name: 'NoAnswer', reason: 'foreign' },
    )
  }
})

test('an aborted call ends with the reason of its caller', async () => {
  const reason = new Error('enough')
  const asking = ask((_url, init) => Promise.reject(init?.signal?.reason as Error), AbortSignal.abort(reason))
  await assert.rejects(asking, reason)
})

test('secrets go over plain http to this machine alone', () => {
  for (const url of [URL, 'http://127.0.0.1:80', 'http://[::1]:3001', 'https://paios.example']) {
    assert.equal(openClient({ url }).url, new globalThis.URL(url).origin)
  }
  const others = [
    'http://paios.example',
    'http://localhost.evil.test',
    'ftp://localhost',
    'localhost:3001',
    '',
  ]
  for (const url of [...others, 'http://me:secret@localhost', 'http://localhost/api']) {
    assert.throws(() => openClient({ url }), TypeError, url)
  }
})
