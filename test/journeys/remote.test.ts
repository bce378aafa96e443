import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { execution } from '../../server/domains/agents/fixture.ts'
import type { Reply } from '../../server/transports/dispatch.ts'
import { enterRemote } from './remote.ts'
import { openWhole } from './rig.ts'

const whole = await openWhole()
after(() => whole.remove())
const { ann, bob, ask, call } = whole

const perform = (agent: number, action: string, parameters = {}, more = {}) =>
  ask(
    ann.token,
    'agents.execute',
    execution(ann, agent, action, parameters, { wait_for_completion: true, ...more }),
  )
const outcome = (reply: Reply) => (reply.ok ? `${reply.status}` : `${reply.status} ${reply.error.error.code}`)
const tried = async (...args: Parameters<typeof call>) => outcome(await call(...args))
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

test('what a program registered is done by it, and its answer is the result', async () => {
  const actions = [
    {
      name: 'greet',
      summary: 'Greets somebody.',
      effect: 'read',
      parameters: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      phrases: ['greet {name}'],
    },
  ]
  const robot = await enterRemote(whole, ann, 20, { capabilities: ['greet', 'plain'], actions })
  const known = await ask(ann.token, 'agents.get', { id: '20' })
  assert.deepEqual([known.name, known.available_actions], ['Robot 20', ['greet', 'plain']])
  const greeting = perform(20, 'greet', { name: 'Bo' })
  const { id, method, params, source, target } = await robot.next()
  assert.deepEqual(
    [method, params?.['action'], params?.['parameters']],
    ['agent.execute', 'greet', { name: 'Bo' }],
  )
  assert.deepEqual(
    [source, target],
    [
      { agent_number: 0, agent_id: '' },
      { agent_number: 20, agent_id: robot.agent_id },
    ],
  )
  robot.answer(id, { data: { said: 'hi' }, text: 'Hi Bo.' })
  const { status, result } = await greeting
  assert.deepEqual([status, result?.data, result?.text], ['completed', { said: 'hi' }, 'Hi Bo.'])
  assert.deepEqual(result?.metadata.resources_used, ['agent:20'])
  const wrong = await call(ann.token, 'agents.execute', execution(ann, 20, 'greet', { name: 7 }))
  assert.equal(outcome(wrong), '400 GENERAL_001')
  const said = ask(ann.token, 'voice.process', { text_fallback: 'greet Karin' })
  const asked = await robot.next()
  assert.deepEqual(asked.params?.['parameters'], { name: 'Karin' })
  robot.answer(asked.id, { text: 'Hi Karin.' })
  assert.equal((await said).agent_response?.text, 'Hi Karin.')
})

test('a program that refuses, is lost or never came is a failed execution, and nothing hangs', async () => {
  const robot = await enterRemote(whole, ann, 21)
  const refused = perform(21, 'echo')
  robot.refuse((await robot.next()).id, 'I have no arms.')
  assert.equal((await refused).result?.error, 'AGENT_002: I have no arms.')
  const lost = perform(21, 'echo')
  await robot.next()
  robot.socket.socket.disconnect()
  assert.equal((await lost).result?.error, 'AGENT_003: The agent was lost while it worked on this.')
  assert.equal((await perform(21, 'echo')).result?.error, 'AGENT_003: Agent 21 is not connected.')
  const back = whole.open(robot.token)
  await back.next('authenticated')
  const again = perform(21, 'echo')
  const [request] = (await back.next('mcp:message')) as { id: string }[]
  const source = { agent_number: 21, agent_id: robot.agent_id }
  const timestamp = new Date(whole.clock.now()).toISOString()
  back.socket.emit('mcp:message', {
    id: request?.id,
    version: '1.0',
    type: 'response',
    result: 5,
    timestamp,
    source,
  })
  assert.deepEqual((await again).result?.data, 5)
  const { status } = await ask(ann.token, 'agents.get', { id: '21' })
  assert.equal(status.state, 'idle')
})

test('a program that does not answer in time is told that nobody waits any more', async () => {
  const robot = await enterRemote(whole, ann, 22)
  const slow = perform(22, 'echo', {}, { timeout_ms: 1_000 })
  const { id } = await robot.next()
  whole.clock.advance(1_000)
  assert.equal((await slow).result?.error, 'AGENT_003: It took longer than 1000 ms.')
  const cancelled = await robot.next()
  assert.deepEqual(
    [cancelled.type, cancelled.method, cancelled.params],
    ['notification', 'agent.cancel', { id }],
  )
  const stopped = perform(22, 'echo')
  await robot.next()
  const report = await ask(ann.token, 'system.stop', {})
  assert.equal(report.agent_executions.length, 1)
  assert.equal((await stopped).result?.error, 'CANCELLED: It was stopped.')
  assert.equal((await robot.next()).method, 'agent.cancel')
})

