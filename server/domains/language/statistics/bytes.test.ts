import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBytes, toBytes } from './bytes.ts'
import { classify } from './classify.ts'
import { train } from './train.ts'

const EXAMPLES = ['wake me at six', 'an alarm for ten', 'play jazz', 'ein Lied für mich', 'что это'].map(
  (text, at) => ({ text, label: ['alarm', 'alarm', 'music', 'музыка', 'none'][at] ?? '' }),
)
const model = train(EXAMPLES)
const bytes = toBytes(model)

test('bytes give back the whole model, also as a part of other bytes that begins anywhere', () => {
  assert.deepEqual(fromBytes(bytes), model)
  for (const offset of [1, 2, 3, 32]) {
    const larger = Buffer.concat([Buffer.alloc(offset, 65), bytes])
    assert.deepEqual(fromBytes(larger.subarray(offset)), model)
  }
  assert.deepEqual(classify(fromBytes(bytes), 'play jazz'), classify(model, 'play jazz'))
})

test('a model of nothing has bytes too', () => {
  assert.deepEqual(fromBytes(toBytes(train([]))), train([]))
})

test('weights of every value and zeros of every length come back', () => {
  const zeros = [0, 1, 126, 127, 128, 254, 255, 600]
  const values = zeros.flatMap((count, at) => [
    ...Array.from({ length: count }, () => 0),
    at % 2 === 0 ? 127 : -127,
  ])
  const weights = Int8Array.from([...values, -1, 1, 0])
  const hashes = Uint32Array.from(weights.keys())
  const idf = Float32Array.from(weights)
  const one = { ...train([{ text: 'a', label: 'b' }]), weights, hashes, idf }
  const whole = { ...one, network: { ...one.network, inner: new Int8Array(hashes.length * 64).fill(-3) } }
  assert.deepEqual(fromBytes(toBytes(whole)), whole)
})

test('bytes of anything else are refused, and so are too few, too many and older ones', () => {
  for (let length = 0; length < bytes.length; length += 97) {
    assert.throws(() => fromBytes(bytes.subarray(0, length)), /no model/)
  }
  assert.throws(() => fromBytes(Buffer.concat([bytes, Buffer.from([0])])), /another length/)
  assert.throws(() => fromBytes(Buffer.from('{"magic":"paios language model 1"}\n')), /of this version/)
  assert.throws(() => fromBytes(Buffer.from('no model')), /no model/)
  assert.throws(() => fromBytes(toBytes({ ...model, labels: ['one'] })), /no model/)
})
