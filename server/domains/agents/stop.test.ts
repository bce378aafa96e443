import assert from 'node:assert/strict'
import { test } from 'node:test'
import { execution, openServer, refused } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const CANCELLED = {
  success: false,
  error: 'CANCELLED: It was stopped.',
  metadata: { execution_time: 0, resources_used: [] },
}
const no_wait = { wait_for_completion: false }

test('a running execution stops at once, and who waits for it is told so', async (context) => {
  const probe = openProbe()
  const { ask, call, ann, act } = await openServer(context, { prepare: probe.install })
  const running = act(PROBE, 'wait')
  await probe.waiting(1)
  const status = await ask(ann.token, 'agents.status', { id: '19' })
  const id = ('executions' in status && status.executions[0]?.execution_id) || ''
  assert.equal('state' in status && status.state, 'executing')
  const stopped = await ask(ann.token, 'agents.stop', { id })
  assert.deepEqual(stopped, { execution_id: id, status: 'failed', result: CANCELLED })
  assert.deepEqual(await running, stopped)
  const { status: after } = await ask(ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([after.state, after.last_error, after.health_score], ['idle', null, 100])
  assert.equal((await call(ann.token, 'agents.stop', { id })).ok, true)
})

test('a stopped execution stays stopped, whatever its action does later', async (context) => {
  const probe = openProbe()
  const { ask, ann, act, ended } = await openServer(context, { prepare: probe.install })
  const { execution_id } = await act(PROBE, 'wait', {}, no_wait)
  await probe.waiting(1)
  await ask(ann.token, 'agents.stop', { id: execution_id })
  probe.release()
  await act(PROBE, 'echo')
  assert.deepEqual(probe.performed, ['', ''])
  assert.deepEqual((await ended(execution_id)).result, CANCELLED)
  const { logs } = await ask(ann.token, 'agents.logs', { id: '19', execution_id })
  assert.deepEqual([logs[0]?.level, logs[0]?.message], ['error', 'CANCELLED: It was stopped.'])
})

test('an execution that has ended cannot be stopped any more, and says how it ended', async (context) => {
  const { ask, call, ann, act } = await openServer(context)
  const done = await act(5, 'calculate', { expression: '1' })
  assert.deepEqual(await ask(ann.token, 'agents.stop', { id: done.execution_id }), done)
  const absent = '01900000-0000-7000-8000-000000000000'
  assert.equal(refused(await call(ann.token, 'agents.stop', { id: absent })), '404 AGENT_001')
  assert.equal(refused(await call(ann.token, 'agents.stop', { id: 'x' })), '400 GENERAL_001')
})

test('stopping all ends what waits and what runs, of the caller alone', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 2 }
  const { app, ask, ann, act, bob, ended } = await openServer(context, { limits, prepare: probe.install })
  const other = await bob()
  await ask(other.token, 'agents.execute', execution(other, PROBE, 'wait'))
  const running = await act(PROBE, 'wait', {}, no_wait)
  const queued = await act(4, 'add', { items: ['milk'] }, no_wait)
  assert.deepEqual([running.status, queued.status], ['executing', 'queued'])
  const { agent_executions, workflow_executions, undoable } = await ask(ann.token, 'system.stop', {})
  assert.deepEqual(agent_executions, [running.execution_id, queued.execution_id].toSorted())
  assert.deepEqual([workflow_executions, undoable], [[], []])
  for (const { execution_id } of [running, queued])
    assert.equal((await ended(execution_id)).result?.error, 'CANCELLED: It was stopped.')
  assert.deepEqual(
    [ann, other].map(({ user_id }) => app.agents.executions.running(user_id)),
    [0, 1],
  )
  assert.deepEqual((await ask(ann.token, 'system.stop', {})).agent_executions, [])
})

test('stopping one leaves the others running, and stopping what has ended stops nothing', async (context) => {
  const probe = openProbe()
  const { ask, ann, act } = await openServer(context, { prepare: probe.install })
  const done = await act(5, 'calculate', { expression: '1' })
  const [first, second] = [await act(PROBE, 'wait', {}, no_wait), await act(PROBE, 'wait', {}, no_wait)]
  const stop = async (execution_id: string) =>
    (await ask(ann.token, 'system.stop', { execution_id })).agent_executions
  assert.deepEqual(await stop(done.execution_id), [])
  assert.deepEqual(await stop(first.execution_id), [first.execution_id])
  const { status } = await ask(ann.token, 'agents.get', { id: '19' })
  assert.equal(status.state, 'executing')
  assert.deepEqual(await stop(second.execution_id), [second.execution_id])
  assert.equal((await ask(ann.token, 'agents.get', { id: '19' })).status.state, 'idle')
})

test('deleting an agent cancels what it does and what it was going to do', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1 }
  const { app, ask, ann, act, write, ended } = await openServer(context, { limits, prepare: probe.install })
  const running = act(PROBE, 'wait')
  await probe.waiting(1)
  const queued = await act(PROBE, 'keep', { label: 'a' }, no_wait)
  await ask(ann.token, 'agents.delete', { id: '19' })
  assert.deepEqual((await running).result, CANCELLED)
  assert.deepEqual((await ended(queued.execution_id)).result, CANCELLED)
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  const back = await ask(ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([back.status.state, back.execution_count], ['idle', 2])
  assert.equal((await ask(ann.token, 'agents.memory', { id: '19' })).total_count, 0)
})

test('an agent that is switched off while its execution waits does not act any more', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1 }
  const { ask, ann, act, ended } = await openServer(context, { limits, prepare: probe.install })
  await act(PROBE, 'wait', {}, no_wait)
  await probe.waiting(1)
  const queued = await act(4, 'add', { items: ['milk'] }, no_wait)
  await ask(ann.token, 'agents.update', { id: '4', is_active: false })
  probe.release()
  const { status, result } = await ended(queued.execution_id)
  assert.deepEqual([status, result?.error], ['failed', 'AGENT_005: The agent was switched off meanwhile.'])
  const agent = await ask(ann.token, 'agents.get', { id: '4' })
  assert.deepEqual([agent.status.state, agent.execution_count], ['disabled', 1])
})
