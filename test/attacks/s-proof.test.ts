import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { OperationName } from '../../contract/index.ts'
import type { Operation } from '../../contract/operation.ts'
import { signChallenge } from '../../sdk/authenticator.ts'
import type { SoftwareKey } from '../../sdk/authenticator.ts'
import { PASSWORD } from '../app.ts'
import { signLie } from './evil.ts'
import type { Lies } from './evil.ts'
import { NOTHING } from './inputs.ts'
import { dataOf, faultOf, isNotBuilt, none, openTarget, outcomeOf, skipped } from './rig.ts'
import type { Fields, Person } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const { ann, bob } = target
const key = await target.enrol(ann)
const keyOfBob = await target.enrol(bob)
const create: Operation = operations['agents.create']

const perform = (operation: Operation, input: Fields, proof?: unknown, by: Person = ann) =>
  target.perform(operation, input, { token: by.token, proof })
const names = async () =>
  dataOf<{ agents: { name: string }[] }>(
    await target.http('GET /api/agents', { token: ann.token }),
  ).agents.map(({ name }) => name)

/** A call of each sensitive operation that really succeeds, with what it needs made first. */
const REAL: Readonly<Partial<Record<OperationName, () => Promise<Fields>>>> = {
  'agents.create': () => Promise.resolve({ name: 'Real' }),
  'agents.update': () => Promise.resolve({ id: '5', description: 'Sums.' }),
  'agents.delete': async () => ({ id: await made('Doomed') }),
  'auth.preferences': () => Promise.resolve({ theme: 'dark' }),
  'auth.passkey_rename': async () => ({ id: await passkey(), name: 'Another' }),
  'auth.session_end': async () => {
    await target.http('POST /api/auth/login', { body: { email: ann.email, password: PASSWORD } })
    const { sessions } = dataOf<{ sessions: { id: string; current: boolean }[] }>(
      await target.http('GET /api/auth/sessions', { token: ann.token }),
    )
    return { id: sessions.find(({ current }) => !current)?.id }
  },
  'users.create': () => Promise.resolve({ email: 'new@example.org', password: 'a password of nobody 7' }),
  'users.update': () => Promise.resolve({ id: bob.user_id, tier: 'pro' }),
  'approvals.approve': async () => {
    const asked = { token: ann.token, headers: { 'x-approval': 'request' } }
    const { approval_id } = dataOf<{ approval_id: string }>(
      await target.perform(create, { name: 'Waiting' }, asked),
    )
    return { id: approval_id }
  },
  'system.rollback': async () => {
    await made('Taken back')
    return {}
  },
  'system.modify': () =>
    Promise.resolve({
      type: 'agent_config',
      description: 'Another name.',
      target: { kind: 'agent', id: ann.agents.get(5) },
      after_state: { name: 'Sums' },
    }),
  'system.config': () => Promise.resolve({ deleted_retention_days: 30 }),
  'credentials.store': () =>
    Promise.resolve({ service_name: 'github', credential_type: 'password', credential_data: { value: 'x' } }),
  'credentials.backup': () => Promise.resolve({}),
}

async function made(name: string): Promise<string> {
  const answered = await perform(create, { name }, await target.proof(ann, create, { name }))
  return dataOf<{ id: string }>(answered).id
}

async function passkey(): Promise<string> {
  const answered = await target.http('GET /api/auth/passkeys', { token: ann.token })
  return dataOf<{ passkeys: { id: string }[] }>(answered).passkeys[0]?.id ?? ''
}

test('S-002, S-003: with a valid proof each sensitive call happens once, and the same proof never again', async (t) => {
  const wrong: string[] = []
  const unbuilt: string[] = []
  for (const [name, make] of Object.entries(REAL)) {
    const operation: Operation = operations[name as OperationName]
    const input = await make()
    const proof = await target.proof(ann, operation, input)
    const first = await perform(operation, input, proof)
    if (isNotBuilt(first.body)) {
      unbuilt.push(name)
      continue
    }
    if (first.status >= 300) wrong.push(`${name} came to ${first.text}`)
    // What was approved runs by itself, and the effect of the second call alone is asked about here.
    await target.app.kernel.store.settled()
    const before = name === 'approvals.approve' ? undefined : target.state()
    const again = await perform(operation, input, proof)
    if (outcomeOf(again) !== '403 AUTH_002 proof_used') wrong.push(`${name} again came to ${again.text}`)
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(target.state()))
      wrong.push(`${name} again had an effect`)
  }
  none(wrong)
  t.diagnostic(`not built yet: ${unbuilt.join(', ')}`)
})

