import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Vector } from './features.ts'
import { followNetwork, networkScores, rearranged, trainNetwork } from './network.ts'
import { randomFrom } from './random.ts'

function vector(...ids: number[]): Vector {
  return {
    ids: Int32Array.from(ids),
    values: new Float32Array(ids.length).fill(ids.length ** -0.5),
    known: 1,
  }
}
/** Feature 0 or 1 alone is one label, both or neither the other: no sum over the features can say that. */
const EITHER = [vector(0, 2), vector(1, 2), vector(0, 1, 2), vector(2)]
const TARGETS = [0, 0, 1, 1]
const lesson = {
  vectors: Array.from({ length: 400 }, (_, at) => EITHER[at % 4] ?? vector()),
  targets: Int32Array.from({ length: 400 }, (_, at) => TARGETS[at % 4] ?? 0),
}
const network = trainNetwork(lesson, 3, 2, randomFrom(1))
const best = (one: typeof network, asked: Vector) => {
  const scores = [...networkScores(one, asked)]
  return scores.indexOf(Math.max(...scores))
}

test('it learns what no sum over the features can say', () => {
  assert.deepEqual(
    EITHER.map((asked) => best(network, asked)),
    TARGETS,
  )
})

test('the same chance gives the same network, and every number of it is finite', () => {
  assert.deepEqual(trainNetwork(lesson, 3, 2, randomFrom(1)), network)
  assert.notDeepEqual(trainNetwork(lesson, 3, 2, randomFrom(2)), network)
  for (const part of Object.values(network)) assert.ok([...part].every(Number.isFinite))
})

test('features and labels may change places, come and go, and the scores of those that stay do not change', () => {
  const moved = rearranged(network, Int32Array.of(-1, 2, 0, 1), Int32Array.of(1, -1, 0))
  const [a = 0, b = 0] = networkScores(network, vector(0, 1))
  assert.deepEqual([...networkScores(moved, { ...vector(2, 3), values: vector(0, 1).values })], [b, 0, a])
})

test('labels that follow learn on the hidden layer as it is, and the others keep their rows', () => {
  const asked = [vector(0), vector(1), vector(2)]
  const vectors = Array.from({ length: 300 }, (_, at) => asked[at % 3] ?? vector())
  const learnt = (targets: readonly number[]) => ({
    vectors,
    targets: Int32Array.from({ length: 300 }, (_, at) => targets[at % 3] ?? 0),
  })
  const before = trainNetwork(learnt([0, 1, 1]), 3, 2, randomFrom(1))
  const wider = rearranged(before, Int32Array.of(0, 1, 2), Int32Array.of(0, 1, -1))
  const after = followNetwork(wider, learnt([0, 1, 2]), Uint8Array.of(0, 0, 1), randomFrom(1))
  assert.deepEqual(after.inner, before.inner)
  assert.deepEqual(after.outer.subarray(0, 128), before.outer)
  assert.deepEqual(
    asked.map((one) => best(after, one)),
    [0, 1, 2],
  )
})

test('nothing to learn from is no error', () => {
  const empty = trainNetwork({ vectors: [], targets: new Int32Array() }, 0, 0, randomFrom(1))
  assert.equal(networkScores(empty, vector()).length, 0)
})
