import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { client_events, operation_events } from '../../contract/events.ts'
import { operations } from '../../contract/index.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import { NOTHING, otherOf, sampleOf } from './inputs.ts'
import { everythingOf } from './possessions.ts'
import { isNotBuilt, leaveOut, none, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Fields, Target, TargetOptions } from './rig.ts'

/** Bounds as they are outside of tests. */
const REAL = { events_per_s: 50, packets_per_s: 500 }
const HANDSHAKE = 'GET /socket.io/?EIO=4&transport=polling'

async function open(t: TestContext, options: TargetOptions = {}): Promise<Target> {
  const target = await openTarget(options)
  t.after(() => target.remove())
  return target
}

async function enter(target: Target, token: string): Promise<Client> {
  const client = target.open(token)
  await client.next('authenticated')
  return client
}

const said = (answer: unknown) => outcomeOf({ status: 0, body: answer as Fields }).replace(/^0 ?/, '')

/** What each event takes, in its order. */
const EVENTS: readonly (readonly [event: string, args: unknown[]])[] = [
  ...Array.from(operation_events, ([event, operation]): readonly [string, unknown[]] => {
    const input = sampleOf(operation)
    const { args, rename = {} } = operation.socket ?? { event }
    if (args !== undefined)
      return [event, args.map((name) => input[name]).filter((value) => value !== undefined)]
    const outer = new Map(Object.entries(rename).map(([sent, own]) => [own, sent]))
    return [
      event,
      [Object.fromEntries(Object.entries(input).map(([name, value]) => [outer.get(name) ?? name, value]))],
    ]
  }),
  ...Object.entries(client_events).map(([event, { args }]): readonly [string, unknown[]] => [
    event,
    args.map((name) => (name === 'last_seq' ? 0 : '2')),
  ]),
]

test('C-008: a socket with a token that is not good now is turned away, and no event of it is answered', async (t) => {
  const target = await open(t)
  const { token: stale } = target.ann
  target.clock.advance(900_001)
  const ended = await target.signIn(target.ann.email)
  await target.http('POST /api/auth/logout', { token: ended.token })
  const before = target.state()
  for (const token of [
    undefined,
    '',
    'e30.e30.AAAA',
    stale,
    ended.token,
    target.bob.token.replace(/.$/, '_'),
  ]) {
    const client = target.open(token)
    const answered: string[] = []
    for (const [event, args] of EVENTS) client.socket.emit(event, ...args, () => answered.push(event))
    await client.gone
    assert.deepEqual([client.heard.map(([name]) => name), answered], [['unauthorized'], []], token ?? 'none')
  }
  assert.deepEqual(target.state(), before)
})

test('C-020: a socket ends with its token, and says so first', async (t) => {
  const target = await open(t)
  const client = await enter(target, target.ann.token)
  target.clock.advance(899_999)
  assert.equal((await client.ask('agent:subscribe', '2')).success, true)
  target.clock.advance(2_000)
  await client.gone
  assert.equal(client.heard.at(-1)?.[0], 'unauthorized')
})

test('C-021: a socket ends with its session, whoever ends it and however', async (t) => {
  const target = await open(t)
  const remove = () => target.http(`DELETE /api/users/${target.bob.user_id}`, { token: target.ann.token })
  const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
    [target.bob.token, () => target.http('POST /api/auth/logout', { token: target.bob.token })],
    [(await target.signIn(target.bob.email)).token, () => target.app.auth.recover(target.bob.email)],
    [(await target.signIn(target.bob.email)).token, remove],
  ]
  for (const [index, [token, end]] of ways.entries()) {
    // Each way ends all that are open, so each gets its own socket just before.
    const own = index === 0 ? token : (await target.signIn(target.bob.email)).token
    const client = await enter(target, own)
    await end()
    await client.gone
    assert.equal(client.heard.at(-1)?.[0], 'unauthorized')
    assert.equal(outcomeOf(await target.http('GET /api/auth/me', { token: own })), '401 AUTH_001')
  }
})

/** What an answer says but for what is new in each. */
function spoken(answer: unknown, id: string): string {
  const text = JSON.stringify(answer, (key, value: unknown) =>
    /^(?:timestamp|request_id|challenge|expires_at)$/.test(key) ? '' : value,
  )
  return text.replaceAll(id, 'an id')
}

