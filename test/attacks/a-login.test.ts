import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import { PASSWORD } from '../app.ts'
import { dataOf, faultOf, none, openTarget, outcomeOf } from './rig.ts'
import type { Answered } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const ann = target.ann.email
const WRONG = 'not the password of anybody 1'

const login = (email: unknown, password: unknown = PASSWORD) =>
  target.http('POST /api/auth/login', { body: { email, password } })
/** What a stranger can tell two answers apart by. */
const seen = ({ status, headers, body }: Answered) => {
  const { code, message, details } = faultOf(body)
  const fixed = Object.entries(headers).filter(([name]) => !/^(?:x-request-id|date)$|ratelimit/.test(name))
  return { status, code, message, details, headers: Object.fromEntries(fixed) }
}

test('A-002: a setup code dies after five wrong tries, and the right one then opens nothing', async () => {
  const fresh = await openTarget({ unclaimed: true })
  const setup_code = fresh.app.auth.setup_code() ?? ''
  const claim = (code: string) =>
    fresh.http('POST /api/auth/setup', { body: { setup_code: code, email: ann, password: PASSWORD } })
  for (let tries = 1; tries <= 5; tries += 1) assert.equal(outcomeOf(await claim('WRONG')), '401 AUTH_004')
  assert.equal(outcomeOf(await claim('WRONG')), '429 GENERAL_002')
  assert.equal(outcomeOf(await claim(setup_code)), '429 GENERAL_002')
  const signIn = { body: { email: ann, password: PASSWORD } }
  assert.equal(outcomeOf(await fresh.http('POST /api/auth/login', signIn)), '401 AUTH_004')
  await fresh.remove()
})

test('A-003: the setup code makes one account, also when two race with it, and is dead afterwards', async () => {
  const fresh = await openTarget({ unclaimed: true })
  const setup_code = fresh.app.auth.setup_code() ?? ''
  const claim = (email: string) =>
    fresh.http('POST /api/auth/setup', { body: { setup_code, email, password: PASSWORD } })
  const raced = await Promise.all([claim('one@example.org'), claim('two@example.org')])
  assert.deepEqual(new Set(raced.map(({ status }) => status)), new Set([201, 404]))
  assert.equal(outcomeOf(await claim('three@example.org')), '404 GENERAL_001')
  const winner = raced.find(({ status }) => status === 201)
  const token = dataOf<{ access_token: string }>(winner ?? assert.fail()).access_token
  const { users } = dataOf<{ users: unknown[] }>(await fresh.http('GET /api/users', { token }))
  assert.equal(users.length, 1)
  await fresh.remove()
})

test('A-005, A-006: a wrong password and an unknown e-mail are answered alike in status, body and headers', async () => {
  const [wrong, unknown] = [await login(ann, WRONG), await login('nobody@example.org', WRONG)]
  assert.equal(outcomeOf(wrong), '401 AUTH_004')
  assert.deepEqual(seen(unknown), seen(wrong))
  const code = { credential_id: 'backup_code', challenge_response: 'AAAA-AAAA' }
  const byCode = (email: string) =>
    target.http('POST /api/auth/login', { body: { email, biometric_credential: code } })
  assert.deepEqual(seen(await byCode('nobody@example.org')), seen(await byCode(ann)))
  const key = {
    credential_id: 'AAAA',
    challenge_response: 'AA',
    authenticator_data: 'AA',
    client_data_json: 'e30',
  }
  const byKey = (email: string) =>
    target.http('POST /api/auth/login', { body: { email, biometric_credential: key } })
  assert.deepEqual(seen(await byKey('nobody@example.org')), seen(await byKey(ann)))
})

test('A-008: from the sixth wrong password on the account waits, alike whether it exists, and others do not', async () => {
  for (const email of [ann, 'ghost@example.org']) {
    const outcomes: string[] = []
    for (let tries = 0; tries < 10; tries += 1) {
      const answered = await login(email, WRONG)
      outcomes.push(outcomeOf(answered))
      if (answered.status === 429) assert.equal(answered.headers['retry-after'], '30')
    }
    const earlier = email === ann ? 1 : 0
    assert.deepEqual(outcomes, [
      ...Array(5 - earlier).fill('401 AUTH_004'),
      ...Array(5 + earlier).fill('429 GENERAL_002'),
    ])
  }
  assert.equal(outcomeOf(await login(ann)), '429 GENERAL_002')
  assert.equal((await login(target.bob.email)).status, 200)
  target.clock.advance(30_000)
  assert.equal((await login(ann)).status, 200)
})

const createWith = (password: string) => {
  const email = `${Buffer.from(password).toString('hex').slice(0, 12)}${password.length}@example.org`
  return target.http('POST /api/users', { token: target.ann.token, body: { email, password } })
}

