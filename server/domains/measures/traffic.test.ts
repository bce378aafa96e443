import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openTraffic } from './traffic.ts'

const NONE = { count: 0, p50: 0, p95: 0, p99: 0, error_rate: 0 }

test('a call fails when the server does: what was asked wrongly is no error of the server', () => {
  const traffic = openTraffic(fakeClock(0))
  assert.deepEqual(traffic.read(), { requests: NONE, executions: NONE })
  for (const status of [200, 400, 404, 429, 499, 500, 503])
    traffic.request({ operation: 'agents.list', status, ms: 0.01 })
  assert.equal(traffic.read().requests.error_rate, 0.2857)
  assert.deepEqual(
    [...(traffic.totals.requests.get('agents.list') ?? [])],
    [
      [2, 1],
      [4, 4],
      [5, 2],
    ],
  )
})

test('executions count for all together and for their agent, which only its user sees', () => {
  const traffic = openTraffic(fakeClock(0))
  const execution = { user_id: 'ann', agent_number: 7, ms: 0.01, failed: false }
  traffic.execution(execution)
  traffic.execution({ ...execution, failed: true })
  traffic.execution({ ...execution, agent_number: 3, ms: 0.004 })
  traffic.execution({ ...execution, user_id: 'bob' })
  assert.equal(traffic.read().executions.count, 4)
  assert.deepEqual(traffic.agents('ann'), [
    { agent_number: 3, count: 1, p50: 0.004, p95: 0.004, p99: 0.004, error_rate: 0 },
    { agent_number: 7, count: 2, p50: 0.01, p95: 0.01, p99: 0.01, error_rate: 0.5 },
  ])
  assert.equal(traffic.agents('bob').length, 1)
  assert.deepEqual(traffic.agents('eve'), [])
  assert.deepEqual(traffic.failures('ann')[1], { agent_number: 7, count: 2, failed: 1 })
  assert.deepEqual(traffic.totals.executions, { completed: 3, failed: 1 })
})

test('an agent that has been idle for a while is not listed, and what a user did goes with the user', () => {
  const clock = fakeClock(0)
  const traffic = openTraffic(clock)
  traffic.execution({ user_id: 'ann', agent_number: 7, ms: 1, failed: false })
  clock.advance(330_000)
  assert.deepEqual(traffic.agents('ann'), [])
  traffic.execution({ user_id: 'ann', agent_number: 7, ms: 1, failed: false })
  traffic.forget('ann')
  assert.deepEqual(traffic.agents('ann'), [])
})

test('agents beyond number take bounded room, and the idle make room for others', () => {
  const clock = fakeClock(0)
  const traffic = openTraffic(clock)
  const fill = (user_id: string) => {
    for (let n = 1; n <= 2_500; n += 1) traffic.execution({ user_id, agent_number: n, ms: 1, failed: false })
  }
  fill('ann')
  assert.equal(traffic.agents('ann').length, 2_000)
  assert.equal(traffic.read().executions.count, 2_500)
  clock.advance(330_000)
  fill('bob')
  assert.deepEqual([traffic.agents('ann').length, traffic.agents('bob').length], [0, 2_000])
})
