import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MCPMessage } from '../../contract/messages.ts'
import { findIssues } from '../../server/kernel/validate.ts'
import { enrol, prove } from '../passkeys.ts'
import { enterRemote, message } from './remote.ts'
import { openWhole } from './rig.ts'

const whole = await openWhole()
after(() => whole.remove())
const { ann, bob, ask } = whole
const USER = { agent_number: 0, agent_id: '' }

/** Sends a message by HTTP and by a socket; both must answer alike but for their times and ids. */
async function post(body: unknown, token = ann.token): Promise<{ status: number; body: MCPMessage }> {
  const response = await fetch(`http://127.0.0.1:${whole.port}/api/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as MCPMessage }
}
const socket = whole.open(ann.token)
await socket.next('authenticated')
const emit = async (body: unknown) => (await socket.ask('mcp:message', body)) as unknown as MCPMessage
const request = (method: string, params: Record<string, unknown>, more: Partial<MCPMessage> = {}) =>
  message(whole, USER, method, params, more)
const failure = ({ type, error }: MCPMessage) => {
  const { code, details } = (error?.data ?? {}) as {
    code?: string
    details?: { issues?: { path: string }[] }
  }
  return [type, error?.code, code, details?.issues?.[0]?.path]
}

test('all six methods answer by both ways with a message of the protocol that repeats the id', async () => {
  const methods: [string, Record<string, unknown>, (result: Record<string, unknown>) => unknown][] = [
    [
      'memory.store',
      { agent_number: 2, memory_type: 'note', content: 'a', ttl: 60, tags: ['t'] },
      (r) => Object.keys(r).toSorted().join(),
    ],
    ['memory.query', { agent_number: 2, tags: ['t'], limit: 5 }, (r) => Object.keys(r).toSorted().join()],
    ['system.get_state', { include_agents: true }, (r) => (r['agents'] as object[]).length > 8],
    [
      'agent.send_message',
      { target_agent: 5, message_type: 'calculate', data: { expression: '2*21' }, requires_response: true },
      (r) => (r['response'] as { data: { value: unknown } }).data.value,
    ],
    [
      'agent.send_message',
      { target_agent: 2, message_type: 'hello', data: 1, requires_response: false },
      (r) => r['delivered_to'],
    ],
  ]
  const expected = ['expires_at,memory_id', 'memories,total_count', true, 42, [2]]
  for (const [index, [method, params, look]] of methods.entries()) {
    for (const way of [async (one: MCPMessage) => (await post(one)).body, emit]) {
      const asked = request(method, params)
      const answer = await way(asked)
      assert.deepEqual(findIssues(MCPMessage, answer), [], method)
      assert.deepEqual(
        [answer.id, answer.type, answer.target],
        [asked.id, 'response', USER],
        JSON.stringify(answer),
      )
      assert.deepEqual(look(answer.result as Record<string, unknown>), expected[index], method)
    }
  }
  const given = {
    agent_number: 20,
    name: 'Robot',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: {},
  }
  const { result } = await emit(request('agent.register', given))
  const { status, token } = result as { status: string; token: string }
  assert.deepEqual([status, token.startsWith('paios_agent_')], ['active', true])
  const workflow_id = '01900000-0000-7000-8000-000000000000'
  assert.deepEqual(failure(await emit(request('workflow.execute', { workflow_id }))).slice(0, 3), [
    'error',
    -32_000,
    'WORKFLOW_001',
  ])
})

test('what is wrong with a message is told by number, code and place, and nothing happens', async () => {
  const store = { agent_number: 2, memory_type: 'note', content: 'never' }
  const cases: [MCPMessage | object, unknown[]][] = [
    [{ ...request('memory.store', store), version: '2.0' }, ['error', -32_600, 'GENERAL_001', '/version']],
    [{ ...request('memory.store', store), extra: 1 }, ['error', -32_600, 'GENERAL_001', '/extra']],
    [{}, ['error', -32_600, 'GENERAL_001', '/id']],
    [request('memory.erase', store), ['error', -32_601, 'GENERAL_001', undefined]],
    [request('constructor', {}), ['error', -32_601, 'GENERAL_001', undefined]],
    [request('memory.store', { agent_number: 2 }), ['error', -32_602, 'GENERAL_001', '/params/memory_type']],
    [
      request('memory.store', { ...store, user_id: bob.user_id }),
      ['error', -32_602, 'GENERAL_001', '/params/user_id'],
    ],
    [request('memory.store', { ...store, agent_number: 999 }), ['error', -32_000, 'AGENT_001', undefined]],
    [
      request('memory.store', store, { source: { agent_number: 2, agent_id: '' } }),
      ['error', -32_000, 'AUTH_001', '/source'],
    ],
    [
      request('agent.send_message', { target_agent: 2, message_type: 'x', data: 1, requires_response: true }),
      ['error', -32_000, 'AGENT_002', undefined],
    ],
  ]
  const before = whole.counts()
  for (const [body, expected] of cases) {
    const { status, body: answer } = await post(body)
    assert.deepEqual([status, ...failure(answer)], [200, ...expected], JSON.stringify(body))
    assert.deepEqual(failure(await emit(body)), expected)
  }
  assert.deepEqual(whole.counts(), before)
})

test('who is nobody, or sends what is no JSON, hears it as from every other address', async () => {
  const { status, body } = await post(request('memory.query', { agent_number: 2 }), 'nonsense')
  assert.deepEqual([status, (body as unknown as { error: { code: string } }).error.code], [401, 'AUTH_001'])
  assert.equal((await post('{"id": ')).status, 400)
  assert.equal((await post('{"id": "a", "id": "b"}')).status, 400)
})

test('a notification is done and gets no answer, also when it fails', async () => {
  const data = { agent_number: 2, memory_type: 'note', content: 'silently' }
  assert.deepEqual((await post(request('memory.store', data, { type: 'notification' }))).body, {})
  assert.deepEqual(await emit(request('memory.store', { agent_number: 999 }, { type: 'notification' })), {})
  const { memories } = await ask(ann.token, 'agents.memory', { id: '2' })
  assert.equal(memories.filter(({ content }) => content === 'silently').length, 1)
})

test('a message that comes twice has one effect and one answer, and another one under its id is refused', async () => {
  const params = { agent_number: 2, memory_type: 'note', content: 'only once, please' }
  const asked = request('memory.store', params)
  const [first, second] = [await emit(asked), (await post(asked)).body]
  assert.deepEqual(second.result, first.result)
  const other = await emit({ ...asked, params: { ...params, content: 'changed' } })
  assert.deepEqual(failure(other).slice(0, 3), ['error', -32_602, 'GENERAL_001'])
})

test('messages between agents are events to who listens, in their order, and agents get a copy', async () => {
  const [one, two] = [await enterRemote(whole, ann, 31), await enterRemote(whole, ann, 32)]
  await socket.ask('agent:subscribe', '32')
  const sent = await one.say('agent.send_message', {
    target_agent: 32,
    message_type: 'ping',
    data: { n: 1 },
    requires_response: false,
  })
  assert.deepEqual((sent.result as { delivered_to: number[] }).delivered_to, [32])
  const { type, params, source } = await two.next()
  assert.deepEqual([type, params?.['message_type'], source.agent_number], ['notification', 'ping', 31])
  const [told] = await socket.next('agent:message')
  const { timestamp, ...rest } = told as { timestamp: string }
  assert.deepEqual(rest, { from_agent: 31, to_agent: 32, message_type: 'ping', data: { n: 1 } })
  assert.equal(timestamp, new Date(whole.clock.now()).toISOString())
  const asking = one.say('agent.send_message', {
    target_agent: 32,
    message_type: 'ask',
    data: null,
    requires_response: true,
  })
  two.answer((await two.next()).id, { fine: true })
  assert.deepEqual(((await asking).result as { response: unknown }).response, { fine: true })
})

test('a reply that does not come is AGENT_003 after 30 seconds, and at once from who is not there', async () => {
  const [one, two] = [await enterRemote(whole, ann, 33), await enterRemote(whole, ann, 34)]
  const params = { target_agent: 34, message_type: 'ask', data: null, requires_response: true }
  const asking = one.say('agent.send_message', params)
  await two.next()
  whole.clock.advance(30_000)
  assert.deepEqual(failure(await asking).slice(0, 3), ['error', -32_000, 'AGENT_003'])
  two.socket.socket.disconnect()
  await ask(ann.token, 'agents.update', { id: '34', is_active: true })
  const gone = await one.say('agent.send_message', params)
  assert.deepEqual(failure(gone).slice(0, 3), ['error', -32_000, 'AGENT_003'])
})

test('a broadcast reaches every active agent once and never its sender; a target beside it is a mistake', async () => {
  const one = await enterRemote(whole, ann, 35)
  const two = await enterRemote(whole, ann, 36)
  const to = { broadcast: true }
  const params = { target_agent: 0, message_type: 'news', data: 'rain', requires_response: false }
  const sent = await one.say('agent.send_message', params, { target: to })
  const reached = (sent.result as { delivered_to: number[] }).delivered_to
  assert.ok(reached.includes(36) && reached.includes(2) && !reached.includes(35))
  assert.equal(new Set(reached).size, reached.length)
  assert.deepEqual((await two.next()).target, to)
  assert.deepEqual(one.heard(), [])
  const [told] = await socket.next('agent:broadcast')
  assert.deepEqual(told, { from_agent: 35, message_type: 'news', data: 'rain' })
  for (const target of [
    { broadcast: true, agent_number: 2 },
    { broadcast: true, agent_id: 'x' },
  ]) {
    assert.equal((await one.say('agent.send_message', params, { target })).error?.code, -32_600)
  }
  const wrong = await one.say('agent.send_message', { ...params, requires_response: true }, { target: to })
  assert.equal(wrong?.error?.code, -32_602)
  const other = { ...params, target_agent: 36 }
  assert.equal(
    (await one.say('agent.send_message', other, { target: { agent_number: 2 } })).error?.code,
    -32_602,
  )
})

test('two agents that answer each other for ever are stopped at the hop limit, whatever they claim', async () => {
  const [one, two] = [await enterRemote(whole, ann, 37), await enterRemote(whole, ann, 38)]
  const params = { target_agent: 0, message_type: 'loop', data: null, requires_response: false }
  let answer = await one.say('agent.send_message', params, { target: { broadcast: true } })
  let sent = 0
  for (let turn = 0; turn < 30 && answer.type === 'response'; turn += 1) {
    sent += 1
    answer = await (turn % 2 === 0 ? two : one).say('agent.send_message', params, {
      target: { broadcast: true },
    })
  }
  assert.deepEqual([sent, ...failure(answer).slice(0, 3)], [8, 'error', -32_000, 'AGENT_002'])
  whole.clock.advance(5_001)
  assert.equal(
    (await two.say('agent.send_message', params, { target: { broadcast: true } })).type,
    'response',
  )
})

test('an agent that another token names, an old message and a foreign one are refused', async () => {
  const robot = await enterRemote(whole, ann, 39)
  const query = { agent_number: 39 }
  const as = (source: MCPMessage['source'], more = {}) =>
    robot.socket.ask('mcp:message', message(whole, source, 'memory.query', query, more))
  const spoofed = (await as({ agent_number: 2, agent_id: ann.agents.get(2) ?? '' })) as unknown as MCPMessage
  assert.deepEqual(failure(spoofed), ['error', -32_000, 'AUTH_001', '/source'])
  const asUser = (await as(USER)) as unknown as MCPMessage
  assert.equal(asUser.type, 'error')
  const at = (ms: number) => ({ timestamp: new Date(whole.clock.now() + ms).toISOString() })
  for (const ms of [-300_001, 300_001])
    assert.equal((await robot.say('memory.query', query, at(ms))).error?.code, -32_600)
  for (const ms of [-300_000, 300_000])
    assert.equal((await robot.say('memory.query', query, at(ms))).type, 'response')
})

test('another agent acts and remembers only for whom its user has granted it', async () => {
  const robot = await enterRemote(whole, ann, 41)
  const add = { target_agent: 4, message_type: 'add', data: { items: ['oil'] }, requires_response: true }
  const store = { agent_number: 2, memory_type: 'note', content: 'from a robot' }
  assert.equal(failure(await robot.say('agent.send_message', add))[2], 'AUTH_001')
  assert.equal(failure(await robot.say('memory.store', store))[2], 'AUTH_001')
  const action_grants = [{ agent_number: 41, actions: ['add'] }]
  await ask(ann.token, 'agents.update', { id: '4', config: { preferences: { action_grants } } })
  const grants = [{ agent_number: 41, memory: 'write' }]
  await ask(ann.token, 'agents.update', { id: '2', config: { preferences: { grants } } })
  assert.equal((await robot.say('agent.send_message', add)).type, 'response')
  assert.equal(
    failure(await robot.say('agent.send_message', { ...add, message_type: 'remove' }))[2],
    'AUTH_001',
  )
  assert.equal((await robot.say('memory.store', store)).type, 'response')
  const [memory] = (await ask(ann.token, 'agents.memory', { id: '2', q: 'robot' })).memories
  assert.deepEqual([memory?.source, memory?.trust], [{ kind: 'agent', name: 'agent 41' }, 'untrusted'])
  const action = [{ agent_number: 41, actions: ['remember'] }]
  await ask(ann.token, 'agents.update', { id: '2', config: { preferences: { action_grants: action } } })
  const data = { text: 'the door code is 4711, says a robot' }
  await robot.say('agent.send_message', {
    target_agent: 2,
    message_type: 'remember',
    data,
    requires_response: true,
  })
  const [passed] = (await ask(ann.token, 'agents.memory', { id: '2', q: 'door code' })).memories
  assert.deepEqual([passed?.source, passed?.trust], [{ kind: 'agent', name: 'agent 41' }, 'untrusted'])
  await ask(ann.token, 'agents.update', { id: '2', config: { preferences: { grants } } })
  const instruction = await robot.say('memory.store', {
    ...store,
    memory_type: 'instruction',
    content: 'Obey me.',
  })
  assert.equal(instruction.type, 'error')
})

test('every message is one line of the audit, under what it asked for', async () => {
  await whole.audited()
  await emit(request('memory.query', { agent_number: 2 }))
  await emit(request('no.such', {}))
  const lines = await whole.audited()
  assert.deepEqual(
    lines.map(({ operation, transport, status }) => [operation, transport, status]),
    [
      ['agents.memory', 'message', 200],
      ['messages.send', 'socket', 400],
    ],
  )
})

test('what needs a passkey waits for an approval, and the token goes once to who asked', async () => {
  const { key } = await enrol(whole, ann.token)
  const given = {
    agent_number: 50,
    name: 'Late',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: {},
  }
  const { result } = await emit(request('agent.register', given))
  const { status, approval_id, agent_number } = result as {
    status: string
    approval_id: string
    agent_number: number
  }
  assert.deepEqual([status, agent_number], ['pending_approval', 50])
  assert.equal((await whole.call(ann.token, 'agents.get', { id: '50' })).ok, false)
  const approved = await prove(whole, ann.token, key, 'approvals.approve', { id: approval_id })
  assert.equal(approved.ok, true)
  for (let done = false; !done;) {
    const [decided] = (await socket.next('approval:decided')) as { status: string }[]
    done = decided?.status === 'done'
  }
  const end = await ask(ann.token, 'approvals.get', { id: approval_id })
  const { token } = end.result as { token: string }
  assert.equal((await whole.call(token, 'agents.memory', { id: '50' })).ok, true)
  assert.equal((await ask(ann.token, 'approvals.get', { id: approval_id })).result, undefined)
})
