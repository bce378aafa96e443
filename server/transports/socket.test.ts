import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ALICE } from './http/rig.ts'
import { AGENTS, BOB, EXECUTION, openSocketRig } from './socket/rig.ts'
import type { Answer } from './socket/rig.ts'

const rig = await openSocketRig()
after(() => rig.close())
const progress = (user_id: string, value: number) =>
  rig.happen('voice:processing', user_id, { status: 'routing', progress: value })
const failure = (agent_id: string) => rig.happen('agent:error', ALICE.user_id, { agent_id, error: 'no' })
const codeOf = ({ error }: Answer) => error?.code

test('a signed-in socket is welcomed with its user, over both ways of transport', async () => {
  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    const client = rig.open('alice', { transports })
    const [user] = await client.next('authenticated')
    assert.equal((user as { id: string }).id, ALICE.user_id)
    assert.equal(client.socket.connected, true)
    client.socket.disconnect()
  }
})

test('any other socket is told why and disconnected', async () => {
  for (const auth of [{}, { token: 'eve' }, { token: 7 }, { token: ['alice'] }]) {
    const client = rig.open('', { auth })
    const [reason] = await client.next('unauthorized')
    assert.equal(typeof reason, 'string')
    assert.equal(await client.gone, 'io server disconnect')
    assert.deepEqual(
      client.heard.map(([name]) => name),
      ['unauthorized'],
    )
  }
})

test('an operation answers by its acknowledgement as it does over HTTP', async () => {
  const client = rig.open()
  assert.deepEqual(await client.ask('workflow:execute', 'w1', { a: 1 }), {
    success: true,
    data: { id: 'w1', input_data: { a: 1 } },
  })
  assert.deepEqual(await client.ask('workflow:execute', 'w1'), { success: true, data: { id: 'w1' } })
  const refused = await client.ask('workflow:execute', 'far too long')
  assert.deepEqual([refused.success, codeOf(refused)], [false, 'GENERAL_001'])
  assert.equal(codeOf(await client.ask('workflow:execute', 'w1', 1, 2)), 'GENERAL_001')
  assert.equal(codeOf(await client.ask('agent:execute', 'w1')), 'GENERAL_001')
  assert.equal(codeOf(await client.ask('agent:execute', { id: 'a', agent_id: 'a' })), 'GENERAL_001')
  client.socket.disconnect()
})

test('without an acknowledgement a failure comes as an error event that names its cause', async () => {
  const client = rig.open()
  client.socket.emit('agent:execute', { agent_id: 'a', command: { request_id: 'mine-7', more: 1 } })
  const [error] = (await client.next('error')) as [Record<string, unknown>]
  const inner = error['error'] as Record<string, unknown>
  assert.deepEqual(
    [error['success'], error['event'], error['request_id']],
    [false, 'agent:execute', 'mine-7'],
  )
  assert.equal(error['message'], inner['message'])
  assert.match(String(inner['message']), /\/command\/more is not a known field/)
  client.socket.emit('no:such:event', 1)
  const [unknown] = (await client.next('error')) as [{ event: string; error: { code: string } }]
  assert.deepEqual([unknown.event, unknown.error.code], ['no:such:event', 'GENERAL_001'])
  client.socket.disconnect()
})

test('server-owned fields are dropped, and a proof is not given by the token', async () => {
  const client = rig.open()
  const answer = await client.ask('system:modify', {
    id: 'server-owned',
    description: 'x',
    biometric_verification: {},
  })
  assert.equal(codeOf(answer), 'AUTH_002')
  assert.equal(codeOf(await client.ask('system:modify', { description: 'x', foreign: 1 })), 'GENERAL_001')
  client.socket.disconnect()
})

test('a message is answered by a message, one that wants no answer by nothing', async () => {
  const client = rig.open()
  client.socket.emit('mcp:message', { id: '1', silent: true })
  client.socket.emit('mcp:message', { id: '2' })
  assert.deepEqual(await client.next('mcp:message'), [{ id: 'back' }])
  assert.deepEqual(await client.ask('mcp:message', { id: '3' }), { id: 'back' })
  assert.equal(client.heard.filter(([name]) => name === 'mcp:message').length, 1)
  client.socket.disconnect()
})