test('the token of an agent opens what agents may do and nothing of its user', async () => {
  const robot = await enterRemote(whole, ann, 23)
  assert.equal(await tried(robot.token, 'agents.list', {}), '403 AUTH_001')
  assert.equal(await tried(robot.token, 'auth.me', {}), '403 AUTH_001')
  assert.equal(await tried(robot.token, 'system.stop', {}), '403 AUTH_001')
  assert.equal(
    await tried(robot.token, 'agents.execute', execution(ann, 2, 'recall', { query: 'x' })),
    '403 AUTH_001',
  )
  assert.equal(await tried(robot.token, 'agents.memory', { id: '2' }), '403 AUTH_001')
  assert.equal(await tried(robot.token, 'agents.memory', { id: '23' }), '200')
  assert.equal(await tried(`${robot.token}x`, 'agents.memory', { id: '23' }), '401 AUTH_001')
  const state = await ask(robot.token, 'system.state', { include_agents: true })
  const others = state.agents?.filter(({ agent_number }) => agent_number !== 23) ?? []
  assert.ok(others.length >= 9)
  assert.ok(others.every(({ config }) => config.voice_commands.length === 0))
  const user = robot.socket.heard.find(([event]) => event === 'authenticated')?.[1] as { email: string }
  assert.equal(user.email, '')
  assert.equal((await robot.socket.ask('agent:subscribe', ann.agents.get(2))).success, false)
  await ask(ann.token, 'agents.memory_store', { id: '2', memory_type: 'note', content: 'private' })
  await turns(20)
  assert.deepEqual(
    robot.socket.heard.filter(([event]) => event !== 'authenticated'),
    [],
  )
})

test('an agent that is switched off or deleted loses its socket and its token at once', async () => {
  const robot = await enterRemote(whole, ann, 24)
  await ask(ann.token, 'agents.update', { id: '24', is_active: false })
  assert.equal(await robot.socket.gone, 'io server disconnect')
  assert.equal(outcome(await call(robot.token, 'agents.memory', { id: '24' })), '401 AUTH_001')
  await ask(ann.token, 'agents.update', { id: '24', is_active: true })
  assert.equal(outcome(await call(robot.token, 'agents.memory', { id: '24' })), '200')
  const again = whole.open(robot.token)
  await again.next('authenticated')
  await ask(ann.token, 'agents.delete', { id: '24' })
  assert.equal(await again.gone, 'io server disconnect')
  assert.equal(outcome(await call(robot.token, 'agents.memory', { id: '24' })), '401 AUTH_001')
})

test('the same registration renews, another one needs its user, and a new token ends the old one', async () => {
  const robot = await enterRemote(whole, ann, 25, { name: 'Weather' })
  const given = {
    agent_number: 25,
    name: 'Weather',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: { type: 'object' },
  }
  const renewed = await robot.say('agent.register', given)
  assert.deepEqual(renewed.result, { agent_id: robot.agent_id, agent_number: 25, status: 'active' })
  const more = await robot.say('agent.register', { ...given, capabilities: ['echo', 'steal'] })
  assert.match(JSON.stringify(more.error), /"code":"AUTH_002"/)
  const other = await robot.say('agent.register', { ...given, agent_number: 26 })
  assert.equal(other.type, 'error')
  const again = await ask(ann.token, 'messages.register', { ...given, capabilities: ['echo', 'sing'] })
  assert.notEqual(again.token, robot.token)
  assert.equal(await robot.socket.gone, 'io server disconnect')
  assert.equal(outcome(await call(robot.token, 'agents.memory', { id: '25' })), '401 AUTH_001')
  const { available_actions } = await ask(ann.token, 'agents.get', { id: '25' })
  assert.deepEqual(available_actions, ['echo', 'sing'])
})

test('a registration is refused that takes a built-in agent, lies about its schema or repeats itself', async () => {
  const given = {
    agent_number: 30,
    name: 'Thirty',
    capabilities: ['a'],
    voice_commands: [],
    config_schema: {},
  }
  const register = async (more: object) =>
    outcome(await call(ann.token, 'messages.register', { ...given, ...more }))
  assert.equal(await register({ agent_number: 4 }), '409 AGENT_004')
  assert.equal(await register({ agent_number: 12 }), '422 AGENT_004')
  assert.equal(await register({ config_schema: { $ref: 'https://evil.example/x' } }), '400 GENERAL_001')
  assert.equal(
    await register({ config_schema: { properties: { a: { pattern: '(a+)+$' } } } }),
    '400 GENERAL_001',
  )
  assert.equal(await register({ capabilities: ['a', 'a'] }), '400 GENERAL_001')
  assert.equal(await register({ actions: [{ name: 'b' }] }), '400 GENERAL_001')
  assert.equal(outcome(await call(bob.token, 'messages.register', given)), '200')
  assert.equal(await register({ name: 'Tasks & Lists' }), '409 AGENT_004')
})

