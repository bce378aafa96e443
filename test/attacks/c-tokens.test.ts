import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import type { TestContext } from 'node:test'
import { operations } from '../../contract/index.ts'
import { openSigning } from '../../server/domains/auth/signing.ts'
import { PASSWORD } from '../app.ts'
import { NOTHING } from './inputs.ts'
import { dataOf, none, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Target } from './rig.ts'

interface Pair {
  access_token: string
  refresh_token: string
}

async function open(t: TestContext): Promise<Target> {
  const target = await openTarget()
  t.after(() => target.remove())
  return target
}

const refresh = (target: Target, refresh_token: string) =>
  target.http('POST /api/auth/refresh', { body: { refresh_token } })
const me = async (target: Target, token: string) =>
  outcomeOf(await target.http('GET /api/auth/me', { token }))
const pairOf = (answered: Answered) => dataOf<Pair>(answered)

test('C-001: a refresh token that comes back after its grace ends its whole family', async (t) => {
  const target = await open(t)
  const { refresh_token: first, token } = target.ann
  const second = pairOf(await refresh(target, first))
  target.clock.advance(11_000)
  assert.equal(await me(target, second.access_token), '200')
  assert.equal(outcomeOf(await refresh(target, first)), '401 AUTH_001')
  assert.equal(outcomeOf(await refresh(target, second.refresh_token)), '401 AUTH_001')
  assert.equal(await me(target, second.access_token), '401 AUTH_001')
  assert.equal(await me(target, token), '401 AUTH_001')
  assert.equal(await me(target, target.bob.token), '200')
})

test('C-002: within ten seconds the parent is answered with the same successor, its own parent never', async (t) => {
  const target = await open(t)
  const second = pairOf(await refresh(target, target.ann.refresh_token))
  target.clock.advance(10_000)
  const again = pairOf(await refresh(target, target.ann.refresh_token))
  assert.equal(again.refresh_token, second.refresh_token)
  const together = await Promise.all(Array.from({ length: 10 }, () => refresh(target, second.refresh_token)))
  assert.equal(new Set(together.map((one) => pairOf(one).refresh_token)).size, 1)
  assert.equal(outcomeOf(await refresh(target, target.ann.refresh_token)), '401 AUTH_001')
  assert.equal(await me(target, second.access_token), '401 AUTH_001')
  assert.equal(outcomeOf(await refresh(target, 'never a token of this server')), '401 AUTH_004')
})

test('C-005: a change of the password, of a passkey or of the account ends what was signed in before, at once', async (t) => {
  const target = await open(t)
  const body = { current_password: PASSWORD, new_password: 'a quite different sentence 7' }
  const other = await target.signIn(target.ann.email)
  assert.equal((await target.http('PUT /api/auth/password', { token: target.ann.token, body })).status, 200)
  for (const { token, refresh_token } of [target.ann, other]) {
    assert.equal(await me(target, token), '401 AUTH_001')
    assert.equal(outcomeOf(await refresh(target, refresh_token)), '401 AUTH_001')
  }
  const [one, two] = [await target.signIn(target.bob.email), await target.signIn(target.bob.email)]
  await target.enrol(one)
  assert.deepEqual([await me(target, one.token), await me(target, two.token)], ['200', '401 AUTH_001'])
  assert.equal(outcomeOf(await refresh(target, two.refresh_token)), '401 AUTH_001')
  const login = { email: target.ann.email, password: body.new_password }
  const { access_token: owner } = pairOf(await target.http('POST /api/auth/login', { body: login }))
  assert.equal((await target.http(`DELETE /api/users/${one.user_id}`, { token: owner })).status, 200)
  assert.equal(await me(target, one.token), '401 AUTH_001')
  assert.match(outcomeOf(await refresh(target, one.refresh_token)), /^401 AUTH_00[14]$/)
})

