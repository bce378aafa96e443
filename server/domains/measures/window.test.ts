import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Window } from './window.ts'

test('figures are of what was recorded: how many, how long, and the share that failed', () => {
  const window = new Window()
  assert.deepEqual(window.read(0), { count: 0, p50: 0, p95: 0, p99: 0, error_rate: 0 })
  for (let n = 1; n <= 8; n += 1) window.record(1_000, n / 1_000, n > 6)
  assert.deepEqual(window.read(1_000), { count: 8, p50: 0.004, p95: 0.008, p99: 0.008, error_rate: 0.25 })
})

test('what is older than five minutes and a part of half a minute no longer counts', () => {
  const window = new Window()
  window.record(0, 1, true)
  assert.equal(window.read(300_000).count, 1)
  assert.equal(window.read(329_999).count, 1)
  assert.equal(window.read(330_000).count, 0)
  window.record(330_000, 1, false)
  assert.deepEqual(window.counts(330_000), { count: 1, failed: 0 })
})

test('a shorter look back leaves out what is older, and forgets nothing', () => {
  const window = new Window()
  window.record(10_000, 900, false)
  window.record(100_000, 1, false)
  assert.equal(window.counts(100_000, 60_000).count, 1)
  assert.equal(window.counts(100_000).count, 2)
  assert.ok(window.read(100_000, 60_000).p99 < 2)
})

test('a day of calls keeps no more parts than five minutes have', () => {
  const window = new Window()
  for (let now = 0; now < 86_400_000; now += 10_000) window.record(now, 5, false)
  assert.equal(window.read(86_390_000).count, 33)
})
