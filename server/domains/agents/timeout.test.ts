import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '../../../contract/agents.ts'
import { fakeClock } from '../../../test/clock.ts'
import { execution, openServer, refused } from './fixture.ts'
import type { Server } from './fixture.ts'
import { FACTORIES, lateAction, openProbe, skill } from './probe/fixture.ts'

const PROBE = 19
const waited = { wait_for_completion: true }

test('a time-out is a whole number of 1 to 600,000 ms', async (context) => {
  const { call, ann } = await openServer(context)
  const outcome = async (timeout_ms: number) => {
    const reply = await call(
      ann.token,
      'agents.execute',
      execution(ann, 4, 'list', {}, { ...waited, timeout_ms }),
    )
    return reply.ok ? reply.status : refused(reply)
  }
  for (const wrong of [0, -1, 600_001, 1.5]) assert.equal(await outcome(wrong), '400 GENERAL_001', `${wrong}`)
  for (const right of [1, 600_000]) assert.equal(await outcome(right), 200, `${right}`)
})

test('an execution ends at its time-out as failed, and those who wait are told', async (context) => {
  const probe = openProbe()
  const { call, ann, ask, clock } = await openServer(context, { prepare: probe.install })
  const input = execution(ann, PROBE, 'wait', {}, { ...waited, timeout_ms: 500 })
  const reply = call(ann.token, 'agents.execute', input)
  await probe.waiting(1)
  clock.advance(500)
  const ended = await reply
  assert.equal(ended.ok && ended.status, 200)
  const { status, result } = (ended.ok ? ended.data : {}) as Execution
  assert.equal(status, 'failed')
  assert.equal(result?.error, 'AGENT_003: It took longer than 500 ms.')
  assert.equal(result?.metadata.execution_time, 500)
  const agent = await ask(ann.token, 'agents.get', { id: '19' })
  assert.deepEqual([agent.status.state, agent.status.health_score], ['error', 0])
  assert.equal(agent.status.last_error, 'AGENT_003: It took longer than 500 ms.')
})

test('thirty seconds are the time-out of those who name none', async (context) => {
  const probe = openProbe()
  const { call, ann, clock } = await openServer(context, { prepare: probe.install })
  const reply = call(ann.token, 'agents.execute', execution(ann, PROBE, 'wait', {}, waited))
  await probe.waiting(1)
  clock.advance(29_999)
  probe.release()
  assert.equal((await reply).status, 200)
  const late = call(ann.token, 'agents.execute', execution(ann, PROBE, 'wait', {}, waited))
  await probe.waiting(1)
  clock.advance(30_000)
  const ended = await late
  assert.match(JSON.stringify(ended.ok && ended.data), /AGENT_003: It took longer than 30000 ms\./)
})

test('who waits for what is still queued gets the receipt when the time is up, and it runs all the same', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1 }
  const { call, ann, clock, ask } = await openServer(context, { limits, prepare: probe.install })
  await call(ann.token, 'agents.execute', execution(ann, PROBE, 'wait', {}, { timeout_ms: 600_000 }))
  await probe.waiting(1)
  const input = execution(ann, PROBE, 'echo', {}, { ...waited, timeout_ms: 2_000 })
  const reply = call(ann.token, 'agents.execute', input)
  while ((await ask(ann.token, 'agents.get', { id: '19' })).execution_count < 2);
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(3_000)
  const receipt = await reply
  assert.equal(receipt.ok && receipt.status, 202)
  assert.equal(receipt.ok && (receipt.data as Execution).status, 'queued')
  probe.release()
  const again = await call(ann.token, 'agents.execute', input)
  assert.equal(again.ok && (again.data as Execution).status, 'completed')
})

test('an action that never lets go is late all the same, and what it wrote is taken back', async (context) => {
  const servers: Server[] = []
  const clock = { ...fakeClock(0), advance: (ms: number) => servers[0]?.clock.advance(ms) }
  const late = skill({ read: lateAction(clock, 'read'), write: lateAction(clock, 'write') })
  const prepare: Parameters<typeof openServer>[1] = {
    prepare: (app) => app.agents.skills.install([late], FACTORIES),
  }
  const server = await openServer(context, prepare)
  servers.push(server)
  for (const action of ['read', 'write']) {
    const intime = await server.act(PROBE, action, { label: '10' }, { timeout_ms: 10 })
    assert.equal(intime.status, 'completed', action)
    const { result } = await server.act(PROBE, action, { label: '11' }, { timeout_ms: 10 })
    assert.equal(result?.error, 'AGENT_003: It took longer than 10 ms.', action)
  }
  const { memories } = await server.ask(server.ann.token, 'agents.memory', { id: '19' })
  assert.deepEqual(
    memories.map(({ content }) => content),
    ['10'],
  )
})
