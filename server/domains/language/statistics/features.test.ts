import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { buildVocabulary, features, tokens, vectorise } from './features.ts'
import type { Vector } from './features.ts'

const count = (text: string) => features(tokens(text))
const length = ({ values }: Vector) => Math.hypot(...values)

test('words are compared without case, accents, apostrophes and punctuation', () => {
  assert.deepEqual(tokens("Don't WAKE the Café—naïve, “O’Neil”!"), [
    'dont',
    'wake',
    'the',
    'cafe',
    'naive',
    'oneil',
  ])
  assert.deepEqual(tokens('ＷＡＫＥ ﬁne'), ['wake', 'fine'])
  assert.deepEqual(tokens('?! ... \u200d'), [])
})

test('only the length of a number counts, up to four digits', () => {
  assert.deepEqual(tokens('7 42 365 2026 1234567 7:30 3rd'), [
    '0',
    '00',
    '000',
    '0000',
    '0000',
    '0',
    '00',
    '0',
    'rd',
  ])
})

test('a text is read up to a hundred words, and a word up to forty letters', () => {
  assert.equal(tokens('a '.repeat(500)).length, 100)
  assert.equal(tokens('x'.repeat(5_000))[0]?.length, 40)
})

test('the order of neighbours matters, and so do the edges of the text', () => {
  const [a, b] = [count('add milk'), count('milk add')]
  const shared = [...a.keys()].filter((id) => b.has(id)).length
  assert.ok(shared > 0 && shared < a.size, `${shared} of ${a.size}`)
  assert.notDeepEqual([...count('add').keys()], [...count('add add').keys()])
  assert.equal(count('').size, 1)
})

function pairs(text: string): number {
  return [...count(text).keys()].filter((id) => id >>> 30 === 1).length
}

test('pairs further apart than eight words are not noted', () => {
  const words = 'a b c d e f g h i j'.split(' ')
  assert.equal(pairs(words.slice(0, 2).join(' ')), 1)
  // Of ten words 45 pairs, less the one pair that is nine apart.
  assert.equal(pairs(words.join(' ')), 44)
  assert.equal(pairs('a a a a'), 0)
})

test('hashes of a vocabulary ascend without repeating, and a pair seen once is left out', () => {
  const texts = ['add milk now', 'add milk later', 'wake me'].map(count)
  const { hashes, idf } = buildVocabulary(texts, () => false)
  assert.deepEqual(
    [...new Set(hashes)],
    [...hashes].toSorted((a, b) => a - b),
  )
  assert.equal(idf.length, hashes.length)
  // Only "add ... milk" was seen in two texts.
  assert.equal([...hashes].filter((hash) => hash >>> 30 === 1).length, 1)
})

test('what one text alone has that is out of scope is unknown, and what two have is known', () => {
  const texts = ['add milk', 'zebra crossing', 'zebra fish'].map(count)
  const { hashes } = buildVocabulary(texts, (place) => place > 0)
  const [milk, zebra, fish] = ['milk', 'zebra', 'fish'].map((word) => [...count(word).keys()][0] ?? 0)
  assert.deepEqual(
    [milk, zebra, fish].map((hash) => hashes.includes(hash ?? 0)),
    [true, true, false],
  )
})

test('what is rarer weighs more, and what was never seen weighs most', () => {
  const { hashes, idf, unseen_idf } = buildVocabulary(
    ['add milk', 'add tea', 'add oats'].map(count),
    () => false,
  )
  const [often] = count('add').keys()
  const weight = idf[hashes.indexOf(often ?? 0)] ?? 0
  assert.ok(weight < Math.max(...idf) && Math.max(...idf) < unseen_idf)
})

test('a vector has length one, and says how much of the text is known', () => {
  const vocabulary = buildVocabulary(['add milk to my list', 'wake me at six'].map(count), () => false)
  const known = vectorise(vocabulary, count('wake me at six'))
  assert.ok(Math.abs(length(known) - 1) < 1e-6 && Math.abs(known.known - 1) < 1e-6)
  const half = vectorise(vocabulary, count('wake the zzyzx'))
  assert.ok(Math.abs(length(half) - 1) < 1e-6 && half.known > 0 && half.known < 1)
  const none = vectorise(vocabulary, count('qqq'))
  assert.deepEqual([none.ids.length, none.known], [0, 0])
})

test('any text becomes a vector of length one or of nothing, the same each time', () => {
  const vocabulary = buildVocabulary(
    ['add milk to my list', 'wake me at six please', 'is it 7'].map(count),
    () => false,
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const vector = vectorise(vocabulary, count(text))
      const size = length(vector)
      assert.ok(Number.isFinite(size) && (vector.ids.length === 0 ? size === 0 : Math.abs(size - 1) < 1e-5))
      assert.ok(vector.known >= 0 && vector.known <= 1 + 1e-6)
      assert.deepEqual(vectorise(vocabulary, count(text)), vector)
    }),
    { numRuns: 300, seed: 4 },
  )
})