test("C-024, I-001: a socket neither subscribes to nor touches another user's objects, and hears nothing of them", async (t) => {
  const target = await open(t)
  await target.enrol(target.ann)
  const things = await everythingOf(target, target.ann)
  const bob = await enter(target, target.bob.token)
  const wrong: string[] = []
  const before = target.state()
  for (const [kind, id] of [...things, ['agent', target.ann.agents.get(2) ?? '']] as const) {
    const command = {
      action: 'remember',
      parameters: { text: 'x' },
      user_id: target.bob.user_id,
      request_id: `r ${id}`,
      priority: 'normal',
    }
    const tries: readonly (readonly [string, unknown[], (given: string) => unknown[]])[] = [
      ['agent:subscribe', [id], (one) => [one]],
      ['agent:execute', [{ agent_id: id, command }], (one) => [{ agent_id: one, command }]],
      ['agent:stop', [{ execution_id: id }], (one) => [{ execution_id: one }]],
      ['workflow:execute', [id, {}], (one) => [one, {}]],
      ['workflow:stop', [id], (one) => [one]],
    ]
    for (const [event, args, make] of tries) {
      const [foreign, absent] = [await bob.ask(event, ...args), await bob.ask(event, ...make(NOTHING))]
      if (foreign.success) wrong.push(`${event} with the ${kind} succeeded`)
      if (spoken(foreign, id) !== spoken(absent, NOTHING))
        wrong.push(`${event} with the ${kind} is told from nothing: ${JSON.stringify(foreign)}`)
    }
  }
  for (const room of [target.ann.user_id, `user:${target.ann.user_id}`, '/', '*', 'agent:2'])
    for (const event of ['join', 'subscribe', 'room', 'agent:subscribe', 'system:subscribe'])
      if ((await bob.ask(event, room)).success) wrong.push(`${event} ${room} succeeded`)
  none(wrong)
  assert.deepEqual(target.state(), before)
  const parameters = { text: 'a secret of Ann' }
  const command = {
    action: 'remember',
    parameters,
    user_id: target.ann.user_id,
    request_id: 'last',
    priority: 'normal',
  }
  await target.perform(
    operations['agents.execute'],
    { id: '2', command, wait_for_completion: true },
    { token: target.ann.token },
  )
  await bob.ask('agent:subscribe', '2')
  assert.deepEqual(
    bob.heard.map(([name]) => name),
    ['authenticated'],
  )
  assert.equal(JSON.stringify((await bob.ask('resume', 0)).data).includes('Ann'), false)
})

test('S-017, S-003: a socket changes the system with a proof for exactly that alone, and once', async (t) => {
  const target = await open(t)
  await target.enrol(target.ann)
  const client = await enter(target, target.ann.token)
  const modify = operations['system.modify']
  const input = {
    type: 'agent_config',
    description: 'x',
    target: { kind: 'agent', id: target.ann.agents.get(5) },
    after_state: { name: 'Sums' },
  }
  const before = target.state()
  const send = (proof?: unknown) =>
    client.ask('system:modify', {
      ...input,
      ...(proof === undefined ? {} : { biometric_verification: proof }),
    })
  assert.equal(said(await send()), 'AUTH_002 proof_missing')
  for (const nonsense of ['', 7, {}, [], true])
    assert.equal(said(await send(nonsense)), 'AUTH_002 proof_malformed')
  assert.equal(
    said(await send(await target.proof(target.ann, modify, { ...input, description: 'y' }))),
    'AUTH_002 proof_mismatch',
  )
  const rollback = operations['system.rollback']
  assert.equal(
    said(await send(await target.proof(target.ann, rollback, otherOf(rollback) ?? {}))),
    'AUTH_002 proof_mismatch',
  )
  assert.deepEqual(target.state(), before)
  const proof = await target.proof(target.ann, modify, input)
  const first = await send(proof)
  if (isNotBuilt(first)) {
    leaveOut(t, `${modify.name}, which is not built yet`)
    return
  }
  assert.equal(first.success, true)
  assert.equal(said(await send(proof)), 'AUTH_002 proof_used')
})

test('C-025: a socket that floods is throttled, then cut, and another one is answered all the while', async (t) => {
  const target = await open(t, { bounds: REAL })
  const [flood, calm] = [await enter(target, target.ann.token), await enter(target, target.bob.token)]
  const answers = await Promise.all(Array.from({ length: 100 }, () => flood.ask('agent:subscribe', '2')))
  assert.equal(answers.filter(({ success }) => success).length, 50)
  assert.ok(answers.filter(({ success }) => !success).every((one) => said(one) === 'GENERAL_002'))
  for (let count = 0; count < 10_000; count += 1) flood.socket.emit('agent:subscribe', '2', () => {})
  assert.equal((await calm.ask('agent:subscribe', '2')).success, true)
  await flood.gone
  assert.equal((await calm.ask('agent:subscribe', '3')).success, true)
  assert.equal(outcomeOf(await target.http('GET /api/auth/me', { token: target.ann.token })), '200')
})