test('an event reaches the sockets of its user alone, with its place', async () => {
  const [alice, second, bob] = [rig.open(), rig.open(), rig.open('bob')]
  await Promise.all([alice, second, bob].map((client) => client.next('authenticated')))
  await progress(ALICE.user_id, 0.25)
  for (const client of [alice, second]) {
    const [data, place] = (await client.next('voice:processing')) as [
      unknown,
      { seq: number; created_at: string },
    ]
    assert.deepEqual(data, { status: 'routing', progress: 0.25 })
    assert.ok(place.seq >= 1)
    assert.match(place.created_at, /^2026-/)
  }
  await bob.ask('agent:unsubscribe', '1')
  assert.deepEqual(
    bob.heard.map(([name]) => name),
    ['authenticated'],
  )
  for (const client of [alice, second, bob]) client.socket.disconnect()
})

test('events of an agent come after subscribing and stop after unsubscribing', async () => {
  const client = rig.open()
  await client.next('authenticated')
  await failure(AGENTS.a1.id)
  assert.deepEqual((await client.ask('agent:subscribe', '1')).data, {
    agent_id: AGENTS.a1.id,
    agent_number: 1,
  })
  await failure(AGENTS.a2.id)
  await failure(AGENTS.a1.id)
  const [data] = await client.next('agent:error')
  assert.deepEqual(data, { agent_id: AGENTS.a1.id, error: 'no' })
  assert.equal((await client.ask('agent:unsubscribe', AGENTS.a1.id)).success, true)
  assert.equal((await client.ask('agent:unsubscribe', AGENTS.a1.id)).success, true)
  await failure(AGENTS.a1.id)
  await client.ask('agent:unsubscribe', '2')
  assert.equal(client.heard.filter(([name]) => name === 'agent:error').length, 1)
  client.socket.disconnect()
})

test('a socket listens to what it said last, also when it did not wait for an answer in between', async () => {
  const client = rig.open()
  await client.next('authenticated')
  client.socket.emit('agent:subscribe', '1')
  client.socket.emit('agent:unsubscribe', '1')
  client.socket.emit('agent:unsubscribe', '2')
  await client.ask('agent:subscribe', '2')
  await failure(AGENTS.a1.id)
  await failure(AGENTS.a2.id)
  await client.ask('agent:unsubscribe', '2')
  const told = client.heard.filter(([name]) => name === 'agent:error')
  assert.deepEqual(
    told.map(([, data]) => (data as { agent_id: string }).agent_id),
    [AGENTS.a2.id],
  )
  client.socket.disconnect()
})

test('an agent of another user cannot be subscribed to, nor the names of rooms be guessed', async () => {
  const bob = rig.open('bob')
  for (const ref of [AGENTS.a1.id, '1'])
    assert.equal(codeOf(await bob.ask('agent:subscribe', ref)), 'AGENT_001')
  for (const ref of [ALICE.user_id, `user:${ALICE.user_id}`, '', '../1', ['1'], { id: 1 }, null]) {
    const code = codeOf(await bob.ask('agent:subscribe', ref))
    assert.ok(code === 'AGENT_001' || code === 'GENERAL_001', JSON.stringify(ref))
  }
  await failure(AGENTS.a1.id)
  await progress(ALICE.user_id, 1)
  await bob.ask('agent:unsubscribe', '1')
  assert.deepEqual(
    bob.heard.map(([name]) => name),
    ['authenticated'],
  )
  bob.socket.disconnect()
})

test('the socket that started an execution hears of it without subscribing, another of the user does not', async () => {
  const [starter, other] = [rig.open(), rig.open()]
  await other.next('authenticated')
  const { data } = await starter.ask('agent:execute', { agent_id: 'a', command: { request_id: 'r1' } })
  assert.deepEqual(data, { execution_id: EXECUTION })
  const [started] = (await starter.next('agent:execution_started')) as [{ execution_id: string }]
  assert.equal(started.execution_id, EXECUTION)
  const context = { execution_id: EXECUTION }
  await rig.happen('agent:error', ALICE.user_id, { agent_id: AGENTS.a1.id, error: 'no', context })
  await starter.next('agent:error')
  await failure(AGENTS.a1.id)
  await Promise.all([starter, other].map((client) => client.ask('agent:unsubscribe', '1')))
  assert.equal(starter.heard.filter(([name]) => name === 'agent:error').length, 1)
  assert.deepEqual(
    other.heard.map(([name]) => name),
    ['authenticated'],
  )
  for (const client of [starter, other]) client.socket.disconnect()
})