test('A-011: a new password has 15 to 256 characters as people count them, and is not a common one', async () => {
  const long = 'Two unlike words and 7 more, said at length; '.repeat(6)
  const cases: readonly (readonly [string, number])[] = [
    ['fourteen chars', 400],
    ['fifteen chars 7', 201],
    ['password12345678', 400],
    ['passwordpassword', 400],
    ['qwertyuiopasdfgh', 400],
    ['aaaaaaaaaaaaaaaaaaaa', 400],
    ['😀🎈🐙🌵🚲🎻🥝🛶🧊🪁🦔🍄🔭🧭🪴', 201],
    ['😀🎈🐙🌵🚲🎻🥝', 400],
    [long.slice(0, 64), 201],
    [long.slice(0, 200), 201],
    [long.slice(0, 256), 201],
    [long.slice(0, 257), 400],
    ['with a \u0000 in the middle', 400],
  ]
  const wrong: string[] = []
  for (const [password, status] of cases) {
    const answered = await createWith(password)
    if (answered.status !== status)
      wrong.push(`${JSON.stringify(password)}: ${answered.status} ${answered.text}`)
    if (answered.text.includes(JSON.stringify(password).slice(1, -1))) wrong.push(`${password} came back`)
  }
  none(wrong)
})

test('A-013: of fifty sign-ins at once some are told to come back, and others are answered meanwhile', async (t) => {
  const pending = { count: 50 }
  const many = Array.from({ length: 50 }, async (_, index) => {
    const answered = await login(`many${index}@example.org`, WRONG)
    pending.count -= 1
    return answered
  })
  const times: number[] = []
  // Whoever asks after all of them is answered before the last of them, again and again.
  while (pending.count > 0) {
    const started = performance.now()
    assert.equal((await target.http('GET /api/system/health')).status, 200)
    if (pending.count > 0) times.push(performance.now() - started)
  }
  const answers = await Promise.all(many)
  const refused = answers.filter(({ status }) => status === 503)
  assert.equal(answers.filter(({ status }) => status === 401).length + refused.length, 50)
  assert.ok(refused.length >= 20, `${refused.length} were refused`)
  for (const one of refused) {
    assert.equal(outcomeOf(one), '503 SYSTEM_001')
    assert.equal(one.headers['retry-after'], '2')
  }
  assert.ok(times.length >= 5, `${times.length} were answered meanwhile`)
  t.diagnostic(
    `${times.length} answers of the health meanwhile, the slowest in ${Math.round(Math.max(...times))} ms`,
  )
})

test('A-014: one e-mail address is one account however it is written, and what only looks like it is another', async () => {
  const { token } = target.ann
  const create = async (email: string) => {
    const password = 'a password of nobody 7'
    return outcomeOf(await target.http('POST /api/users', { token, body: { email, password } }))
  }
  const same = [
    'BOB@EXAMPLE.ORG',
    'bob@example.org ',
    ' Bob@Example.org',
    'ｂｏｂ＠ｅｘａｍｐｌｅ．ｏｒｇ',
    'bob@example\uff0eorg',
  ]
  for (const email of same) {
    assert.equal(await create(email), '409 GENERAL_001', email)
    assert.equal((await login(email)).status, 200, email)
  }
  const refused = [
    'bob\u0000@example.org',
    'bob@exam\u0000ple.org',
    'bob\n@example.org',
    'b\u200bob@example.org',
    'bob\u202e@example.org',
    'bob@example.org\u0000',
    'b ob@example.org',
    'bob',
    '@example.org',
    'a@b@c.org',
  ]
  for (const email of refused) {
    assert.equal(await create(email), '400 GENERAL_001', JSON.stringify(email))
    assert.notEqual((await login(email)).status, 200, JSON.stringify(email))
  }
  // Cyrillic letters, which no normal form makes Latin.
  for (const email of ['b\u043eb@example.org', '\u042cob@example.org'])
    assert.equal(outcomeOf(await login(email)), '401 AUTH_004')
})

test('A-016: a sign-in that is no object with two texts is malformed, whatever it is', async () => {
  const bodies = ['[]', '"a"', 'null', '7', 'true', '{}', '[{"email":"ann@example.org"}]']
  for (const body of bodies) {
    const answered = await target.http('POST /api/auth/login', {
      body,
      headers: { 'content-type': 'application/json' },
    })
    assert.equal(outcomeOf(answered), '400 GENERAL_001', body)
  }
  const values: readonly unknown[] = [
    { $gt: '' },
    ['ann@example.org'],
    null,
    true,
    7,
    { toString: 'ann@example.org' },
  ]
  for (const value of values) {
    assert.equal(outcomeOf(await login(value)), '400 GENERAL_001', JSON.stringify(value))
    assert.equal(outcomeOf(await login(ann, value)), '400 GENERAL_001', JSON.stringify(value))
  }
})

test('A-017: strangers learn nothing of users, pictures or versions', async () => {
  const paths = [
    'users',
    `users/${target.ann.user_id}`,
    'auth/me',
    'auth/sessions',
    'auth/passkeys',
    'system/performance',
    'system/logs',
  ]
  for (const path of paths) {
    const answered = await target.http(`GET /api/${path}`)
    assert.match(outcomeOf(answered), /^401 AUTH_001$|^405 /, path)
    assert.equal(answered.text.includes('example.org'), false)
  }
  for (const path of [
    'avatar',
    `users/${target.ann.user_id}/avatar`,
    'avatars/ann@example.org.png',
    'version',
  ])
    assert.match(outcomeOf(await target.http(`GET /api/${path}`)), /^404 /, path)
  const health = await target.http('GET /api/system/health')
  assert.deepEqual(health.body, { success: true, data: { status: 'healthy' } })
  const challenge = { purpose: 'login' }
  const { allow_credentials } = dataOf<{ allow_credentials: unknown[] }>(
    await target.perform(operations['auth.biometric_challenge'], challenge),
  )
  assert.deepEqual(allow_credentials, [])
})
