import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Challenge } from './authenticator.ts'
import { challengeIn } from './client.ts'
import type { Agent, AgentCommand } from './types/agents.ts'
import type { MCPMessage, SendMessageRequest } from './types/messages.ts'
import type { Workflow, WorkflowDefinition } from './types/workflows.ts'
import { EMAIL, SHARES, missing, openWalk } from './walk.ts'
import type { Enrolled } from './walk.ts'

// The order counts: each test goes on where the one before has ended, as a person's day does.
const walk = await openWalk()
after(() => walk.remove())
const { live, session, command } = walk
let client = walk.as(session.access_token)
let enrolled: Enrolled | undefined

let messages = 0
/** Sends a message of the user, whose agent is number 0. */
function say(method: string, params: Record<string, unknown>, more: Partial<MCPMessage> = {}) {
  messages += 1
  walk.witness.method(method)
  return client.send({
    id: `message-${messages}`,
    version: '1.0',
    type: 'request',
    method,
    params,
    timestamp: new Date().toISOString(),
    source: { agent_number: 0, agent_id: '' },
    ...more,
  })
}

let agents: Agent[] = []
const numbered = (number: number): string =>
  agents.find(({ agent_number }) => agent_number === number)?.id ?? assert.fail(`no agent ${number}`)

test('a socket with the token hears who its user is, and one with another word that it is not let in', async () => {
  await live.hear('connect')
  const [user] = await live.hear('authenticated')
  const me = await walk.as(session.access_token).ask('GET /auth/me')
  assert.deepEqual([user, me.data.email, session.user.id], [me.data, EMAIL, me.data.id])
  const foreign = walk.open('no token at all')
  const [word] = await foreign.hear('unauthorized')
  assert.equal(typeof word, 'string')
  await foreign.hear('disconnect')
})

test('an agent from outside is registered by a message while the sign-in is fresh', async () => {
  const config_schema = { type: 'object', properties: { loud: { type: 'boolean' } } }
  const voice_commands = [{ phrase: 'beep [loudly]', action: 'beep' }]
  const given = { agent_number: 30, name: 'Robot', capabilities: ['beep'], voice_commands, config_schema }
  const { type, result } = await say('agent.register', given)
  assert.deepEqual([type, (result as { status: string }).status], ['response', 'active'])
})

test('a passkey is enrolled, proves a request once, and is exchanged for a ticket', async () => {
  const bare = client
  enrolled = await walk.enrol()
  const { passkey } = enrolled
  assert.equal(enrolled.answer.backup_codes.length, 10)
  client = walk.as(session.access_token, passkey)
  const body = { theme: 'dark' as const }
  const { data: changed } = await client.ask('PUT /auth/preferences', { body })
  assert.deepEqual([changed.preferences.theme, changed.preferences.biometric_enabled], ['dark', true])
  const again = { theme: 'light' as const }
  const refused = await bare.refusal('PUT /auth/preferences', { body: again })
  const asked = challengeIn(refused) ?? assert.fail(JSON.stringify(refused))
  const biometric_credential = passkey.sign(asked)
  const verified = await bare.ask('POST /auth/biometric/verify', { body: { biometric_credential } })
  const ticket = verified.data.proof_token
  const { data: lit } = await bare.ask('PUT /auth/preferences', { body: again, ticket })
  assert.equal(lit.preferences.theme, 'light')
  assert.equal((await bare.refusal('PUT /auth/preferences', { body: again, ticket })).error.code, 'AUTH_002')
})

test('a passkey signs in without a password, and one that signed something else does not', async () => {
  const { passkey } = enrolled ?? assert.fail('nothing is enrolled')
  const { data } = await walk.stranger.beyond('POST /auth/biometric/challenge', { purpose: 'login' })
  const biometric_credential = passkey.sign(data as Challenge)
  const signedIn = await walk.stranger.ask('POST /auth/login', {
    body: { email: EMAIL, biometric_credential },
  })
  assert.equal(signedIn.data.user.id, session.user_id)
  const foreign = passkey.sign({ challenge: 'made up', rp_id: 'localhost' })
  const body = { email: EMAIL, biometric_credential: foreign }
  assert.equal((await walk.stranger.refusal('POST /auth/login', { body })).error.code, 'AUTH_004')
})

