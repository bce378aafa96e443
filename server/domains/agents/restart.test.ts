import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const no_wait = { wait_for_completion: false }

test('an execution that was running when the process ended is run again, and ends once', async (context) => {
  const probe = openProbe()
  const { ask, ann, act, restart, told, ended } = await openServer(context, { prepare: probe.install })
  const { execution_id } = await act(PROBE, 'wait', { label: 'a' }, no_wait)
  await probe.waiting(1)
  const before = await ask(ann.token, 'agents.status', { id: '19', execution_id })
  assert.equal('status' in before && before.status, 'executing')
  await restart()
  await probe.waiting(2)
  probe.release()
  probe.release()
  assert.equal((await ended(execution_id)).status, 'completed')
  const mine = (await told()).filter(({ data }) => JSON.stringify(data).includes(execution_id))
  assert.deepEqual(
    mine.map(({ name }) => name),
    ['agent:execution_started', 'agent:execution_completed'],
  )
  const agent = await ask(ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([agent.execution_count, agent.status.state], [1, 'idle'])
})

test('what was queued when the process ended is done after the restart, in its order', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1 }
  const { ask, ann, act, restart, ended, done } = await openServer(context, {
    limits,
    prepare: probe.install,
  })
  await act(PROBE, 'wait', {}, no_wait)
  await probe.waiting(1)
  const queued = [
    await act(4, 'add', { items: ['later'] }, { ...no_wait, priority: 'low' }),
    await act(4, 'add', { items: ['sooner'] }, { ...no_wait, priority: 'high' }),
  ]
  await restart()
  await probe.waiting(2)
  await ask(ann.token, 'system.stop', { execution_id: await runningOf(ask, ann.token) })
  for (const { execution_id } of queued) assert.equal((await ended(execution_id)).status, 'completed')
  const items = (await done(4, 'list'))['items'] as { text: string }[]
  assert.deepEqual(
    items.map(({ text }) => text),
    ['sooner', 'later'],
  )
})

async function runningOf(ask: Awaited<ReturnType<typeof openServer>>['ask'], token: string): Promise<string> {
  const status = await ask(token, 'agents.status', { id: '19' })
  const found = 'executions' in status && status.executions.find((one) => one.status === 'executing')
  return found ? found.execution_id : ''
}

test('what was stopped before the process ended does not come back', async (context) => {
  const probe = openProbe()
  const { ask, ann, act, restart, ended } = await openServer(context, { prepare: probe.install })
  const { execution_id } = await act(PROBE, 'wait', {}, no_wait)
  await probe.waiting(1)
  await ask(ann.token, 'agents.stop', { id: execution_id })
  await restart()
  await act(PROBE, 'echo', { label: 'after' })
  assert.deepEqual(probe.performed, ['after'])
  assert.equal((await ended(execution_id)).result?.error, 'CANCELLED: It was stopped.')
})

test('agents, their figures, their errors and the numbering of events survive a restart', async (context) => {
  const { ask, ann, act, own, restart, told } = await openServer(context)
  await own({ config: { preferences: { skill: 'data' } } })
  await act(20, 'calculate', { expression: '1' })
  await act(20, 'calculate', { expression: '1 / nothing' })
  const [before, events] = [await ask(ann.token, 'agents.get', { id: '20' }), await told()]
  assert.equal(before.status.state, 'error')
  await restart()
  assert.deepEqual(await ask(ann.token, 'agents.get', { id: '20' }), before)
  await act(20, 'calculate', { expression: '2' })
  const after = await told()
  assert.deepEqual(after.slice(0, events.length), events)
  assert.equal(after.at(-1)?.seq, events.length + 4)
})

test('the list of what can be undone survives a restart, and so does the list of what can be done again', async (context) => {
  const server = await openServer(context)
  const { ann, done, restart, write } = server
  await done(4, 'add', { items: ['milk'] })
  const items = async () => (await done(4, 'list'))['items'] as object[]
  await restart()
  await write((tx) => server.app.changes.undo.undo(tx, ann.user_id))
  assert.deepEqual(await items(), [])
  await restart()
  await write((tx) => server.app.changes.undo.redo(tx, ann.user_id))
  assert.equal((await items()).length, 1)
})
