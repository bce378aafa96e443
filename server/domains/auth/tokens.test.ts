import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openTestAuth } from './fixture.ts'
import type { TestAuth } from './fixture.ts'
import { openSigning } from './signing.ts'
import type { SigningKey } from './signing.ts'
import { openTokens } from './tokens.ts'

const refused = { status: 401, code: 'AUTH_001' }
const expired = { status: 401, code: 'AUTH_003' }

interface Claimed {
  server: TestAuth
  token: string
  /** The server's own key, as a thief of it would have. */
  key: SigningKey
}

async function claimed(context: TestContext): Promise<Claimed> {
  const server = await openTestAuth()
  context.after(() => server.close())
  const { access_token } = await server.claim()
  return { server, token: access_token, key: (await openSigning(server.kernel)).current() }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
const parts = (token: string): [string, string, string] => token.split('.') as [string, string, string]

const signed = (header: unknown, claims: unknown, key: SigningKey['private_key']): string => {
  const text = `${typeof header === 'string' ? header : encode(header)}.${encode(claims)}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

test('a token names this server, its user and its session, and lives 15 minutes', async (context) => {
  const { server, token } = await claimed(context)
  const [header, payload] = parts(token)
  const { kid, ...fixed } = decode(header)
  assert.deepEqual(fixed, { alg: 'EdDSA', typ: 'at+jwt' })
  assert.equal(typeof kid, 'string')
  const { sub, sid, jti, ...rest } = decode(payload)
  const iat = server.clock.now() / 1000
  const url = 'http://localhost:3001'
  assert.deepEqual(rest, { iss: url, aud: `${url}/api`, sver: 1, iat, exp: iat + 900 })
  const { user_id, session_id } = server.auth.authenticate(token)
  assert.deepEqual([sub, sid, typeof jti], [user_id, session_id, 'string'])
})

test('other algorithms, keys and headers are refused, whatever they are signed with', async (context) => {
  const { server, token, key } = await claimed(context)
  const [header, payload] = parts(token)
  const claims = decode(payload)
  const own = decode(header)
  const stranger = generateKeyPairSync('ed25519')
  const jwk = stranger.publicKey.export({ format: 'jwk' })
  const hs256 = `${encode({ ...own, alg: 'HS256' })}.${payload}`
  const pem = key.public_key.export({ format: 'pem', type: 'spki' })
  const forged = [
    `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    `${encode({ ...own, alg: 'none' })}.${payload}.${parts(token)[2]}`,
    `${hs256}.${createHmac('sha256', pem).update(hs256).digest('base64url')}`,
    signed(header, claims, stranger.privateKey),
    signed({ ...own, jwk }, claims, stranger.privateKey),
    signed({ ...own, jwk }, claims, key.private_key),
    signed({ ...own, jku: 'https://evil.test/keys' }, claims, key.private_key),
    signed({ ...own, typ: 'JWT' }, claims, key.private_key),
    ...['../../x', "' OR 1=1 --", 'other'].map((kid) => signed({ ...own, kid }, claims, stranger.privateKey)),
  ]
  for (const each of forged) assert.throws(() => server.auth.authenticate(each), refused, each)
})

test('a changed payload or signature and garbage are refused, also after the real token was seen', async (context) => {
  const { server, token } = await claimed(context)
  server.auth.authenticate(token)
  const [header, payload, signature] = parts(token)
  const altered = encode({ ...decode(payload), sub: '00000000-0000-7000-8000-000000000000' })
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const garbage = ['', '.', '..', 'x.y.z', `${token}.`, ` ${token}`, token.slice(1), 'a'.repeat(100_000)]
  for (const each of [`${header}.${altered}.${signature}`, `${header}.${payload}.${flipped}`, ...garbage]) {
    assert.throws(() => server.auth.authenticate(each), refused, each)
  }
})

test('claims that this server never signs are refused even under its own key', async (context) => {
  const { server, token, key } = await claimed(context)
  const [header, payload] = parts(token)
  const claims = decode(payload) as { iat: number }
  const { iat } = claims
  const wrong = [
    { exp: undefined },
    { exp: Date.UTC(9999, 0) / 1000 },
    { exp: iat + 901 },
    { exp: String(iat + 900) },
    { iss: 'http://localhost:3002' },
    { aud: 'http://localhost:3001/mcp' },
    { sid: undefined },
    { sver: 2 },
    { sub: '00000000-0000-7000-8000-000000000000' },
  ]
  for (const part of wrong) {
    assert.throws(
      () => server.auth.authenticate(signed(header, { ...claims, ...part }, key.private_key)),
      refused,
    )
  }
  server.auth.authenticate(signed(header, claims, key.private_key))
})

test('a token expires to the second, and one from a clock that was set back counts as expired', async (context) => {
  const { server, token } = await claimed(context)
  server.clock.advance(899_999)
  server.auth.authenticate(token)
  server.clock.advance(1)
  assert.throws(() => server.auth.authenticate(token), expired)
  const { access_token, refresh_token } = await server.login()
  server.clock.jump(-30_000)
  server.auth.authenticate(access_token)
  server.clock.jump(-3_600_000)
  assert.throws(() => server.auth.authenticate(access_token), expired)
  const next = await server.refresh(refresh_token)
  server.auth.authenticate(next.access_token)
  server.clock.jump(3_600_000)
  assert.throws(() => server.auth.authenticate(next.access_token), expired)
})

test('after a rotation old tokens live out their 15 minutes, and the old key signs nothing more', async (context) => {
  const { server, token, key } = await claimed(context)
  const { kid } = await server.auth.rotateSigning()
  const { access_token } = await server.login()
  assert.equal(decode(parts(access_token)[0])['kid'], kid)
  server.clock.advance(899_000)
  server.auth.authenticate(token)
  const [header, payload] = parts(token)
  const iat = Math.floor(server.clock.now() / 1000) + 30
  const late = signed(header, { ...decode(payload), iat, exp: iat + 900 }, key.private_key)
  server.auth.authenticate(late)
  server.clock.advance(31_000)
  assert.throws(() => server.auth.authenticate(late), refused)
})

test('the cache forgets the oldest token and still verifies it', async (context) => {
  const { server } = await claimed(context)
  const tokens = openTokens(server.kernel, await openSigning(server.kernel), 2)
  const session = { id: 's', user_id: 'u', version: 1 }
  const issued = [1, 2, 3].map(() => tokens.issue(session))
  for (const token of [...issued, ...issued]) assert.equal(tokens.verify(token).sid, 's')
})
