import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '../../../contract/agents.ts'
import { execution, openServer, refusal, refused } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const ONE_AT_ONCE = { executions_at_once: 1 }

test('what has no slot is queued, and starts when the slot is free', async (context) => {
  const probe = openProbe()
  const { ask, ann, act } = await openServer(context, { limits: ONE_AT_ONCE, prepare: probe.install })
  const no_wait = { wait_for_completion: false }
  const first = await act(PROBE, 'wait', {}, no_wait)
  const second = await act(PROBE, 'wait', {}, no_wait)
  assert.deepEqual([first.status, second.status], ['executing', 'queued'])
  const look = async ({ execution_id }: Execution) => {
    const found = await ask(ann.token, 'agents.status', { id: '19', execution_id })
    return 'status' in found && found.status
  }
  await probe.waiting(1)
  assert.equal(await look(second), 'queued')
  probe.release()
  await probe.waiting(1)
  assert.deepEqual([await look(first), await look(second)], ['completed', 'executing'])
  probe.release()
})

test('high goes before normal before low, and equals go in the order of their coming', async (context) => {
  const probe = openProbe()
  const { call, ann } = await openServer(context, { limits: ONE_AT_ONCE, prepare: probe.install })
  const ask = (label: string, priority: 'low' | 'normal' | 'high') =>
    call(
      ann.token,
      'agents.execute',
      execution(ann, PROBE, 'echo', { label }, { priority, wait_for_completion: true }),
    )
  const held = call(ann.token, 'agents.execute', execution(ann, PROBE, 'wait', { label: 'held' }))
  await probe.waiting(1)
  const order = ['l1:low', 'n1:normal', 'h1:high', 'l2:low', 'n2:normal', 'h2:high']
  const replies = []
  for (const one of order) {
    const [label = '', priority] = one.split(':')
    replies.push(ask(label, priority as 'low'))
  }
  await held
  await new Promise((resolve) => setImmediate(resolve))
  probe.release()
  await Promise.all(replies)
  assert.deepEqual(probe.performed, ['held', 'h1', 'h2', 'n1', 'n2', 'l1', 'l2'])
})

test('who has waited long enough goes before what is more urgent and new', async (context) => {
  const probe = openProbe()
  const { call, ann, clock } = await openServer(context, { limits: ONE_AT_ONCE, prepare: probe.install })
  const ask = (label: string, priority: 'low' | 'normal' | 'high') =>
    call(ann.token, 'agents.execute', execution(ann, PROBE, 'echo', { label }, { priority }))
  await call(
    ann.token,
    'agents.execute',
    execution(ann, PROBE, 'wait', { label: 'held' }, { timeout_ms: 600_000 }),
  )
  await probe.waiting(1)
  await ask('low', 'low')
  clock.advance(120_001)
  await ask('high', 'high')
  const last = call(
    ann.token,
    'agents.execute',
    execution(ann, PROBE, 'echo', { label: 'last' }, { wait_for_completion: true }),
  )
  probe.release()
  await last
  assert.deepEqual(probe.performed, ['held', 'low', 'high', 'last'])
})

test('a full queue refuses with when to try again, and takes on more as soon as it is not', async (context) => {
  const probe = openProbe()
  const limits = { ...ONE_AT_ONCE, executions_per_user_max: 2 }
  const { app, ask, call, ann, act } = await openServer(context, { limits, prepare: probe.install })
  const no_wait = { wait_for_completion: false }
  await act(PROBE, 'wait', {}, no_wait)
  await act(PROBE, 'wait', {}, no_wait)
  const reply = await call(ann.token, 'agents.execute', execution(ann, PROBE, 'echo'))
  const { status, code, details } = refusal(reply)
  assert.deepEqual([status, code, details['per_user_max']], [503, 'SYSTEM_001', 2])
  assert.equal(!reply.ok && reply.retry_after_s, 1)
  assert.equal(app.agents.executions.running(ann.user_id), 2)
  assert.equal((await ask(ann.token, 'agents.get', { id: '19' })).execution_count, 2)
  await probe.waiting(1)
  probe.release()
  await probe.waiting(1)
  const taken = act(PROBE, 'echo')
  probe.release()
  assert.equal((await taken).status, 'completed')
})

test('one user who fills their queue leaves the others theirs, until the server is full', async (context) => {
  const probe = openProbe()
  const limits = { ...ONE_AT_ONCE, executions_per_user_max: 2, executions_total_max: 3 }
  const { call, ann, bob } = await openServer(context, { limits, prepare: probe.install })
  const other = await bob()
  const ask = (who: typeof other) => call(who.token, 'agents.execute', execution(who, PROBE, 'wait'))
  for (const who of [ann, ann, other]) assert.equal((await ask(who)).ok, true)
  for (const who of [ann, other]) assert.equal(refused(await ask(who)), '503 SYSTEM_001')
})

test('every priority but the three is malformed', async (context) => {
  const { call, ann } = await openServer(context)
  for (const priority of ['urgent', '', 1, null]) {
    const input = execution(ann, 4, 'list')
    const command = { ...input.command, priority: priority as 'low' }
    assert.equal(refused(await call(ann.token, 'agents.execute', { ...input, command })), '400 GENERAL_001')
  }
})
