import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { beginningOf, jsonBytes } from './fit.ts'

test('a beginning ends before what no longer fits, and never within a character', () => {
  const rows: [text: string, bytes: number, beginning: string][] = [
    ['', 0, ''],
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['abc', -1, ''],
    ['a"b', 3, 'a"'],
    ['a"b', 2, 'a'],
    ['a\u0001', 6, 'a'],
    ['aé', 3, 'aé'],
    ['aé', 2, 'a'],
    ['a漢', 3, 'a'],
    ['a\u{1f600}', 5, 'a\u{1f600}'],
    ['a\u{1f600}', 4, 'a'],
    ['x'.repeat(70_000), 66_000, 'x'.repeat(66_000)],
  ]
  for (const [text, bytes, beginning] of rows) assert.equal(beginningOf(text, bytes), beginning, text)
})

test('whatever the text, its beginning fits and is one', () => {
  const unit = fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'é', '漢', '\u{1f600}', '\ud800', '\u2028')
  const text = fc.array(unit, { maxLength: 3_000, size: 'max' }).map((units) => units.join(''))
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 6_000 }), (whole, bytes) => {
      const beginning = beginningOf(whole, bytes)
      assert.ok(whole.startsWith(beginning) && jsonBytes(beginning) - 2 <= bytes)
      const [next = ''] = whole.slice(beginning.length)
      assert.ok(beginning === whole || jsonBytes(`${beginning}${next}`) - 2 > bytes)
    }),
    { numRuns: 300 },
  )
})
