import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refused } from '../fixture.ts'

const REGISTERED = {
  agent_number: 40,
  name: 'Robot',
  capabilities: ['echo'],
  voice_commands: [],
  config_schema: { type: 'object' },
} as const

test('a registered agent, its token and what waits for it outlast the process; the token itself is not kept', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const { token = '', agent_id } = await ask(ann.token, 'messages.register', {
    ...REGISTERED,
    capabilities: ['echo'],
    voice_commands: [],
  })
  const said = { id: '40', message_type: 'hello', data: { n: 1 }, requires_response: false }
  const { message_id } = await ask(ann.token, 'messages.to', said)
  await server.restart()
  const { messages } = await ask(token, 'messages.next', {})
  assert.deepEqual(
    messages.map(({ id, type, params }) => [id, type, params?.['data']]),
    [[message_id, 'notification', { n: 1 }]],
  )
  assert.deepEqual((await ask(token, 'messages.next', {})).messages.length, 1)
  assert.deepEqual((await ask(token, 'messages.next', { after: message_id })).messages, [])
  assert.deepEqual((await ask(ann.token, 'agents.get', { id: agent_id })).available_actions, ['echo'])
  const text = JSON.stringify(
    server.app.kernel.store.reader.connection.all('SELECT * FROM remote_agents', []),
  )
  assert.equal(text.includes(token.slice('paios_agent_'.length)), false)
})

test('what a remote agent was doing when the server stopped is not sent twice', async (context) => {
  const server = await openServer(context)
  const { ask, ann, act } = server
  const { token = '' } = await ask(ann.token, 'messages.register', {
    ...REGISTERED,
    capabilities: ['echo'],
    voice_commands: [],
  })
  await ask(token, 'messages.next', {})
  const { execution_id } = await act(40, 'echo', {}, { wait_for_completion: false })
  const [request] = (await ask(token, 'messages.next', { wait_ms: 1_000 })).messages
  assert.equal(request?.method, 'agent.execute')
  await server.restart()
  const { result } = await server.ended(execution_id)
  assert.equal(result?.error, 'AGENT_002: The server stopped while this ran: it may have happened or not.')
  assert.deepEqual((await ask(token, 'messages.next', {})).messages, [])
})

test('an agent that asks by HTTP is there for 45 seconds after each time', async (context) => {
  const server = await openServer(context)
  const { ask, call, ann, act, clock } = server
  const { token = '' } = await ask(ann.token, 'messages.register', {
    ...REGISTERED,
    capabilities: ['echo'],
    voice_commands: [],
  })
  assert.match((await act(40, 'echo')).result?.error ?? '', /^AGENT_003: Agent 40 is not connected/)
  await ask(token, 'messages.heartbeat', {})
  const running = act(40, 'echo', {}, { timeout_ms: 600_000 })
  const [request] = (await ask(token, 'messages.next', { wait_ms: 1_000 })).messages
  clock.advance(44_999)
  await ask(token, 'messages.heartbeat', {})
  clock.advance(44_999)
  await ask(token, 'messages.answer', { id: request?.id ?? '', result: { data: 'late but there' } })
  assert.equal((await running).result?.data, 'late but there')
  const lost = act(40, 'echo', {}, { timeout_ms: 600_000 })
  const [second] = (await ask(token, 'messages.next', { wait_ms: 1_000 })).messages
  clock.advance(45_000)
  assert.equal((await lost).result?.error, 'AGENT_003: The agent was not heard of any more.')
  const late = await call(token, 'messages.answer', { id: second?.id ?? '', result: 1 })
  assert.equal(refused(late), '404 GENERAL_001')
})

test('one damaged registration keeps neither the server nor another agent from starting', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const register = (agent_number: number, name: string) =>
    ask(ann.token, 'messages.register', {
      ...REGISTERED,
      agent_number,
      name,
      capabilities: ['echo'],
      voice_commands: [],
    })
  const [bad, good] = [await register(40, 'Robot'), await register(41, 'Golem')]
  await server.write(({ connection }) => {
    connection.run(`UPDATE remote_agents SET registration = '{bad' WHERE agent_id = ?`, [bad.agent_id])
    return Promise.resolve()
  })
  await server.restart()
  const actions = async (id: string) => (await ask(ann.token, 'agents.get', { id })).available_actions
  assert.deepEqual([await actions(bad.agent_id), await actions(good.agent_id)], [[], ['echo']])
  assert.deepEqual((await ask(good.token, 'messages.next', {})).messages, [])
  assert.ok(server.logged.some((line) => line.includes('registration of an agent is damaged')))
})
