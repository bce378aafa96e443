import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, double, oneof, property } from 'fast-check'
import { Histogram } from './histogram.ts'

function of(durations: readonly number[]): Histogram {
  const histogram = new Histogram()
  for (const ms of durations) histogram.record(ms)
  return histogram
}

/** The nearest rank among all, sorted. */
function exact(durations: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(durations.length * share))
  return durations.toSorted((a, b) => a - b)[rank - 1] ?? 0
}

test('a percentile is the one of all durations sorted, within a 32nd part and half a microsecond', () => {
  const duration = double({ min: 0, max: 600_000, noNaN: true })
  const durations = array(oneof(duration, double({ min: 0, max: 3, noNaN: true })), { minLength: 1 })
  check(
    property(durations, double({ min: 0.001, max: 1, noNaN: true }), (all, share) => {
      const want = exact(all, share)
      const off = Math.abs(of(all).percentile(share) - want)
      assert.ok(off <= want / 32 + 0.0011, `${off} of ${want}`)
    }),
    { seed: 5 },
  )
})

test('nearest rank: of four, half are the second, three quarters and a bit the fourth', () => {
  const four = of([0.004, 0.001, 0.003, 0.002])
  assert.deepEqual(
    [0.25, 0.5, 0.75, 0.76, 1].map((share) => four.percentile(share)),
    [0.001, 0.002, 0.003, 0.004, 0.004],
  )
})

test('nothing recorded is nothing, and what is not a sensible duration breaks nothing', () => {
  assert.deepEqual([new Histogram().percentile(0.99), new Histogram().total], [0, 0])
  const odd = of([-5, 0, 1e12])
  assert.deepEqual([odd.percentile(0.1), odd.percentile(0.6), odd.total], [0, 0, 3])
  assert.ok(odd.percentile(1) > 1_000_000)
})

test('two together are as one of both', () => {
  const [left, right] = [of([1, 2, 300]), of([0.5, 70, 2])]
  left.add(right)
  const both = of([1, 2, 300, 0.5, 70, 2])
  for (const share of [0.1, 0.5, 0.95, 1]) assert.equal(left.percentile(share), both.percentile(share))
  assert.deepEqual([left.total, left.sum], [6, 375.5])
})

test('it counts what took at most so long', () => {
  const histogram = of([1, 4.9, 5, 6, 1_000])
  assert.deepEqual(
    [0, 1, 5, 10, 2_000].map((ms) => histogram.atMost(ms)),
    [0, 1, 3, 4, 5],
  )
})
