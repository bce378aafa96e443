import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { openUsage } from './usage.ts'

const IDLE = { cpu_usage: 0, memory_usage: 0, api_calls_per_minute: 0, network_usage: 0 }

test('an agent that has done nothing uses nothing', () => {
  const usage = openUsage(fakeClock(0))
  assert.deepEqual(usage.of('a'), IDLE)
  usage.add('b', { cpu_ms: 600 })
  assert.deepEqual(usage.of('a'), IDLE)
})

test('work is told as a share of the last minute, and adds up', () => {
  const usage = openUsage(fakeClock(0))
  usage.add('a', { cpu_ms: 600 })
  assert.equal(usage.of('a').cpu_usage, 1)
  usage.add('a', { cpu_ms: 29_400 })
  assert.deepEqual(usage.of('a'), { ...IDLE, cpu_usage: 50 })
})

test('work fades out over the minute after its own, and is forgotten then', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', { cpu_ms: 6_000 })
  const after = (ms: number) => {
    clock.advance(ms)
    return usage.of('a').cpu_usage
  }
  assert.deepEqual([after(59_999), after(1), after(30_000), after(30_000)], [10, 10, 5, 0])
})

test('a minute of rest between two minutes of work leaves only the latter', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', { cpu_ms: 6_000 })
  clock.advance(180_000)
  usage.add('a', { cpu_ms: 600 })
  assert.equal(usage.of('a').cpu_usage, 1)
})

test('setting the wall clock does not change what was used', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', { cpu_ms: 600 })
  clock.jump(86_400_000)
  assert.equal(usage.of('a').cpu_usage, 1)
})

test('calls and bytes are those of the last minute, and memory is the most of it', () => {
  const clock = fakeClock(0)
  const usage = openUsage(clock)
  usage.add('a', { calls: 4, bytes: 1_000, memory_bytes: 5_000 })
  usage.add('a', { calls: 2, bytes: 500, memory_bytes: 3_000 })
  const used = { cpu_usage: 0, memory_usage: 5_000, api_calls_per_minute: 6, network_usage: 1_500 }
  assert.deepEqual(usage.of('a'), used)
  clock.advance(90_000)
  assert.deepEqual(usage.of('a'), { ...used, api_calls_per_minute: 3, network_usage: 750 })
  clock.advance(30_000)
  assert.deepEqual(usage.of('a'), IDLE)
})
