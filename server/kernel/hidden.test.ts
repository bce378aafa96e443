import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as assertThat, constantFrom, nat, property } from 'fast-check'
import { redactorsOf } from './redact.ts'

const VALUE = 'sk-Zq7+/v8! Rt"Y2\\mX4ü&<p%41L9_wK3'
const MARK = '[secret:c1]'
const redact = redactorsOf([{ credential_id: 'c1', value: VALUE }])
const clean = (text: string | Buffer, size = Infinity): string => {
  const redactor = redact()
  const bytes = Buffer.from(text)
  const out: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += size)
    out.push(redactor.chunk(bytes.subarray(from, from + size)))
  return Buffer.concat([...out, redactor.end()]).toString()
}

const hex = (one: string, width: number) => one.charCodeAt(0).toString(16).padStart(width, '0')
const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt',
  '"': '&quot;',
  '+': '&plus;',
  '/': '&sol;',
}
/** Ways to write one character, each a code that some reader takes for it. */
const WAYS: readonly ((one: string) => string)[] = [
  (one) => one,
  (one) => `\\u${hex(one, 4)}`,
  (one) => `\\u${hex(one, 4).toUpperCase()}`,
  (one) => `\\x${hex(one, 2)}`,
  (one) => JSON.stringify(one).slice(1, -1),
  (one) => `&#${one.charCodeAt(0)};`,
  (one) => `&#x00${hex(one, 2)};`,
  (one) => HTML[one] ?? one,
  (one) => encodeURIComponent(one),
  (one) => `%${Buffer.from(one).toString('hex').match(/../g)?.join('%')}`,
  (one) => encodeURIComponent(encodeURIComponent(one)),
  (one) => `&#x5c;u${hex(one, 4)}`,
  (one) => `\\u0026#${one.charCodeAt(0)};`,
  (one) => JSON.stringify(`\\u${hex(one, 4)}`).slice(1, -1),
]
const mixed = (ways: readonly number[]) =>
  Array.from(VALUE, (one, at) => WAYS[ways[at % ways.length] ?? 0]?.(one) ?? one).join('')

test('a secret of which each character is written in any way is taken out, and what surrounds it stays', () => {
  const ways = array(nat(WAYS.length - 1), { minLength: 1, maxLength: VALUE.length })
  assertThat(
    property(ways, constantFrom(Infinity, 1, 7, 64), (chosen, size) => {
      const text = mixed(chosen)
      assert.equal(clean(`{"a":"${text}", "b": 1}`, size), `{"a":"${MARK}", "b": 1}`, text)
    }),
    { numRuns: 300, seed: 7 },
  )
})

test('base64, hexadecimal and the secret backwards are found with codes in them, too', () => {
  const base64 = Buffer.from(VALUE).toString('base64')
  for (const text of [
    base64.replaceAll('+', '\\u002b').replaceAll('/', '\\/').replace('c', '&#99;'),
    base64.replaceAll('+', '&#x2B;').replace('2', '%32'),
    Buffer.from(VALUE).toString('hex').replace('5', '\\u0035'),
    Array.from(VALUE).toReversed().join('').replace('K', '\\u004b'),
  ])
    assert.match(clean(`<${text}>`), /^<\[secret:c1\]\w?=*>$/, text)
})

test('tags, wide characters and a change of alphabets between its characters do not hide it', () => {
  const plain = VALUE.replace('<', 'x')
  const other = redactorsOf([{ credential_id: 'c1', value: plain }])
  const left = (bytes: Buffer) => {
    const redactor = other()
    return Buffer.concat([redactor.chunk(bytes), redactor.end()])
  }
  for (const inner of ['<b>', '</i>', '<!-- x -->', '<![CDATA[', '\u001B(B'])
    assert.equal(
      left(Buffer.from(`a${plain.slice(0, 9)}${inner}${plain.slice(9)}b`)).toString(),
      `a${MARK}b`,
      inner,
    )
  const ascii = plain.replace('ü', '\\u00fc').replace('k', '\\u006b')
  for (const swap of [false, true]) {
    const wide = Buffer.from(`{"a":"${ascii}"}`, 'utf16le')
    const out = left(swap ? wide.swap16() : wide)
    const text = (swap ? Buffer.from(out).swap16() : out).toString('utf16le')
    assert.match(text, /^\{"a":"\*+"\}$/)
  }
})

test('what only looks like a secret in codes comes out as it went in', () => {
  const begun = Array.from(VALUE.slice(0, -1), (one) => `\\u${hex(one, 4)}`).join('')
  for (const text of [
    begun,
    `${VALUE.slice(0, 9)}\\u005a${VALUE.slice(9)}`,
    `${VALUE.slice(0, 9)}%`,
    '&#99999999999999;&#x;&;&amp&#;%%%4%zz\\u12\\ud83d\\',
    '\\\\\\"%25%2525&amp;amp;<<b<',
    'é\\u00e9&eacute;%c3%a9',
  ])
    for (const size of [Infinity, 1]) assert.equal(clean(text, size), text)
})

test('a text that was made to take long is not searched for ever, and nothing of it is let through', () => {
  for (const part of ['%25', '&#x26;', '\\\\'])
    assert.ok(clean(`${part.repeat(50_000)}${VALUE.replace('Z', '\\u005a')}`).length < 1_000, part)
})