/** As the text of a message: no packets, or none that a client may send here. */
const PACKETS: readonly string[] = [
  '50-["agent:subscribe",{"_placeholder":true,"num":0}]',
  '51000000-["agent:subscribe",{"_placeholder":true,"num":999999}]',
  '61-[{"_placeholder":true,"num":1e6}]',
  '2/admin,["agent:subscribe","2"]',
  '4{"message":"x"}',
  '9["x"]',
  'x',
  '1["x"]',
  `2["x","${'x'.repeat(2_097_152)}"]`,
]
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'disconnect',
  'connect',
  'error',
  'disconnecting',
  'newListener',
]

test('C-026: a frame that is too large or no packet of a client ends its socket and nothing else', async (t) => {
  const target = await open(t)
  for (const packet of PACKETS) {
    const client = await enter(target, target.ann.token)
    client.socket.io.engine.write(packet)
    await client.gone
    assert.deepEqual(
      client.heard.map(([name]) => name),
      ['authenticated'],
      packet.slice(0, 40),
    )
  }
  const client = await enter(target, target.ann.token)
  for (const name of NAMES) {
    client.socket.io.engine.write(`2${JSON.stringify([name, { a: 1 }])}`)
    const [told] = await client.next('error')
    assert.equal(said(told), 'GENERAL_001', name)
  }
  client.socket.io.engine.write('2["agent:subscribe",{"__proto__":{"polluted":1}}]')
  await client.next('error')
  assert.equal(Reflect.get({}, 'polluted'), undefined)
  assert.equal((await client.ask('agent:subscribe', '2')).success, true)
})

/** Resolves once a socket that was opened by polling is gone. */
async function untilGone({ http }: Target, { text }: Answered): Promise<void> {
  const { sid } = JSON.parse(text.slice(1)) as { sid: string }
  // A poll is held until there is something to fetch, which here is the end.
  await http(`${HANDSHAKE}&sid=${sid}`)
  assert.equal((await http(`${HANDSHAKE}&sid=${sid}`)).status, 400)
}

test('C-027: sockets that say nothing after the handshake go by themselves, and their places are free again', async (t) => {
  const target = await open(t, { bounds: { sockets_max: 200, connect_timeout_ms: 300, last_poll_ms: 10 } })
  const warnings: string[] = []
  process.once('warning', ({ name }) => warnings.push(name))
  const handshake = async () => {
    const answered = await target.http(HANDSHAKE)
    assert.equal(answered.status, 200)
    return answered
  }
  // All of them over one connection, which must not be listened to by each.
  for (let count = 0; count < 199; count += 1) await handshake()
  await untilGone(target, await handshake())
  assert.deepEqual(warnings, [])
  // Those before it have been told by then, too, and never fetch it: that takes less long than the time of one more.
  await untilGone(target, await handshake())
  for (let count = 0; count < 200; count += 1) await handshake()
  assert.equal(outcomeOf(await target.http('GET /api/auth/me', { token: target.ann.token })), '200')
})

test('J-005: handshakes count by the address that they come from, however the socket is opened', async (t) => {
  const target = await open(t, { limits: { ip_per_minute: 30 } })
  target.clock.advance(60_000)
  const client = await enter(target, target.bob.token)
  const answers = []
  for (let count = 0; count < 40; count += 1) answers.push(await target.http(HANDSHAKE))
  const refused = answers.filter(({ status }) => status === 429)
  assert.ok(refused.length >= 10 && answers[0]?.status === 200)
  assert.ok(answers.slice(-refused.length).every(({ status }) => status === 429))
  for (const one of refused)
    assert.deepEqual([outcomeOf(one), one.headers['x-ratelimit-type']], ['429 GENERAL_002', 'ip'])
  const late = target.open(target.ann.token)
  await late.next('connect_error')
  assert.equal(late.socket.connected, false)
  target.clock.advance(60_000)
  await enter(target, target.ann.token)
  assert.equal((await client.ask('agent:subscribe', '2')).success, true)
})