test('S-003: of twenty parallel calls with one proof one has an effect', async () => {
  const input = { name: 'Only one' }
  const proof = await target.proof(ann, create, input)
  const answers = await Promise.all(Array.from({ length: 20 }, () => perform(create, input, proof)))
  const outcomes = answers.map(outcomeOf).toSorted()
  assert.deepEqual(outcomes, ['201', ...Array<string>(19).fill('403 AUTH_002 proof_used')])
  assert.equal((await names()).filter((name) => name === 'Only one').length, 1)
})

test('S-005: a proof for one object, method or body is none for another', async () => {
  const [one, two] = [await made('Object one'), await made('Object two')]
  const remove = operations['agents.delete']
  const update = operations['agents.update']
  const attempts: readonly (readonly [string, Operation, Fields])[] = [
    ['another object', remove, { id: two }],
    ['another method', update, { id: one, name: 'x' }],
    ['the same object with more', remove, { id: one, force: true }],
  ]
  for (const [what, operation, input] of attempts) {
    const proof = await target.proof(ann, remove, { id: one })
    assert.equal(outcomeOf(await perform(operation, input, proof)), '403 AUTH_002 proof_mismatch', what)
  }
  const proof = await target.proof(ann, operations['credentials.delete'], { id: NOTHING })
  const other = { id: NOTHING.replace('dead', 'beef') }
  assert.equal(
    outcomeOf(await perform(operations['credentials.delete'], other, proof)),
    '403 AUTH_002 proof_mismatch',
  )
  assert.deepEqual(
    (await names()).filter((name) => name.startsWith('Object')),
    ['Object one', 'Object two'],
  )
})

test('S-007: a proof is good up to two minutes after its challenge, and not a millisecond longer', async () => {
  const late = { name: 'Late' }
  const proof = await target.proof(ann, create, late)
  const fresh = await target.proof(ann, create, { name: 'In time' })
  target.clock.advance(119_999)
  assert.equal(outcomeOf(await perform(create, { name: 'In time' }, fresh)), '201')
  target.clock.advance(1)
  assert.equal(outcomeOf(await perform(create, late, proof)), '403 AUTH_002 proof_mismatch')
  target.clock.advance(1_000)
  assert.equal(outcomeOf(await perform(create, late, proof)), '403 AUTH_002 proof_mismatch')
})

test("S-008: another user's passkey proves nothing, under its own name or under that of the user's", async () => {
  const input = { name: 'Foreign' }
  const sign = async (by: SoftwareKey, credential_id: string) =>
    signLie({ ...by, credential_id }, await target.challenge(ann, create, input))
  for (const id of [keyOfBob.credential_id, key.credential_id])
    assert.equal(
      outcomeOf(await perform(create, input, await sign(keyOfBob, id))),
      '403 AUTH_002 proof_invalid',
    )
  const own = await target.proof(bob, create, input)
  assert.equal(outcomeOf(await perform(create, input, own)), '403 AUTH_002 proof_mismatch')
  assert.equal((await names()).includes('Foreign'), false)
})

const LIES: Readonly<Record<string, Lies>> = {
  'not verified': { flags: 0x01 },
  'not present': { flags: 0x04 },
  neither: { flags: 0x00 },
  'another rp id': { rp_id: 'evil.test' },
  'a subdomain as rp id': { rp_id: 'a.localhost' },
  'another origin': { client_data: { origin: 'https://evil.test' } },
  'another port': { client_data: { origin: 'http://localhost:1' } },
  'an opaque origin': { client_data: { origin: 'null' } },
  'no origin': { client_data: { origin: undefined } },
  'in a frame': { client_data: { crossOrigin: true } },
  'in a frame, as text': { client_data: { crossOrigin: 'true' } },
  'in a named frame': { client_data: { topOrigin: 'https://evil.test' } },
  'another ceremony': { client_data: { type: 'webauthn.create' } },
  'a payment': { client_data: { type: 'payment.get' } },
  'another challenge': { client_data: { challenge: 'AAAA' } },
}

