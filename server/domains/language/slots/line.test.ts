import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { lineOf, matchAt, phrase, sourceSpan, without } from './line.ts'

test('a line is lower case, its numbers digits, without commas and with one space between words', () => {
  assert.equal(lineOf('  Call, MUM  at half past\tSeven ').text, 'call mum at half past 7')
  assert.equal(lineOf('twenty-five, or thirty first').text, '25 or 31th')
  assert.equal(lineOf('a ten second timer', 'unit').text, 'a 10 second timer')
  assert.equal(lineOf('').text, '')
})

test('what is quoted, and names and addresses, are one closed word each', () => {
  assert.equal(lineOf('add "meet at 5" tomorrow').text, 'add " tomorrow')
  assert.equal(lineOf('“one two” «three»').text, '" "')
  assert.equal(lineOf('tell @monday_club and a@b.example').text, 'tell " and "')
  assert.equal(lineOf('see https://x.example/monday/5 now').text, 'see " now')
  assert.equal(lineOf('an "open quote at 5').text, 'an " open quote at 5')
})

test('each word knows its place in the source, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (source) => {
      const line = lineOf(source)
      assert.equal(line.words.length, line.starts.length)
      for (const [at, { key, start, end }] of line.words.entries()) {
        assert.equal(line.text.slice(line.starts[at], (line.starts[at] ?? 0) + key.length), key)
        assert.ok(start < end && end <= source.length)
      }
    }),
    { numRuns: 500, seed: 8 },
  )
})

test('only so much of a text is read', () => {
  assert.ok(lineOf('word '.repeat(10_000)).text.length <= 4_000)
})

test('a phrase matches at its place alone, and only up to where a word ends', () => {
  const at = phrase('at|at noon')
  assert.deepEqual(matchAt(at, 'at noon', 0), { groups: ['at'], next: 3 })
  assert.equal(matchAt(at, 'attic', 0), undefined)
  assert.equal(matchAt(at, 'look at', 0), undefined)
  assert.deepEqual(matchAt(at, 'look at', 5)?.next, 8)
  assert.equal(matchAt(phrase('x?'), 'y', 0), undefined)
  assert.deepEqual(matchAt(phrase('(a)?(b)'), 'b', 0)?.groups, ['b', '', 'b'])
})

test('words of a line lead back to the part of the source that they came from', () => {
  const line = lineOf('Call Mum, at Half Past Seven, about dad')
  const { start, end } = sourceSpan(line, line.text.indexOf('at'), line.text.indexOf('about'))
  assert.equal(line.source.slice(start, end), 'at Half Past Seven')
  const last = sourceSpan(line, line.text.indexOf('dad'), line.text.length + 1)
  assert.equal(line.source.slice(last.start, last.end), 'dad')
})

function cut(source: string, ...parts: string[]): string {
  return without(
    source,
    parts.map((part) => ({ start: source.indexOf(part), end: source.indexOf(part) + part.length })),
  )
}

test('a text without some of its parts has neither seams nor dangling punctuation', () => {
  assert.equal(cut('call mum at six', 'at six'), 'call mum')
  assert.equal(cut('at six, call mum', 'at six'), 'call mum')
  assert.equal(cut('call mum, at six, about dad', 'at six'), 'call mum about dad')
  assert.equal(cut('remind me at six: call mum', 'at six'), 'remind me: call mum')
  assert.equal(cut('today call mum at six', 'today', 'at six'), 'call mum')
  assert.equal(cut('at six', 'at six'), '')
  assert.equal(cut('call mum'), 'call mum')
})
