import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openUsage } from './usage.ts'

const IDLE = { cpu_usage: 0, memory_usage: 0, api_calls_per_minute: 0, network_usage: 0 }

test('an agent that has done nothing uses nothing', () => {
  const usage = openUsage(fakeClock(0))
  assert.deepEqual(usage.of('a'), IDLE)
  usage.add('b', 600)
  assert.deepEqual(usage.of('a'), IDLE)
})

test('work is told as a share of the last minute, and adds up', () => {
  const usage = openUsage(fakeClock(0))
  usage.add('a', 600)
  assert.equal(usage.of('a').cpu_usage, 1)
  usage.add('a', 29_400)
  assert.deepEqual(usage.of('a'), { ...IDLE, cpu_usage: 50 })
})

test('work fades out over the minute after its own, and is forgotten then', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', 6_000)
  const after = (ms: number) => {
    clock.advance(ms)
    return usage.of('a').cpu_usage
  }
  assert.deepEqual([after(59_999), after(1), after(30_000), after(30_000)], [10, 10, 5, 0])
})

test('a minute of rest between two minutes of work leaves only the latter', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', 6_000)
  clock.advance(180_000)
  usage.add('a', 600)
  assert.equal(usage.of('a').cpu_usage, 1)
})

test('setting the wall clock does not change what was used', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', 600)
  clock.jump(86_400_000)
  assert.equal(usage.of('a').cpu_usage, 1)
})
