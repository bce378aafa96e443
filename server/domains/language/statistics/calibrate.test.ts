import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calibrate, logistic, softmax } from './calibrate.ts'
import type { HeldOut } from './calibrate.ts'

function held(label: number, signal: number, ...scores: number[]): HeldOut {
  return { label, signal, scores: Float64Array.from(scores) }
}

/** How likely it is that a text with this signal is in scope. */
function scope(signal: number, texts: readonly HeldOut[]): number {
  const { scope_slope, scope_middle } = calibrate(texts)
  return logistic(scope_slope * (signal - scope_middle))
}

/** Places of the values, the least first. */
function order(values: Iterable<number>): [place: number, value: number][] {
  return [...[...values].entries()].toSorted((a, b) => a[1] - b[1])
}

test('softmax keeps the order, adds up to one, and leaves nothing infinite', () => {
  for (const scores of [[1, 2, 3], [-1e9, 0, 1e9], [5, 5, 5], [0]]) {
    const found = softmax(Float64Array.from(scores), 14)
    assert.ok(Math.abs(found.reduce((a, b) => a + b, 0) - 1) < 1e-12)
    assert.ok(found.every(Number.isFinite))
    assert.deepEqual(order(found).at(-1)?.[0], order(scores).at(-1)?.[0])
  }
  assert.deepEqual([...softmax(Float64Array.from([2, 2]), 3)], [0.5, 0.5])
  assert.equal(softmax(new Float64Array(), 1).length, 0)
})

test('the logistic is a half in the middle, grows, and stays within zero and one', () => {
  assert.equal(logistic(0), 0.5)
  const values = [-1_000, -10, -1, 0, 1, 10, 1_000].map(logistic)
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  )
  assert.ok(values[0] === 0 && values.at(-1) === 1)
})

test('sure scores are sharpened, and scores that are often wrong are not', () => {
  const right = Array.from({ length: 30 }, () => held(0, 1, 1, 0))
  const wrong = Array.from({ length: 15 }, () => held(1, 1, 1, 0))
  assert.equal(calibrate(right).sharpness, 14)
  assert.equal(calibrate([...right.slice(0, 15), ...wrong]).sharpness, 1)
})

test('being in scope grows with the signal, between what was in and what was out', () => {
  const texts = [0.9, 1, 1.1, 1.2]
    .map((signal) => held(0, signal, 1))
    .concat([-1, -0.9, -1.1, -1.2].map((signal) => held(-1, signal, 1)))
  const shares = [-2, -1, -0.5, 0, 0.5, 1, 2].map((signal) => scope(signal, texts))
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  )
  assert.ok((shares[1] ?? 1) < 0.1 && (shares[5] ?? 0) > 0.9)
  assert.ok(Math.abs(scope(0, texts) - 0.5) < 0.05)
})

test('both sides weigh the same, however many there are of each', () => {
  const inside = [held(0, 1, 1)]
  const outside = Array.from({ length: 50 }, () => held(-1, -1, 1))
  assert.ok(Math.abs(scope(0, [...inside, ...outside]) - 0.5) < 0.05)
})

test('without anything out of scope the strangest twentieth of the known texts is doubtful', () => {
  const texts = Array.from({ length: 100 }, (_, at) => held(0, at / 100, 1))
  assert.deepEqual(calibrate(texts).scope_middle, 0.05)
  assert.equal(scope(0.05, texts), 0.5)
})

test('with nothing held out the calibration is still one that can be used', () => {
  const { sharpness, scope_slope, scope_middle } = calibrate([])
  assert.ok(sharpness > 0 && scope_slope > 0 && Number.isFinite(scope_middle))
})
