import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openPulse } from './pulse.ts'

test('delays are those of the last five minutes, the greatest of many in the 99th percentile', () => {
  const clock = fakeClock(0)
  const pulse = openPulse(clock)
  assert.deepEqual([pulse.read().delay_p50, pulse.read().delay_p99], [0, 0])
  const samples = (count: number, late_ms: number) => {
    for (let n = 0; n < count; n += 1) {
      clock.advance(5_000)
      pulse.sample(late_ms)
    }
    return pulse.read()
  }
  samples(50, 0)
  const { delay_p50, delay_p99 } = samples(1, 400)
  assert.equal(delay_p50, 0)
  assert.ok(Math.abs(delay_p99 - 400) < 13, `${delay_p99}`)
  assert.equal(samples(66, 0).delay_p99, 0)
})

test('utilization is the busy share of the last five minutes', () => {
  const clock = fakeClock(0)
  const usage = { idle: 0, active: 0, utilization: 0 }
  const pulse = openPulse(clock, () => ({ ...usage }))
  assert.equal(pulse.read().utilization, 0)
  Object.assign(usage, { idle: 90_000, active: 10_000 })
  clock.advance(100_000)
  pulse.sample(0)
  assert.equal(pulse.read().utilization, 0.1)
  // Five minutes on, the quiet beginning no longer counts.
  clock.advance(299_999)
  Object.assign(usage, { idle: 100_000, active: 40_000 })
  pulse.sample(0)
  assert.equal(pulse.read().utilization, 0.75)
})

test('the real event loop is measured: idle it is not busy all the time, and blocked it is', async () => {
  const pulse = openPulse(fakeClock(0))
  const { promise, resolve } = Promise.withResolvers<void>()
  setImmediate(resolve)
  await promise
  const started = process.cpuUsage()
  while (process.cpuUsage(started).user < 50_000) Math.sqrt(2)
  assert.ok(pulse.read().utilization > 0.5)
})
