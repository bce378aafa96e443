import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSayable, toReadable } from './readable.ts'

const SAID: readonly [string, string][] = [
  ['At 7:30 pm.', 'At 7:30 pm.'],
  ['10:15:30', '10:15 and 30 seconds'],
  ['on 2026-11-26T09:05:00Z', 'on November 26 2026 at 09:05'],
  ['2026-13-01', '2026-13-01'],
  ['€1,234.50, 10 € and £5', '1,234.50 euros, 10 euros and 5 pounds'],
  ['$3.50', '$3.50'],
  ['50% of 12 kg at 20°C', '50 percent of 12 kilograms at 20 degrees Celsius'],
  ['bob.x@example.org', 'bob dot x at example dot org'],
  ['See https://example.org/a-b.', 'See example dot org slash a dash b.'],
  [`www.example.org/${'x'.repeat(60)}`, 'example dot org'],
  ['C++ & R', 'C plus plus and R'],
  ['#5, a = b, 2 × 3', 'number 5, a equals b, 2 times 3'],
  ['Dr. Ann and Mr. Bob, e.g. today', 'doctor Ann and mister Bob, for example today'],
  ['v2.3.1', 'v2.3.1'],
  ['2.3.1', '2 point 3 point 1'],
  ['-5 degrees - or - 3', '-5 degrees or 3'],
  ['Café naïve Straße Łódź', 'Cafe naive Strasse Lodz'],
  ['“It’s” — well…', "It's, well..."],
  ['* **one**\n- two\n3. three', 'one\ntwo\nthree'],
  ['<speak>hi <break time="9s"/></speak> 1 < 2', 'hi 1 less than 2'],
  ['日本 😀 ok', 'ok'],
  ['a\0b\u0007c\u001b[31m', 'a b c 31m'],
  ['\ud800x', 'x'],
  ['😀 !!! ...', '!!! ...'],
  ['', ''],
]

test('numbers, addresses, units and signs become words, and nothing but plain letters is left', () => {
  for (const [text, readable] of SAID) assert.equal(toReadable(text), readable, text)
})

test('every text comes out as short printable ASCII words', () => {
  for (let code = 0; code < 0x3000; code += 1) {
    const readable = toReadable(`a${String.fromCharCode(code)}b${'x'.repeat(99)}`)
    assert.match(readable, /^(?:[\x20-\x7e\n])*$/u, code.toString(16))
    assert.ok(readable.split(/\s/u).every((word) => word.length <= 30))
  }
})

test('only letters and digits can be said', () => {
  assert.deepEqual(['', ' ', '?!', '-', 'a', '7', 'ß'].map(isSayable), [
    false,
    false,
    false,
    false,
    true,
    true,
    true,
  ])
})

test('hostile text of full length is made readable within seconds', () => {
  const started = process.threadCpuUsage()
  for (const part of [
    'a',
    '1',
    '<',
    '<a',
    'a@',
    '.',
    'a.',
    '1.',
    ' -',
    '\n- ',
    '€1',
    'http://',
    '1:1',
    "'",
    '\u0301',
  ])
    toReadable(part.repeat(20_000 / part.length))
  const { user } = process.threadCpuUsage(started)
  assert.ok(user < 3_000_000, `${user} µs`)
})