test('a stop does not claim that nothing happened outside, and settings must be what the agent asks for', async () => {
  const robot = await enterRemote(whole, ann, 26)
  const running = perform(26, 'echo')
  await robot.next()
  const { report, text } = await ask(ann.token, 'system.stop', {})
  assert.deepEqual([report[0]?.begun, report[0]?.undoable], [true, false])
  assert.match(text, /It may have happened outside all the same: echo\./)
  await running
  const config_schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  const given = { agent_number: 27, name: 'Forecast', capabilities: ['a'], voice_commands: [], config_schema }
  await ask(ann.token, 'messages.register', given)
  const set = async (settings: object) =>
    outcome(await call(ann.token, 'agents.update', { id: '27', config: { preferences: { settings } } }))
  assert.deepEqual([await set({ city: 7 }), await set({ city: 'Bonn' })], ['422 AGENT_004', '200'])
})

test('what was approved is renewed, whatever its user calls it since', async () => {
  const robot = await enterRemote(whole, ann, 28, { name: ' Spaced ' })
  await ask(ann.token, 'agents.update', { id: '28', name: 'Renamed' })
  const given = {
    agent_number: 28,
    name: ' Spaced ',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: { type: 'object' },
  }
  assert.equal((await robot.say('agent.register', given)).type, 'response')
  await ask(ann.token, 'agents.update', { id: '28', is_active: false })
  assert.equal(outcome(await call(ann.token, 'messages.register', given)), '409 AGENT_005')
})

test('slow programs hold up no action of this server, and one that fetches nothing no broadcast', async () => {
  const robots = [
    await enterRemote(whole, ann, 51),
    await enterRemote(whole, ann, 52),
    await enterRemote(whole, ann, 53),
  ]
  for (const { agent_number } of robots) {
    for (let count = 0; count < 8; count += 1)
      await ask(
        ann.token,
        'agents.execute',
        execution(ann, agent_number, 'echo', {}, { timeout_ms: 600_000 }),
      )
  }
  assert.equal((await perform(5, 'calculate', { expression: '6*7' })).status, 'completed')
  await ask(ann.token, 'system.stop', {})
  const [first] = robots
  first?.socket.socket.disconnect()
  await ask(ann.token, 'agents.get', { id: '51' })
  const full = { id: '51', message_type: 'x', data: 'y'.repeat(250_000), requires_response: false }
  let reply = await call(ann.token, 'messages.to', full)
  for (let count = 0; count < 100 && reply.ok; count += 1) reply = await call(ann.token, 'messages.to', full)
  assert.equal(outcome(reply), '503 SYSTEM_001')
  const { delivered_to } = await ask(ann.token, 'messages.broadcast', { message_type: 'news', data: 1 })
  assert.deepEqual(
    [delivered_to.includes(51), delivered_to.includes(52), delivered_to.includes(2)],
    [false, true, true],
  )
})

test('a program that registers anew is understood by what it says now, and takes no sentence from others', async () => {
  const hear = async (text_fallback: string) => {
    const { agent_routing, intent } = await ask(ann.token, 'voice.process', { text_fallback, dry_run: true })
    return [agent_routing.target_agent, intent.action]
  }
  const first = [{ name: 'a', effect: 'read', phrases: ['flip a quux now', 'add {x} to the shopping list'] }]
  await enterRemote(whole, ann, 55, { capabilities: ['a'], actions: first })
  assert.deepEqual(await hear('flip a quux now'), [55, 'a'])
  assert.deepEqual(await hear('add milk to the shopping list'), [4, 'add'])
  const second = [{ name: 'a', effect: 'read', phrases: ['wobble the frobnitz'] }]
  await enterRemote(whole, ann, 55, { capabilities: ['a'], actions: second })
  assert.notDeepEqual(await hear('flip a quux now'), [55, 'a'])
  assert.deepEqual(await hear('wobble the frobnitz'), [55, 'a'])
  const many = [{ name: 'a', phrases: Array.from({ length: 50 }, (_, index) => `say ${index}`) }]
  const actions = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...many[0], name }))
  const given = {
    agent_number: 56,
    name: 'Loud',
    capabilities: ['a', 'b', 'c', 'd', 'e'],
    voice_commands: [],
    actions,
  }
  assert.equal(
    outcome(await call(ann.token, 'messages.register', { ...given, config_schema: {} })),
    '400 GENERAL_001',
  )
})
