import assert from 'node:assert/strict'
import { test } from 'node:test'
import { healthOf, medianLatency } from './health.ts'

const WELL = { writable: true, stalled: false, strained: false, agents_in_error: 0, services_offline: 0 }

const service = (response_time: number, status: 'online' | 'offline' | 'degraded' = 'online') => ({
  name: 'it',
  status,
  response_time,
  last_check: '2026-11-22T10:00:00.000Z',
})

test('a server is healthy while nothing wants attention', () => {
  assert.equal(healthOf(WELL), 'healthy')
})

test('a server is degraded when anything wants attention, and unhealthy when nothing is written or performed', () => {
  for (const facts of [{ agents_in_error: 1 }, { services_offline: 1 }, { strained: true }])
    assert.equal(healthOf({ ...WELL, ...facts }), 'degraded', JSON.stringify(facts))
  for (const facts of [{ writable: false }, { stalled: true }, { stalled: true, agents_in_error: 1 }])
    assert.equal(healthOf({ ...WELL, ...facts }), 'unhealthy', JSON.stringify(facts))
})

test('the latency is the median of the services that answer', () => {
  assert.equal(medianLatency([]), undefined)
  assert.equal(medianLatency([service(1, 'offline')]), undefined)
  assert.equal(
    medianLatency([service(30), service(3_000, 'degraded'), service(20), service(1, 'offline')]),
    30,
  )
  assert.equal(medianLatency([service(30), service(10)]), 10)
})
