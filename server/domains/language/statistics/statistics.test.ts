import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classify } from './classify.ts'
import { fromBytes, toBytes } from './bytes.ts'
import { train } from './train.ts'

const EXAMPLES = [
  'wake me at six',
  'set an alarm for seven',
  'alarm tomorrow at eight',
  'get me up at nine',
  'an alarm for five please',
  'ring at ten',
  'play some jazz',
  'put on a song',
  'play my favourite album',
  'music please',
  'play something quiet',
  'start the playlist',
].map((text, at) => ({ text, label: at < 6 ? 'alarm' : 'music' }))
const NONE = [
  'who won the war',
  'what is love',
  'how tall is the tower',
  'tell me a joke',
  'is it far',
  'why not',
].map((text) => ({ text, label: 'none' }))

test('what was not said in these words is told apart', () => {
  const model = train([...EXAMPLES, ...NONE])
  assert.equal(classify(model, 'please play a quiet song').ranked[0]?.label, 'music')
  assert.equal(classify(model, 'set the alarm at six').ranked[0]?.label, 'alarm')
})

test('out of scope is never a meaning, and looks less like one', () => {
  const model = train([...EXAMPLES, ...NONE])
  const { ranked, in_scope } = classify(model, 'how tall is love')
  assert.deepEqual(ranked.map(({ label }) => label).toSorted(), ['alarm', 'music'])
  assert.ok(in_scope < classify(model, 'set an alarm for six').in_scope)
})

test('probabilities add up to one, and nothing known is out of scope', () => {
  const model = train(EXAMPLES)
  const { ranked } = classify(model, 'play an alarm')
  assert.ok(Math.abs(ranked.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9)
  assert.equal(classify(model, '???').in_scope, 0)
})

test('the same seed gives the same model, and bytes give it back', () => {
  const model = train(EXAMPLES, { seed: 7 })
  assert.deepEqual(toBytes(train(EXAMPLES, { seed: 7 })), toBytes(model))
  assert.deepEqual(classify(fromBytes(toBytes(model)), 'play jazz'), classify(model, 'play jazz'))
  assert.throws(() => fromBytes(new Uint8Array([1, 2, 3])))
})
