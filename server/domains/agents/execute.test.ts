import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentCommand } from '../../../contract/agents.ts'
import { execution, openServer, refusal, refused } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const zone = (timezone: unknown) => ({ context: { user_preferences: { timezone } } })
const SUM = { expression: '6 * 7' }

test('an execution that is not waited for is accepted, and can be looked up by its id', async (context) => {
  const { ask, call, ann, ended } = await openServer(context)
  const reply = await call(ann.token, 'agents.execute', execution(ann, 5, 'calculate', SUM))
  assert.equal(reply.ok && reply.status, 202)
  const receipt = (reply.ok ? reply.data : {}) as { execution_id: string; status: string }
  assert.deepEqual(Object.keys(receipt).toSorted(), ['execution_id', 'status'])
  assert.equal(receipt.status, 'executing')
  const { execution_id } = receipt
  const found = await ended(execution_id)
  assert.deepEqual([found.status, found.result?.text], ['completed', 'The answer is 42.'])
  assert.deepEqual(await ask(ann.token, 'agents.status', { id: '5', execution_id }), found)
})

test('an execution that is waited for answers with what the action answered', async (context) => {
  const { call, ann } = await openServer(context)
  const input = execution(ann, 5, 'calculate', SUM, { wait_for_completion: true })
  const reply = await call(ann.token, 'agents.execute', input)
  assert.equal(reply.ok && reply.status, 200)
  const { execution_id, ...rest } = (reply.ok ? reply.data : {}) as Record<string, unknown>
  assert.match(String(execution_id), /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  assert.deepEqual(rest, {
    status: 'completed',
    result: {
      success: true,
      data: { value: 42 },
      text: 'The answer is 42.',
      metadata: { execution_time: 0, resources_used: [] },
    },
  })
})

test('what cannot start is an HTTP error and leaves nothing behind', async (context) => {
  const { ask, call, ann, told } = await openServer(context)
  await ask(ann.token, 'agents.update', { id: '6', is_active: false })
  const before = (await told()).length
  const outcome = async (agent: number, action: string, parameters = {}) =>
    refused(await call(ann.token, 'agents.execute', execution(ann, agent, action, parameters)))
  assert.equal(await outcome(99, 'count'), '404 AGENT_001')
  assert.equal(await outcome(6, 'count', { text: 'x' }), '409 AGENT_005')
  assert.equal(await outcome(5, 'fly'), '400 AGENT_002')
  assert.equal(await outcome(5, 'calculate', { expression: 7 }), '400 GENERAL_001')
  assert.equal(await outcome(5, 'calculate', { ...SUM, more: 1 }), '400 GENERAL_001')
  assert.equal(await outcome(5, ''), '400 GENERAL_001')
  assert.equal((await told()).length, before)
  for (const id of ['5', '6']) assert.equal((await ask(ann.token, 'agents.get', { id })).execution_count, 0)
})

test('an unknown action is answered with those that there are', async (context) => {
  const { call, ann, own } = await openServer(context)
  await own()
  for (const action of ['fly', 'constructor', '__proto__', 'toString']) {
    const { details } = refusal(await call(ann.token, 'agents.execute', execution(ann, 4, action)))
    const available_actions = ['add', 'done', 'remove', 'list', 'rename', 'prioritise', 'import_csv']
    assert.deepEqual(details, { available_actions }, action)
  }
  const { details } = refusal(await call(ann.token, 'agents.execute', execution(ann, 20, 'add')))
  assert.deepEqual(details, { available_actions: [] })
})

test('wrong parameters are all told, each with its path', async (context) => {
  const { call, ann } = await openServer(context)
  const input = execution(ann, 4, 'add', { items: ['', 1], list: '' })
  const { details } = refusal(await call(ann.token, 'agents.execute', input))
  const paths = (details['issues'] as { path: string }[]).map(({ path }) => path)
  const expected = ['items/0', 'items/1', 'list'].map((path) => `/command/parameters/${path}`)
  assert.deepEqual([...new Set(paths)].toSorted(), expected)
})

test('a secret in the place of a parameter is in nothing that says so, and a mistyped parameter is', async (context) => {
  const { call, ann, logged } = await openServer(context)
  const secret = 'sk-live-4242-8d7f2a91c3'
  const input = execution(ann, 4, 'add', { items: ['a'], [secret]: 1, lists: 'b' })
  const reply = await call(ann.token, 'agents.execute', input)
  const { details } = refusal(reply)
  const paths = (details['issues'] as { path: string }[]).map(({ path }) => path)
  assert.deepEqual(paths.toSorted(), ['/command/parameters/lists', '/command/parameters/…'])
  assert.equal(`${JSON.stringify(reply)} ${logged.join()}`.includes(secret), false)
})

test('what an action refuses or breaks is a result, with the reason only when it is for the user', async (context) => {
  const probe = openProbe()
  const { call, ann, logged } = await openServer(context, { prepare: probe.install })
  const failing = async (action: string) => {
    const input = execution(ann, PROBE, action, {}, { wait_for_completion: true })
    const reply = await call(ann.token, 'agents.execute', input)
    assert.equal(reply.ok && reply.status, 200)
    return (reply.ok ? reply.data : {}) as { status: string; result: object }
  }
  const metadata = { execution_time: 0, resources_used: [] }
  const refusing = await failing('refuse')
  assert.equal(refusing.status, 'failed')
  assert.deepEqual(refusing.result, { success: false, error: 'AGENT_002: I would rather not.', metadata })
  assert.equal(logged.length, 0)
  const crashing = await failing('crash')
  const error = 'AGENT_002: Something went wrong inside. The log has the details.'
  assert.deepEqual(crashing.result, { success: false, error, metadata })
  assert.equal(logged.length, 1)
  assert.match(logged[0] ?? '', /"an action failed".*"action":"crash"/)
})

test('an action that writes and then fails has written nothing', async (context) => {
  const probe = openProbe()
  const { ask, call, ann, act } = await openServer(context, { prepare: probe.install })
  const kept = await act(PROBE, 'keep', { label: 'a' })
  assert.equal(kept.status, 'completed')
  const failed = await act(PROBE, 'keep_and_fail', { label: 'b' })
  assert.equal(failed.result?.error, 'AGENT_002: That was too much.')
  const { memories } = await ask(ann.token, 'agents.memory', { id: '19' })
  assert.deepEqual(
    memories.map(({ content }) => content),
    ['a'],
  )
  const undo = await call(ann.token, 'agents.undo', { id: failed.execution_id })
  assert.equal(refused(undo), '404 GENERAL_001')
})

test('a phrase of the agent’s own stands for its action, under the action’s name', async (context) => {
  const { ask, ann, act } = await openServer(context)
  const voice_commands = [
    { phrase: 'Weekly Shop', action: 'add', parameters: { items: ['milk'], list: 'shopping' } },
  ]
  await ask(ann.token, 'agents.update', { id: '4', config: { voice_commands } })
  const { execution_id, result } = await act(4, ' weekly shop ')
  assert.deepEqual(result?.data, { added: ['milk'], list: 'shopping' })
  const [entry] = (await ask(ann.token, 'agents.logs', { id: '4', execution_id })).logs
  assert.equal(entry?.details['action'], 'add')
  const more = await act(4, 'weekly shop', { items: ['eggs'] })
  assert.deepEqual(more.result?.data, { added: ['eggs'], list: 'shopping' })
})

test('a command counts time in the zone that it names, else in the user’s, else in the server’s', async (context) => {
  const { ask, ann, act } = await openServer(context)
  const due = async (more: Partial<AgentCommand>) => {
    const { result } = await act(3, 'remind', { text: 'x', at: '2026-11-23T08:00' }, more)
    return (result?.data as Record<string, unknown> | undefined)?.['due']
  }
  assert.equal(await due({}), '2026-11-23T08:00:00+01:00')
  assert.equal(await due(zone('America/New_York')), '2026-11-23T08:00:00-05:00')
  for (const wrong of ['Mars/Base', 7, null, ''])
    assert.equal(await due(zone(wrong)), '2026-11-23T08:00:00+01:00')
  await ask(ann.token, 'auth.preferences', { timezone: 'Asia/Tokyo' })
  assert.equal(await due({}), '2026-11-23T08:00:00+09:00')
})

test('an agent counts its executions, its starts and its mean time', async (context) => {
  const probe = openProbe()
  const { ask, call, ann, act, clock } = await openServer(context, { prepare: probe.install })
  clock.advance(1_000)
  for (const ms of [100, 201]) {
    const running = call(
      ann.token,
      'agents.execute',
      execution(ann, PROBE, 'wait', {}, { wait_for_completion: true }),
    )
    await probe.waiting(1)
    clock.advance(ms)
    probe.release()
    await running
  }
  await act(PROBE, 'crash')
  const agent = await ask(ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([agent.execution_count, agent.average_execution_time], [3, 100.333])
  assert.equal(agent.last_execution, '2026-11-22T10:00:01.301Z')
  assert.equal(agent.status.health_score, 50)
  assert.equal(agent.status.resource_usage.cpu_usage, 0.502)
})
