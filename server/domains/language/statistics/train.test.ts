import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classify } from './classify.ts'
import { toBytes } from './bytes.ts'
import { OUT_OF_SCOPE_LABEL, linearScores } from './model.ts'
import { train } from './train.ts'
import type { Example } from './train.ts'

const SAID: Readonly<Record<string, string>> = {
  alarm: 'wake me at six|set an alarm for seven|alarm tomorrow at eight|get me up at nine|ring at ten',
  music: 'play some jazz|put on a song|play my favourite album|music please|start the playlist',
  light: 'lamp on|switch the light off|make it brighter here|dim the lamp|lights out please',
  [OUT_OF_SCOPE_LABEL]: 'who won the war|what is love|how tall is the tower|is it far|why not',
}
const EXAMPLES: readonly Example[] = Object.entries(SAID).flatMap(([label, texts]) =>
  texts.split('|').map((text) => ({ text, label })),
)
const first = (examples: readonly Example[], text: string, seed = 1) =>
  classify(train(examples, { seed }), text).ranked[0]?.label

test('the same seed gives the same bytes, and another seed another model of the same opinion', () => {
  const bytes = toBytes(train(EXAMPLES, { seed: 3 }))
  assert.deepEqual(toBytes(train(EXAMPLES, { seed: 3 })), bytes)
  assert.notDeepEqual(toBytes(train(EXAMPLES, { seed: 4 })), bytes)
  for (const seed of [1, 2, 3, 4, 5, 0, -1]) assert.equal(first(EXAMPLES, 'play a song', seed), 'music')
  assert.deepEqual(toBytes(train(EXAMPLES)), toBytes(train(EXAMPLES, { seed: 1 })))
})

test('every label is there once, in order, and what means none of them is the last', () => {
  const { labels, weights, scales, biases, hashes } = train(EXAMPLES)
  assert.deepEqual(labels, ['alarm', 'light', 'music', 'none'])
  assert.deepEqual([scales.length, biases.length], [4, 4])
  assert.equal(weights.length, hashes.length * 4)
})

test('what it was taught it knows, whatever the order in which it was taught', () => {
  for (const examples of [EXAMPLES, EXAMPLES.toReversed()]) {
    const model = train(examples)
    for (const { text, label } of EXAMPLES) {
      if (label === OUT_OF_SCOPE_LABEL) continue
      assert.equal(classify(model, text).ranked[0]?.label, label, text)
    }
  }
})

test('taught anew with one label more it knows that one, and the others as before', () => {
  const added = ['book a flight to rome', 'fly me to oslo', 'a plane ticket please', 'flight on friday']
  const examples = [...EXAMPLES, ...added.map((text) => ({ text, label: 'flight' }))]
  assert.notEqual(first(EXAMPLES, 'a flight to oslo'), 'flight')
  assert.equal(first(examples, 'a flight to oslo'), 'flight')
  assert.equal(first(examples, 'play a song'), 'music')
})

test('a correction that is taught changes the opinion', () => {
  const before = first(EXAMPLES, 'ring the lamp')
  const other = before === 'alarm' ? 'light' : 'alarm'
  const corrected = Array.from({ length: 4 }, () => ({ text: 'ring the lamp', label: other }))
  assert.equal(first([...EXAMPLES, ...corrected], 'ring the lamp'), other)
})

test('probabilities add up to one, best first, and never name what is out of scope', () => {
  const model = train(EXAMPLES)
  for (const text of ['play', 'wake the lamp', '', '???', 'why', 'x'.repeat(10_000)]) {
    const { ranked, in_scope } = classify(model, text)
    const shares = ranked.map(({ probability }) => probability)
    assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-9)
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => b - a),
    )
    assert.deepEqual(ranked.map(({ label }) => label).toSorted(), ['alarm', 'light', 'music'])
    assert.ok(in_scope >= 0 && in_scope <= 1)
  }
})

test('what is out of scope looks less like something than what is in it', () => {
  const model = train(EXAMPLES)
  const inside = ['wake me at seven', 'play some music', 'switch the lamp off']
  const outside = ['how far is love', 'who is the tower', 'zzyzx qqq']
  const least = Math.min(...inside.map((text) => classify(model, text).in_scope))
  for (const text of outside) assert.ok(classify(model, text).in_scope < least, text)
  assert.equal(classify(model, '!!! ???').in_scope, 0)
})

test('next to nothing to learn from still gives a model that answers', () => {
  const one = { text: 'wake me', label: 'alarm' }
  const lessons = [[one], [one, { text: 'why', label: OUT_OF_SCOPE_LABEL }], [{ text: '', label: 'a' }, one]]
  for (const examples of lessons) {
    const { ranked, in_scope } = classify(train(examples), 'wake me')
    const total = ranked.reduce((sum, { probability }) => sum + probability, 0)
    assert.ok(Math.abs(total - 1) < 1e-9 && Number.isFinite(in_scope))
  }
  assert.deepEqual(classify(train([]), 'wake me'), { ranked: [], in_scope: 0 })
})

test('a text without known words has no scores, and each known word moves them', () => {
  const model = train(EXAMPLES)
  const nothing = { ids: new Int32Array(), values: new Float32Array(), known: 0 }
  assert.deepEqual([...linearScores(model, nothing)], [0, 0, 0, 0])
  const some = { ids: Int32Array.of(0, 1), values: Float32Array.of(1, 0.5), known: 1 }
  const [a, b] = [0, 1].map((id) =>
    linearScores(model, { ids: Int32Array.of(id), values: Float32Array.of(id === 0 ? 1 : 0.5), known: 1 }),
  )
  for (const [label, score] of linearScores(model, some).entries())
    assert.ok(Math.abs(score - (a?.[label] ?? 0) - (b?.[label] ?? 0)) < 1e-9)
})
