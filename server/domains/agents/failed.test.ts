import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const EVER = { since: Date.parse('2026-01-01'), until: Date.parse('2100-01-01') }

test('what failed is what was neither stopped nor a step of a workflow, newest first and with its reason', async (context) => {
  const probe = openProbe()
  const { act, ask, app, ann, clock, ended, bob } = await openServer(context, { prepare: probe.install })
  const failed = () => app.agents.executions.failed(ann.user_id, EVER)
  await act(4, 'remove', { items: ['zeppelin'] })
  clock.advance(1_000)
  await act(4, 'done', { items: ['saffron'] })
  await act(4, 'list')
  await act(4, 'remove', { items: ['of a step'] }, { context: { workflow: { step_id: 'one' } } })
  const { execution_id: id } = await act(PROBE, 'wait', {}, { wait_for_completion: false })
  await probe.waiting(1)
  await ask(ann.token, 'agents.stop', { id })
  assert.match((await ended(id)).result?.error ?? '', /^CANCELLED: /)
  const [newest, oldest, ...others] = await failed()
  assert.deepEqual([newest?.action, oldest?.action, others], ['done', 'remove', []])
  assert.deepEqual(Object.keys(newest ?? {}).toSorted(), ['action', 'agent_number', 'ended_at', 'error'])
  assert.match(oldest?.error ?? '', /zeppelin/)
  assert.equal(newest?.ended_at, new Date(clock.now()).toISOString())
  assert.deepEqual(await app.agents.executions.failed((await bob()).user_id, EVER), [])
})

test('five hundred failed steps of workflows leave room for what failed before them', async (context) => {
  const { act, app, ann, write } = await openServer(context)
  await act(4, 'remove', { items: ['zeppelin'] })
  await write((tx) => {
    for (let count = 0; count < 500; count += 1)
      tx.connection.run(
        `INSERT INTO executions SELECT ?, user_id, agent_id, agent_number, action,
          json_set(command, '$.context', json('{"workflow":{}}')), status, timeout_ms, result, created_at, started_at,
          ended_at, progress, begun FROM executions WHERE action = 'remove' LIMIT 1`,
        [app.kernel.id()],
      )
    return Promise.resolve()
  })
  const failed = await app.agents.executions.failed(ann.user_id, EVER)
  assert.deepEqual(
    failed.map(({ action }) => action),
    ['remove'],
  )
})