test('an agent is made, read, changed and deleted, each with a proof', async () => {
  const voice_commands = [{ phrase: 'walk the dog', action: 'add', parameters: { items: ['walk the dog'] } }]
  const config = {
    api_keys: {},
    preferences: { skill: 'tasks' },
    workflow_triggers: [],
    voice_commands,
    external_integrations: [],
  }
  const made = await client.ask('POST /agents', { body: { name: 'Kennel', description: 'Dogs.', config } })
  const { id } = made.data
  const found = await client.ask('GET /agents/:id', { id })
  assert.deepEqual([found.data.name, found.data.config.voice_commands], ['Kennel', voice_commands])
  const changed = await client.ask('PUT /agents/:id', { id, body: { description: 'All dogs.' } })
  assert.equal(changed.data.description, 'All dogs.')
  const listed = await client.ask('GET /agents')
  assert.deepEqual(
    [listed.data.total_count, listed.data.agents.length],
    [listed.data.active_count, listed.data.total_count],
  )
  await client.ask('DELETE /agents/:id', { id })
  ;({ agents } = (await client.ask('GET /agents')).data)
  assert.equal(agents.length, listed.data.total_count - 1)
  assert.equal((await client.refusal('GET /agents/:id', { id })).error.code, 'AGENT_001')
})

test('an agent performs a command, says how it is and what it did, and remembers', async () => {
  const id = numbered(5)
  const body = {
    command: command('calculate', { expression: '6 * 7' }),
    wait_for_completion: true,
    timeout_ms: 20_000,
  }
  const { data } = await client.ask('POST /agents/:id/execute', { id, body })
  assert.deepEqual([data.status, data.result?.success, data.result?.data], ['completed', true, { value: 42 }])
  const status = await client.ask('GET /agents/:id/status', { id })
  assert.equal(status.data.state, 'idle')
  const spoken = await client.ask('POST /agents/:id/voice', { id, body: { text_input: 'what is 3 times 9' } })
  assert.deepEqual([spoken.data.command_understood, spoken.data.agent_response.data], [true, { value: 27 }])
  const note = { memory_type: 'note', content: { shelf: 3 }, tags: ['cellar'] }
  await client.ask('POST /agents/:id/memory', { id, body: note })
  const { memories } = (await client.ask('GET /agents/:id/memory', { id })).data
  assert.deepEqual(
    memories.map(({ content }) => content),
    [{ shelf: 3 }],
  )
  assert.ok((await client.ask('GET /agents/:id/logs', { id })).data.logs.length > 0)
})

const perform = (id: string, one: AgentCommand) =>
  client.ask('POST /agents/:id/execute', { id, body: { command: one, wait_for_completion: true } })

test('a socket tells of an agent while it listens to it, and of no other', async () => {
  const [five, six] = [numbered(5), numbered(6)]
  live.emit('agent:subscribe', six)
  live.emit('agent:subscribe', five)
  live.emit('agent:unsubscribe', five)
  // What a socket asks to listen to is done in its order: what the last comes to is heard when the others are done.
  live.emit('agent:subscribe', '9999')
  const [refused] = await live.hear('error')
  assert.match(refused.message, /9999/)
  await perform(five, command('calculate', { expression: '1 + 1' }))
  await perform(six, command('count', { text: 'one two' }))
  const [{ result }] = await live.hear('agent:execution_completed')
  assert.equal((result.data as { words: number }).words, 2)
  const of = live.heard.flatMap(([name, data]) =>
    name.startsWith('agent:') ? [(data as { agent_id: string }).agent_id] : [],
  )
  assert.deepEqual([...new Set(of)], [six])
  // What a socket starts itself it hears of, too.
  const own = command('calculate', { expression: '2 + 3' })
  live.emit('agent:execute', { agent_id: five, command: own })
  const [started] = await live.hear(
    'agent:execution_started',
    ({ command: one }) => one.request_id === own.request_id,
  )
  const [ended] = await live.hear(
    'agent:execution_completed',
    ({ execution_id }) => execution_id === started.execution_id,
  )
  assert.deepEqual([ended.agent_id, ended.result.data], [five, { value: 5 }])
  const [turned] = await live.hear('agent:status_changed', ({ agent_number }) => agent_number === 6)
  assert.deepEqual([turned.old_status.state, turned.new_status.state], ['idle', 'executing'])
})

const definition: WorkflowDefinition = {
  trigger: { type: 'manual', conditions: {} },
  steps: [
    { id: 'sum', agent_number: 5, action: 'calculate', parameters: { expression: '{{ input.sum }}' } },
    { id: 'count', agent_number: 6, action: 'count', parameters: { text: 'a b' }, depends_on: ['sum'] },
  ],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 60_000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}
let workflow: Workflow | undefined
const workflowId = (): string => workflow?.id ?? assert.fail('there is no workflow')

