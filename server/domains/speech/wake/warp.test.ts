import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fit, judge } from './head.ts'
import { align } from './warp.ts'

/** Unit vectors in the plane, by their angles in degrees. */
function turns(...degrees: readonly number[]): Float32Array {
  return Float32Array.from(
    degrees.flatMap((at) => [Math.cos((at * Math.PI) / 180), Math.sin((at * Math.PI) / 180)]),
  )
}

const TEMPLATE = turns(0, 60, 120, 180)

test('a template is found at the end of a window, however slowly it is said', () => {
  const same = align(TEMPLATE, turns(270, 270, 0, 60, 120, 180), 2)
  assert.ok(same.distance < 1e-6)
  assert.equal(same.from, 2)
  const slow = align(TEMPLATE, turns(270, 0, 0, 60, 60, 120, 120, 180, 180), 2)
  assert.ok(slow.distance < 0.1 && slow.distance > same.distance)
  assert.ok(align(TEMPLATE, turns(0, 120, 180), 2).distance < 0.15)
})

test('what ends otherwise, runs backwards or is something else is far', () => {
  for (const window of [turns(0, 60, 120, 180, 270, 300), turns(180, 120, 60, 0), turns(270, 270, 270, 270)])
    assert.ok(align(TEMPLATE, window, 2).distance > 0.2)
  assert.equal(align(TEMPLATE, new Float32Array(), 2).distance, Infinity)
})

test('a head learns which side is which, though one has a hundred times the examples', () => {
  const positives = [
    [0.1, 0],
    [0.2, 1],
    [0.15, 0.5],
  ]
  const negatives = Array.from({ length: 300 }, (_, at) => [0.4 + (at % 10) / 50, (at % 3) / 2])
  const head = fit(positives, negatives)
  for (const row of positives) assert.ok(judge(head, row) > 0.7)
  for (const row of negatives) assert.ok(judge(head, row) < 0.3)
})

test('numbers that never differ say nothing, and break nothing', () => {
  const head = fit([[1, 5]], [[2, 5]])
  assert.ok(Number.isFinite(head.bias) && head.weights[1] === 0)
  assert.ok(judge(head, [1, 5]) > 0.5 && judge(head, [2, 99]) < 0.5)
})
