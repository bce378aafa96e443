import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { normalise } from '../normalise.ts'
import { captured } from './captured.ts'

/** The text of some words of a sentence, from the first to before the last. */
function text(sentence: string, first: number, end: number): string {
  return captured(normalise(sentence, []), first, end).text
}

test('quotes around the whole go, and quotes within stay', () => {
  for (const [quoted, plain] of [
    ['say "all of this"', 'all of this'],
    ['say “all of this”', 'all of this'],
    ['say «all of this»', 'all of this'],
    ["say 'all of this'", 'all of this'],
    ['say `all of this`', 'all of this'],
    ['say "all" of "this"', '"all" of "this"'],
    ['say all "of this"', 'all "of this"'],
  ] as const) {
    assert.equal(text(quoted, 1, 4), plain)
  }
})

test('brackets that belong to it stay, and one whose partner lies outside does not', () => {
  assert.equal(text('work out (3 + 4) * 2', 2, 6), '(3 + 4) * 2')
  assert.equal(text('(say it) now', 1, 2), 'it')
  assert.equal(text('note (see below) it', 1, 3), '(see below)')
  assert.equal(text('say [this', 1, 2), 'this')
  assert.equal(text('say this)', 1, 2), 'this')
})

test('the words are those of the user, at their place', () => {
  const utterance = normalise('Add  Milk  &  Honey to Food', [])
  const found = captured(utterance, 1, 3)
  assert.equal(utterance.text.slice(found.start, found.end), found.text)
  assert.match(found.text, /^Milk/)
})

test('whatever is captured is a part of the sentence, between the words around it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      fc.nat(),
      fc.nat(),
      (said, a, b) => {
        const utterance = normalise(said, [])
        const { length } = utterance.tokens
        fc.pre(length > 0)
        const first = a % length
        const end = first + 1 + (b % (length - first))
        const found = captured(utterance, first, end)
        assert.equal(utterance.text.slice(found.start, found.end), found.text)
        assert.ok(found.start >= (utterance.tokens[first - 1]?.end ?? 0))
        assert.ok(found.end <= (utterance.tokens[end]?.start ?? utterance.text.length))
        assert.notEqual(found.text, '')
      },
    ),
    { numRuns: 1_000, seed: 6 },
  )
})