test('a workflow is checked, made, read, changed and executed, and has a history', async () => {
  assert.equal((await client.ask('POST /workflows/validate', { body: { definition } })).data.valid, true)
  workflow = (await client.ask('POST /workflows', { body: { name: 'Sums', definition } })).data
  const { id } = workflow
  const { data: changed } = await client.ask('PUT /workflows/:id', { id, body: { description: 'Adds.' } })
  assert.deepEqual(await client.ask('GET /workflows/:id', { id }), { success: true, data: changed })
  assert.deepEqual((await client.ask('GET /workflows')).data.workflows, [changed])
  const body = { input_data: { sum: '20 + 22' }, wait_for_completion: true }
  const { data: run } = await client.ask('POST /workflows/:id/execute', { id, body })
  assert.deepEqual([run.status, run.results?.['sum']], ['completed', { value: 42 }])
  const { executions } = (await client.ask('GET /workflows/:id/history', { id })).data
  assert.deepEqual(
    executions.map(({ execution_id }) => execution_id),
    [run.execution_id],
  )
  const of = ({ execution_id }: { execution_id: string }) => execution_id === run.execution_id
  const [triggered] = await live.hear('workflow:triggered', of)
  const [first] = await live.hear('workflow:step_completed', of)
  const [second] = await live.hear('workflow:step_completed', of)
  const [completed] = await live.hear('workflow:completed', of)
  assert.deepEqual(
    [triggered.workflow_id, first.step_id, second.step_id, completed.success],
    [id, 'sum', 'count', true],
  )
})

test('a workflow is started and stopped by a socket, and started by a message', async () => {
  const patient = {
    ...definition,
    steps: [{ id: 'wait', agent_number: 0, action: 'wait', parameters: { seconds: 3600 } }],
  }
  const made = await client.ask('POST /workflows', { body: { name: 'Patient', definition: patient } })
  live.emit('workflow:execute', made.data.id, { for: 'nobody' })
  const [{ execution_id }] = await live.hear(
    'workflow:triggered',
    ({ workflow_id }) => workflow_id === made.data.id,
  )
  live.emit('workflow:stop', execution_id)
  const [stopped] = await live.hear('workflow:completed', (one) => one.execution_id === execution_id)
  assert.equal(stopped.success, false)
  const params = { workflow_id: workflowId(), input_data: { sum: '1 + 2' }, priority: 'high' as const }
  const { result } = await say('workflow.execute', params)
  const asked = (result as { execution_id: string }).execution_id
  const [{ results }] = await live.hear('workflow:completed', (one) => one.execution_id === asked)
  assert.deepEqual(results['sum'], { value: 3 })
  await client.ask('DELETE /workflows/:id', { id: made.data.id })
})

test('messages between agents are answered, remembered and heard', async () => {
  const { result: stored } = await say('memory.store', {
    agent_number: 2,
    memory_type: 'note',
    content: [1, 2],
    ttl: 600,
    tags: ['t'],
  })
  const queried = await say('memory.query', {
    agent_number: 2,
    memory_type: 'note',
    tags: ['t'],
    limit: 5,
    since: '2026-01-01T00:00:00.000Z',
  })
  const { memories } = queried.result as { memories: { id: string; content: unknown }[] }
  assert.deepEqual(
    memories.map(({ id, content }) => [id, content]),
    [[(stored as { memory_id: string }).memory_id, [1, 2]]],
  )
  const state = await say('system.get_state', {
    include_agents: true,
    include_workflows: true,
    include_performance: true,
  })
  assert.equal((state.result as { agents: Agent[] }).agents.length, agents.length)
  const params: SendMessageRequest['params'] = {
    target_agent: 6,
    message_type: 'hello',
    data: { n: 1 },
    requires_response: false,
  }
  await say('agent.send_message', params)
  const [told] = await live.hear('agent:message', ({ message_type }) => message_type === 'hello')
  assert.deepEqual([told.from_agent, told.to_agent, told.data], [0, 6, { n: 1 }])
  await say(
    'agent.send_message',
    { ...params, target_agent: 0, message_type: 'news' },
    { target: { broadcast: true } },
  )
  const [{ data }] = await live.hear('agent:broadcast', ({ message_type }) => message_type === 'news')
  assert.deepEqual(data, { n: 1 })
  const wrong = await say('memory.query', { agent_number: 9999 })
  assert.deepEqual(
    [wrong.type, ((wrong.error?.data ?? {}) as { code?: string }).code],
    ['error', 'AGENT_001'],
  )
})

test('an agent that fails says so to who listens to it', async () => {
  const id = numbered(4)
  live.emit('agent:subscribe', id)
  const body = { command: command('add', { items: ['.'] }), wait_for_completion: true }
  const { data } = await client.ask('POST /agents/:id/execute', { id, body })
  assert.deepEqual([data.status, data.result?.success], ['failed', false])
  const [told] = await live.hear('agent:error')
  assert.equal(told.agent_id, id)
})

test('tokens are exchanged, and signing out ends them and the sockets', async () => {
  const { data: next } = await walk.stranger.ask('POST /auth/refresh', {
    body: { refresh_token: session.refresh_token },
  })
  client = walk.as(next.access_token)
  await client.ask('POST /auth/logout', { body: {} })
  await live.hear('disconnect')
  assert.equal((await client.refusal('GET /auth/me')).error.code, 'AUTH_001')
})

test('its share of the specification was walked, and nothing was otherwise than that says', () => {
  assert.deepEqual(walk.witness.issues, [])
  assert.deepEqual(missing(walk.witness, SHARES.daily), [])
})