test('events of the system are for the owner, the architecture for those who asked for it', async () => {
  const [owner, bob] = [rig.open(), rig.open('bob')]
  await Promise.all([owner, bob].map((client) => client.next('authenticated')))
  const architecture = { agents: [], connections: [], workflows: [], mermaid_diagram: '' }
  const updated = { changes: [], new_architecture: architecture }
  for (const id of [ALICE.user_id, BOB.user_id]) {
    await rig.happen('system:performance_alert', id, {
      alert_type: 'high_cpu',
      severity: 'warning',
      details: {},
    })
    await rig.happen('system:architecture_updated', id, updated)
  }
  await owner.ask('system:subscribe_architecture')
  await rig.happen('system:architecture_updated', ALICE.user_id, updated)
  await owner.next('system:architecture_updated')
  await owner.ask('system:unsubscribe_architecture')
  await rig.happen('system:architecture_updated', ALICE.user_id, updated)
  await Promise.all([owner, bob].map((client) => client.ask('agent:unsubscribe', '1')))
  assert.deepEqual(
    owner.heard.map(([name]) => name),
    ['authenticated', 'system:performance_alert', 'system:architecture_updated'],
  )
  assert.deepEqual(
    bob.heard.map(([name]) => name),
    ['authenticated'],
  )
  for (const client of [owner, bob]) client.socket.disconnect()
})

test('what was missed is sent in order before what happens now, and only once', async () => {
  const first = rig.open()
  await first.next('authenticated')
  await progress(ALICE.user_id, 0)
  const [, place] = (await first.next('voice:processing')) as [unknown, { seq: number }]
  first.socket.disconnect()
  for (let index = 1; index <= 1_500; index += 1) await progress(ALICE.user_id, index)
  const second = rig.open()
  await second.next('authenticated')
  const resumed = second.ask('resume', place.seq)
  assert.equal(codeOf(await second.ask('resume', place.seq)), 'GENERAL_001')
  for (let index = 1_501; index <= 1_510; index += 1) await progress(ALICE.user_id, index)
  const { data } = (await resumed) as { data: { gap: boolean; last_seq: number } }
  assert.equal(data.gap, false)
  await second.ask('agent:unsubscribe', '1')
  const seen = second.heard.filter(([name]) => name === 'voice:processing')
  assert.deepEqual(
    seen.map(([, event]) => (event as { progress: number }).progress),
    Array.from({ length: 1_510 }, (_, index) => index + 1),
  )
  assert.equal((await second.ask('resume', 10 ** 9)).success, true)
  await progress(ALICE.user_id, -1)
  await second.ask('agent:unsubscribe', '1')
  assert.deepEqual(second.heard.at(-1)?.[1], { status: 'routing', progress: -1 })
  assert.equal(codeOf(await second.ask('resume', -1)), 'GENERAL_001')
  second.socket.disconnect()
})

test('listening stops when it is told to, however often', async () => {
  const client = rig.open()
  const listening = client.ask('voice:command', {})
  await client.ask('agent:unsubscribe', '1')
  assert.equal((await client.ask('voice:stop_listening')).success, true)
  assert.deepEqual(await listening, { success: true, data: { status: 'stopped' } })
  assert.equal((await client.ask('voice:stop_listening')).success, true)
  client.socket.disconnect()
})

test('every event of a client has its audit line', async () => {
  const client = rig.open('bob')
  await client.ask('agent:subscribe', '1')
  await client.ask('no:such', 'secret')
  await client.ask('workflow:execute', 'w1', { password: 'secret' })
  client.socket.disconnect()
  await rig.kernel.audit.flush()
  await rig.kernel.audit.flush()
  const { connection } = rig.kernel.store.reader
  const lines = connection.all(
    "SELECT operation || ' ' || status AS line FROM audit WHERE session_id = 'session-b' ORDER BY seq DESC LIMIT 4",
    [],
  )
  assert.deepEqual(lines.map(({ line }) => line).toReversed(), [
    'socket.connect 200',
    'socket.agent:subscribe 404',
    'socket.unknown 400',
    'deeds.run 200',
  ])
})