test('C-006: after signing out neither the token nor the refresh token nor the socket is good for anything', async (t) => {
  const target = await open(t)
  const { token, refresh_token } = target.ann
  const client = target.open(token)
  await client.next('authenticated')
  assert.equal((await target.http('POST /api/auth/logout', { token })).status, 200)
  await client.gone
  assert.equal(await me(target, token), '401 AUTH_001')
  assert.equal(outcomeOf(await refresh(target, refresh_token)), '401 AUTH_001')
  const again = target.open(token)
  await again.next('unauthorized')
})

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (text = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>

function signed(header: object, claims: object, key: KeyObject): string {
  const payload = `${part(header)}.${part(claims)}`
  return `${payload}.${sign(null, Buffer.from(payload), key).toString('base64url')}`
}

test('C-007: no other algorithm, key, or address of a key in a token is believed, and none is asked', async (t) => {
  const target = await open(t)
  let asked = 0
  const canary = createServer((_request, response) => response.end(String((asked += 1)))).listen(
    0,
    '127.0.0.1',
  )
  after(() => canary.close())
  await new Promise((resolve) => canary.once('listening', resolve))
  const address = canary.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/keys`
  const own = (await openSigning(target.app.kernel)).current()
  const stranger = generateKeyPairSync('ed25519')
  const [head, body, signature] = target.ann.token.split('.')
  const [header, claims] = [decode(head), decode(body)]
  const spki = own.public_key.export({ format: 'pem', type: 'spki' })
  const hmac = (key: string | Buffer, alg: string) => {
    const payload = `${part({ ...header, alg })}.${body}`
    return `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`
  }
  const evil = stranger.privateKey
  const tokens: Readonly<Record<string, string>> = {
    'no algorithm': `${part({ ...header, alg: 'none' })}.${body}.`,
    'no algorithm, in capitals': `${part({ ...header, alg: 'NONE' })}.${body}.${signature}`,
    'no signature': `${head}.${body}.`,
    'HMAC with the public key': hmac(spki, 'HS256'),
    'HMAC with the raw public key': hmac(
      own.public_key.export({ format: 'der', type: 'spki' }).subarray(-32),
      'HS256',
    ),
    "a stranger's key under our name": signed(header, claims, evil),
    'an unknown key': signed({ ...header, kid: NOTHING }, claims, evil),
    'a path as key': signed({ ...header, kid: '../../../../dev/null' }, claims, evil),
    'SQL as key': signed({ ...header, kid: "x' UNION SELECT 'AAAA" }, claims, evil),
    'a key inside': signed({ ...header, jwk: stranger.publicKey.export({ format: 'jwk' }) }, claims, evil),
    'an address of a key': signed({ ...header, jku: url }, claims, evil),
    'an address of a certificate': signed({ ...header, x5u: url }, claims, evil),
    'a header of ours with more in it': signed({ ...header, jku: url }, claims, own.private_key),
    'another user': `${head}.${part({ ...claims, sub: target.bob.user_id })}.${signature}`,
    'more after it': `${target.ann.token}.${signature}`,
    'not base64url': target.ann.token.replace('.', '.='),
  }
  const wrong: string[] = []
  for (const [what, token] of Object.entries(tokens)) {
    const outcome = await me(target, token)
    if (outcome !== '401 AUTH_001') wrong.push(`${what}: ${outcome}`)
  }
  none(wrong)
  assert.equal(asked, 0)
  assert.equal(await me(target, signed(header, claims, own.private_key)), '200')
})

test('C-008: a token that our own key signed is refused for its times, and expired is said of what expired', async (t) => {
  const target = await open(t)
  const { private_key } = (await openSigning(target.app.kernel)).current()
  const [head, body] = target.ann.token.split('.')
  const [header, claims] = [decode(head), decode(body)]
  const now = Math.floor(target.clock.now() / 1000)
  const { exp: _exp, ...endless } = claims
  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['expired', { ...claims, iat: now - 900, exp: now }, /^401 AUTH_003$/],
    ['not yet', { ...claims, iat: now + 31, exp: now + 900 }, /^401 AUTH_00[13]$/],
    [
      'not before the future',
      { ...claims, nbf: now + 3_600, iat: now + 3_600, exp: now + 4_500 },
      /^401 AUTH_00[13]$/,
    ],
    ['without an end', endless, /^401 AUTH_001$/],
    ['until the year 9999', { ...claims, exp: 253_402_300_799 }, /^401 AUTH_001$/],
    ['an end that is text', { ...claims, exp: '9999999999' }, /^401 AUTH_001$/],
    ['an end that is no integer', { ...claims, exp: now + 0.5 }, /^401 AUTH_001$/],
    ['for another audience', { ...claims, aud: 'https://evil.test/api' }, /^401 AUTH_001$/],
    ['of another issuer', { ...claims, iss: 'https://evil.test' }, /^401 AUTH_001$/],
    ['of an unknown session', { ...claims, sid: NOTHING }, /^401 AUTH_001$/],
    ['of another version of the session', { ...claims, sver: 2 }, /^401 AUTH_001$/],
    ["of another's session", { ...claims, sub: target.bob.user_id }, /^401 AUTH_001$/],
  ]
  const wrong: string[] = []
  for (const [what, said, expected] of cases) {
    const outcome = await me(target, signed(header, said, private_key))
    if (!expected.test(outcome)) wrong.push(`${what}: ${outcome}`)
  }
  none(wrong)
})

test('C-012: a retired key is believed until the last token of it is over, and no longer, without a restart', async (t) => {
  const target = await open(t)
  const old = (await openSigning(target.app.kernel)).current()
  const [head, body] = target.ann.token.split('.')
  await target.app.auth.rotateSigning()
  assert.equal(await me(target, target.ann.token), '200')
  const fresh = await target.signIn(target.ann.email)
  assert.notEqual(fresh.token.split('.')[0], head)
  target.clock.advance(931_000)
  const now = Math.floor(target.clock.now() / 1000)
  const stolen = signed(decode(head), { ...decode(body), iat: now, exp: now + 900 }, old.private_key)
  assert.equal(await me(target, stolen), '401 AUTH_001')
  assert.equal(
    pairOf(await refresh(target, fresh.refresh_token)).access_token.split('.')[0],
    fresh.token.split('.')[0],
  )
})

test('C-014: a session is ended by its user alone, with its sockets, and one of somebody else is not there', async (t) => {
  const target = await open(t)
  const other = await target.signIn(target.ann.email)
  const client = target.open(other.token)
  await client.next('authenticated')
  const list = async (token: string) =>
    dataOf<{ sessions: { id: string; current: boolean }[] }>(
      await target.http('GET /api/auth/sessions', { token }),
    ).sessions
  const id = (await list(other.token)).find(({ current }) => current)?.id ?? ''
  const end = (token: string, which: string) =>
    target.perform(operations['auth.session_end'], { id: which }, { token })
  assert.equal(outcomeOf(await end(target.bob.token, id)), '404 GENERAL_001')
  assert.equal(outcomeOf(await end(target.ann.token, NOTHING)), '404 GENERAL_001')
  assert.equal(await me(target, other.token), '200')
  assert.equal(outcomeOf(await end(target.ann.token, id)), '200')
  await client.gone
  assert.equal(await me(target, other.token), '401 AUTH_001')
  assert.equal(
    (await list(target.ann.token)).some((one) => one.id === id),
    false,
  )
})

test('C-016: a proof that was used stays used when the clock goes forward and comes back', async (t) => {
  const target = await open(t)
  await target.enrol(target.ann)
  const create = operations['agents.create']
  const use = async (name: string, proof: unknown) =>
    outcomeOf(await target.perform(create, { name }, { token: target.ann.token, proof }))
  const used = await target.proof(target.ann, create, { name: 'Once' })
  assert.equal(await use('Once', used), '201')
  target.clock.jump(600_000)
  assert.equal(await use('Later', await target.proof(target.ann, create, { name: 'Later' })), '201')
  target.clock.jump(-600_000)
  assert.equal(await use('Once', used), '403 AUTH_002 proof_used')
})

test('C-016: a wall clock that jumps locks nobody out and lets no token or proof live longer', async (t) => {
  const target = await open(t)
  const key = await target.enrol(target.ann)
  assert.ok(key)
  const create = operations['agents.create']
  const input = { name: 'Jump' }
  const early = await target.proof(target.ann, create, input)
  for (const jump of [-3_600_000, 7_200_000, 86_400_000]) {
    const { token, refresh_token } = target.ann
    target.clock.jump(jump)
    assert.match(await me(target, token), /^401 AUTH_003$/)
    assert.match(outcomeOf(await target.perform(create, input, { token, proof: early })), /^401 AUTH_003$/)
    const next = pairOf(await refresh(target, refresh_token))
    Object.assign(target.ann, { token: next.access_token, refresh_token: next.refresh_token })
    assert.equal(await me(target, next.access_token), '200')
    const old = await target.perform(create, input, { token: next.access_token, proof: early })
    assert.equal(outcomeOf(old), '403 AUTH_002 proof_mismatch')
    assert.equal((await target.signIn(target.bob.email)).email, target.bob.email)
  }
  const { token } = target.ann
  target.clock.jump(-30_000)
  assert.equal(await me(target, token), '200')
  target.clock.advance(930_000)
  assert.equal(await me(target, token), '401 AUTH_003')
})
