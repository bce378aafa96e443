import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server_events } from '../../../contract/events.ts'
import type { Told } from '../../kernel/events.ts'
import { findIssues } from '../../kernel/validate.ts'
import { execution, openServer } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const no_wait = { wait_for_completion: false }

/** Events in a word each: the changes of state as from and to. */
function brief(events: readonly Told[]): string[] {
  return events.map(({ name, data }) => {
    if (name !== 'agent:status_changed') return name.replace('agent:', '')
    const { old_status, new_status } = data as Record<string, { state: string }>
    return `${old_status?.state} > ${new_status?.state}`
  })
}

test('an execution is told from its start to its end, numbered without gaps and as the contract says', async (context) => {
  const { act, told } = await openServer(context)
  const before = (await told()).length
  const { execution_id, result } = await act(4, 'add', { items: ['milk'] })
  const events = await told()
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  )
  const mine = events.slice(before)
  assert.deepEqual(brief(mine), [
    'execution_started',
    'idle > executing',
    'execution_completed',
    'executing > idle',
  ])
  for (const { name, data } of mine) assert.deepEqual(findIssues(server_events[name], data), [], name)
  const completed = mine[2]?.data as Record<string, unknown>
  assert.deepEqual([completed['execution_id'], completed['duration']], [execution_id, 0])
  assert.deepEqual(completed['result'], result)
})

test('a failed execution is told as completed and as an error, and the agent is in error until it succeeds', async (context) => {
  const { ask, ann, act, told } = await openServer(context)
  const before = (await told()).length
  const { execution_id, result } = await act(5, 'calculate', { expression: '1 / nothing' })
  await act(5, 'calculate', { expression: '1' })
  const mine = (await told()).slice(before)
  assert.deepEqual(brief(mine), [
    'execution_started',
    'idle > executing',
    'execution_completed',
    'error',
    'executing > error',
    'execution_started',
    'error > executing',
    'execution_completed',
    'executing > idle',
  ])
  const { id: agent_id } = await ask(ann.token, 'agents.get', { id: '5' })
  assert.deepEqual(mine[3]?.data, { agent_id, error: result?.error, context: { execution_id } })
})

test('what was queued and then fails has its start told before its end, and the agent comes to rest', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1 }
  const { ask, ann, act, told, ended } = await openServer(context, { limits, prepare: probe.install })
  await act(5, 'calculate', { expression: '1' })
  const held = await act(PROBE, 'wait', {}, no_wait)
  await probe.waiting(1)
  const { execution_id } = await act(PROBE, 'keep_and_fail', {}, no_wait)
  probe.release()
  await ended(held.execution_id)
  await ended(execution_id)
  const mine = (await told()).filter(({ data }) => JSON.stringify(data).includes(execution_id))
  assert.deepEqual(brief(mine), ['execution_started', 'execution_completed', 'error'])
  const agent = await ask(ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([agent.status.state, agent.execution_count], ['error', 2])
})

test('a failure beside a running execution leaves the agent executing until that ends, too', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 2 }
  const { ask, ann, act, ended } = await openServer(context, { limits, prepare: probe.install })
  const state = async () => (await ask(ann.token, 'agents.get', { id: '19' })).status.state
  const held = [await act(PROBE, 'wait', {}, no_wait), await act(PROBE, 'wait', {}, no_wait)]
  await probe.waiting(2)
  const queued = await act(PROBE, 'keep_and_fail', {}, no_wait)
  probe.release()
  await ended(queued.execution_id)
  assert.equal(await state(), 'executing')
  probe.release()
  for (const { execution_id } of held) await ended(execution_id)
  assert.equal(await state(), 'idle')
})

test('switching off and on is told, changing anything else is not', async (context) => {
  const { ask, ann, told } = await openServer(context)
  const before = (await told()).length
  for (const change of [
    { description: 'x' },
    { is_active: false },
    { is_active: false },
    { is_active: true },
  ])
    await ask(ann.token, 'agents.update', { id: '5', ...change })
  assert.deepEqual(brief((await told()).slice(before)), ['idle > disabled', 'disabled > idle'])
})

test('secrets in a command are masked in the event that tells of it', async (context) => {
  const { ask, ann, told } = await openServer(context)
  const values = { name: 'Ann', password: 'hunter2' }
  const command = execution(ann, 6, 'fill_template', { template: '{{name}} {{password}}', values })
  const input = { ...command, wait_for_completion: true }
  input.command.context = { token: 'abc', nested: [{ api_key: 'k1' }], credential_id: 'c1' }
  const { result } = await ask(ann.token, 'agents.execute', input)
  assert.match(JSON.stringify(result?.data), /Ann hunter2/)
  const started = (await told()).find(({ name }) => name === 'agent:execution_started')
  const masked = JSON.stringify(started?.data)
  assert.equal(masked.includes('"values":{"name":"Ann","password":"[redacted]"}'), true)
  const shown = '{"token":"[redacted]","nested":[{"api_key":"[redacted]"}],"credential_id":"c1"}'
  assert.equal(masked.includes(`"context":${shown}`), true)
})

test('nothing of one user is told to another', async (context) => {
  const { act, told, bob } = await openServer(context)
  const { user_id } = await bob()
  await act(4, 'add', { items: ['milk'] })
  assert.deepEqual(await told(user_id), [])
})

test('listeners hear what was told, in order, and only once it is recorded', async (context) => {
  const { app, act, told } = await openServer(context)
  const heard: Told[] = []
  const before = (await told()).length
  const stop = app.kernel.events.hear((event) => void heard.push(event))
  await act(4, 'add', { items: ['milk'] })
  stop()
  await act(4, 'add', { items: ['eggs'] })
  assert.deepEqual(heard, (await told()).slice(before, before + 4))
})
