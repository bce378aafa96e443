import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchWords, textOf } from './words.ts'

test('only telling words are searched for, each once and in small letters', () => {
  const words: readonly (readonly [string, string[]])[] = [
    ['What did I say about the Boiler?', ['boiler']],
    ['red, red & RED bicycle', ['red', 'bicycle']],
    ['Ｎｏｔｅ 42', ['42']],
    ['日本語 テキスト', ['日本語', 'テキスト']],
    ['l’été', ['l', 'ete']],
    ['Straße & ŁÓDŹ', ['straße', 'łodz']],
    ['bring a 🦊 and 👩‍🚀', ['bring', '🦊', '👩', '🚀']],
    ['שלום עולם', ['שלום', 'עולם']],
    ['', []],
    [' -*"!', []],
  ]
  for (const [query, expected] of words) assert.deepEqual(searchWords(query), expected, query)
})

test('a question of small words alone is searched for with these', () => {
  assert.deepEqual(searchWords('who are you'), ['who', 'are', 'you'])
})

test('a search uses at most twelve words of at most 64 characters', () => {
  const many = Array.from({ length: 20 }, (_, index) => `word${index}`)
  assert.deepEqual(searchWords(many.join(' ')), many.slice(0, 12))
  assert.deepEqual(searchWords(`${'x'.repeat(65)} ${'y'.repeat(64)}`), ['y'.repeat(64)])
})

test('the text of a content is its strings and numbers in their order, without the keys', () => {
  assert.equal(textOf({ b: 'one', a: [2, { c: 'three' }], d: null, e: true }), 'one 2 three')
  assert.equal(textOf('text'), 'text')
  for (const nothing of [null, true, {}, [], undefined]) assert.equal(textOf(nothing), '')
  assert.equal(textOf('x'.repeat(100_001)).length, 100_000)
})
