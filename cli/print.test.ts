import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ago, oneLine, table, toJson, visible } from './print.ts'

test('what a terminal would obey is shown instead, and lines stay lines', () => {
  assert.equal(
    visible('a\r\nb\tc\u001B]0;x\u0007\u009B\u007F\r'),
    'a\nb    c\\u001b]0;x\\u0007\\u009b\\u007f\\u000d',
  )
  assert.equal(visible('ä 水 👍🏽 \u2066x\u2029'), 'ä 水 👍🏽 \\u2066x\\u2029')
  assert.equal(oneLine(' a\n\n b\u0000 '), 'a b\\u0000')
})

test('JSON for a terminal is the same JSON', () => {
  const data = { 'k\u009B': '\u001B[1m\u007F\u202E\n"\\' }
  assert.doesNotMatch(toJson(data), /[\p{Cc}\u202E]/u)
  assert.deepEqual(JSON.parse(toJson(data)), data)
})

test('columns stand below each other, and no line ends in spaces', () => {
  assert.equal(
    table([
      ['a', 'bb', ''],
      ['ccc', 'd', 'e'],
    ]),
    'a    bb\nccc  d   e',
  )
  assert.equal(table([]), '')
})

test('times are told in their largest unit', () => {
  const now = Date.UTC(2026, 0, 10)
  const before = (seconds: number) => ago(new Date(now - seconds * 1000).toISOString(), now)
  assert.deepEqual([-5, 0, 59, 60, 3_599, 3_600, 86_399, 86_400, 200_000].map(before), [
    'just now',
    'just now',
    'just now',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '23 h ago',
    '1 day ago',
    '2 days ago',
  ])
})