test('S-009: whatever an authenticator says that is not so is refused, though its signature holds', async () => {
  const wrong: string[] = []
  const input = { name: 'Lie' }
  for (const [what, lies] of Object.entries(LIES)) {
    const answered = await perform(
      create,
      input,
      signLie(key, await target.challenge(ann, create, input), lies),
    )
    if (!/^403 AUTH_002 proof_(?:invalid|mismatch)$/.test(outcomeOf(answered)))
      wrong.push(`${what}: ${answered.text}`)
  }
  none(wrong)
  assert.equal((await names()).includes('Lie'), false)
  const honest = signLie(key, await target.challenge(ann, create, { name: 'Truth' }))
  assert.equal(outcomeOf(await perform(create, { name: 'Truth' }, honest)), '201')
})

test('S-011: a removed passkey proves nothing, also by a proof that it signed before', async () => {
  const dan = await person('dan@example.org')
  const old = await target.enrol(dan)
  const { passkeys } = dataOf<{ passkeys: { id: string }[] }>(
    await target.http('GET /api/auth/passkeys', { token: dan.token }),
  )
  await target.enrol(dan)
  const input = { name: 'Removed' }
  const earlier = signChallenge(old, await target.challenge(dan, create, input))
  const removal = { id: passkeys[0]?.id }
  const remove = operations['auth.passkey_remove']
  assert.equal(
    outcomeOf(await perform(remove, removal, await target.proof(dan, remove, removal), dan)),
    '200',
  )
  assert.equal(outcomeOf(await perform(create, input, earlier, dan)), '403 AUTH_002 proof_invalid')
  const later = signChallenge(old, await target.challenge(dan, create, input))
  assert.equal(outcomeOf(await perform(create, input, later, dan)), '403 AUTH_002 proof_invalid')
  assert.equal(outcomeOf(await perform(create, input, await target.proof(dan, create, input), dan)), '201')
})

test('S-014: without a passkey nothing that needs one happens, and the refusal says why', async () => {
  const eve = await person('eve@example.org')
  for (const name of [
    'credentials.backup',
    'credentials.get',
    'system.rollback',
    'approvals.approve',
  ] as const) {
    const input = /get|approve/.test(name) ? { id: NOTHING } : {}
    assert.equal(
      outcomeOf(await perform(operations[name], input, undefined, eve)),
      '403 AUTH_002 not_enrolled',
      name,
    )
    const proof = await target.proof(ann, operations[name], input)
    assert.equal(
      outcomeOf(await perform(operations[name], input, proof, eve)),
      '403 AUTH_002 not_enrolled',
      name,
    )
  }
})

test('S-016: a proof in the query, or in the body of a GET, is none', async () => {
  const get = operations['credentials.get']
  const input = { id: NOTHING }
  const path = `/api/credentials/${NOTHING}`
  const proof = await target.proof(ann, get, input)
  const text = Buffer.from(JSON.stringify(proof)).toString('base64url')
  const { token } = ann
  const ways = [
    await target.http(`GET ${path}?biometric_verification=${text}`, { token }),
    await target.http(`GET ${path}?X-Biometric-Proof=${text}`, { token }),
    await target.http(`GET ${path}`, { token, body: { biometric_verification: proof } }),
    await target.http(`DELETE ${path}`, { token, body: { biometric_verification: proof } }),
  ]
  for (const answered of ways)
    assert.match(outcomeOf(answered), /^403 AUTH_002 proof_missing$|^400 GENERAL_001$/)
  assert.equal(ways.filter(({ status }) => status === 403).length, 3)
})

test('S-017: a message asks for nothing that needs a proof without one', async (t) => {
  const base = { id: 'message-1', version: '1.0', type: 'request', timestamp: '2026-11-22T10:00:00.000Z' }
  const source = { agent_number: 0, agent_id: '' }
  const params = { agent_number: 90, name: 'Remote', capabilities: [], voice_commands: [], config_schema: {} }
  const body = { ...base, method: 'agent.register', params, source }
  const answered = await target.http('POST /api/mcp', { token: ann.token, body })
  if (skipped(t, operations['messages.send'], answered.body)) return
  for (const method of ['system.modify', 'system.config', 'system.rollback', 'credentials.get'])
    assert.notEqual(
      faultOf((await target.http('POST /api/mcp', { token: ann.token, body: { ...body, method } })).body)
        .code,
      undefined,
      method,
    )
  assert.equal((await names()).includes('Remote'), false)
})

async function person(email: string): Promise<Person> {
  await target.app.auth.addUser(email, PASSWORD)
  return target.signIn(email)
}
