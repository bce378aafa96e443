import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breakIn } from './json-place.ts'

test('a text that is not JSON is told where it stops being it', () => {
  const cases: [text: string, place: string][] = [
    ['', '1:1'],
    [' ', '1:2'],
    ['hello', '1:1'],
    ['{"a": ', '1:7'],
    ['{"a" 1}', '1:6'],
    ['{\n  "a": 1,\n}', '3:1'],
    ['{"a": 1\r\n "b": 2}', '2:2'],
    ['[1,, 2]', '1:4'],
    ['[1 2]', '1:4'],
    ['[1}', '1:3'],
    ['[TRUE]', '1:2'],
    ['\u{feff}{}', '1:1'],
    ['{"ä😀": nul}', '1:8'],
    ["{'a': 1}", '1:2'],
    ['{a: 1}', '1:2'],
    ['{} {}', '1:4'],
    ['"a\nb"', '1:1'],
    ['[01]', '1:2'],
    ['[1.]', '1:2'],
    [String.raw`["\x"]`, '1:2'],
    ['// no\n{}', '1:1'],
    ['{"a": 1, "a": [1, [2, {"b": }]]}', '1:29'],
  ]
  for (const [text, expected] of cases) {
    const { line, column } = breakIn(text) ?? {}
    assert.equal(`${line}:${column}`, expected, JSON.stringify(text))
    assert.throws(() => JSON.parse(text) as unknown, SyntaxError)
  }
})

test('what is JSON breaks nowhere, also nested deeper than any definition', () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000)
  const texts = [
    '0',
    ' -1.5e+3 ',
    '"\\u00e4\\n\u007f\u2028"',
    '{}',
    '[]',
    '{"a":{"b":[null,true,false,{}]},"":0}',
    deep,
  ]
  for (const text of texts) {
    assert.equal(breakIn(text), undefined, text.slice(0, 20))
    JSON.parse(text)
  }
})
