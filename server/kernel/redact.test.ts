import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as assertThat, nat, property, uint8Array } from 'fast-check'
import { redactorsOf } from './redact.ts'

const VALUE = 'sk-Zq7+/v8! Rt"Y2\\mX4ü&<pL9wK3bN6'
const MARK = '[secret:c1]'
const redact = redactorsOf([{ credential_id: 'c1', value: VALUE }])
const clean = (bytes: Uint8Array, cuts: readonly number[] = []): string => {
  const redactor = redact()
  const out: Uint8Array[] = []
  let from = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    out.push(redactor.chunk(bytes.subarray(from, cut)))
    from = cut
  }
  out.push(redactor.end())
  return Buffer.concat(out).toString()
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const codes = (text: string): string =>
  Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const WRITTEN: readonly [string, string][] = [
  ['as it is', VALUE],
  ['as JSON', JSON.stringify({ echo: VALUE })],
  ['as JSON in JSON', JSON.stringify(JSON.stringify({ echo: VALUE }))],
  ['as JSON in JSON in ASCII', JSON.stringify(JSON.stringify(VALUE).replaceAll('ü', '\u00FC'))],
  ['as base64, reversed', Array.from(base64(VALUE)).toReversed().join('')],
  [
    'in an address with all signs written out',
    encodeURIComponent(VALUE).replaceAll(
      /[!'()*]/g,
      (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  ],
  ['as JSON in ASCII', JSON.stringify(VALUE).replaceAll('ü', '\\u00fc')],
  ['as JSON of codes alone', codes(VALUE)],
  [
    'as JSON of large codes alone',
    codes(VALUE)
      .toUpperCase()
      .replaceAll(String.raw`\U`, String.raw`\u`),
  ],
  ['as HTML of numbers', VALUE.replaceAll(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)],
  [
    'as HTML with a number for quotes',
    VALUE.replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll('<', '&lt;'),
  ],
  ['in an address', `/?key=${encodeURIComponent(VALUE)}&x=1`],
  ['in a form', new URLSearchParams({ key: VALUE }).toString()],
  ['in small hexadecimal', Buffer.from(VALUE).toString('hex')],
  ['in large hexadecimal', Buffer.from(VALUE).toString('hex').toUpperCase()],
  ['as base64', base64(VALUE)],
  ['as base64url', Buffer.from(VALUE).toString('base64url')],
  ['as base64 behind one byte', base64(`a${VALUE}b`)],
  ['as base64 behind two bytes', base64(`ab${VALUE}cd`)],
  ['as a Basic header', `Basic ${base64(`ann:${VALUE}`)}`],
  ['reversed', Array.from(VALUE).toReversed().join('')],
  ['as HTML', VALUE.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
]

for (const [how, text] of WRITTEN)
  test(`a secret is taken out ${how}, wherever the chunks are cut`, () => {
    const bytes = Buffer.from(`before ${text} after`)
    const whole = clean(bytes)
    assert.match(whole, /\[secret:c1\]/)
    for (const piece of [VALUE, VALUE.slice(3, 20), base64(VALUE).slice(6, 24)])
      assert.equal(whole.includes(piece), false)
    assert.match(whole, /^before .*after$/s)
    for (let cut = 0; cut <= bytes.length; cut += 1) assert.equal(clean(bytes, [cut]), whole, `cut at ${cut}`)
    assert.equal(
      clean(
        bytes,
        Array.from({ length: bytes.length }, (_, at) => at),
      ),
      whole,
    )
  })

test('whatever surrounds a secret stays as it is, and what only looks like its beginning does too', () => {
  const text = `${VALUE.slice(0, -1)} ${VALUE}${VALUE.slice(0, 5)}${VALUE} end`
  const wanted = `${VALUE.slice(0, -1)} ${MARK}${VALUE.slice(0, 5)}${MARK} end`
  assert.equal(clean(Buffer.from(text), [10, 40, 41]), wanted)
})

test('text without the secret comes out as it went in, however it is cut', () => {
  assertThat(
    property(uint8Array({ maxLength: 500 }), array(nat(500), { maxLength: 8 }), (bytes, cuts) => {
      const redactor = redact()
      const out: Uint8Array[] = []
      let from = 0
      for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
        out.push(redactor.chunk(bytes.subarray(from, Math.max(from, Math.min(cut, bytes.length)))))
        from = Math.max(from, Math.min(cut, bytes.length))
      }
      out.push(redactor.end())
      assert.deepEqual(Buffer.concat(out), Buffer.from(bytes))
    }),
    { numRuns: 500, seed: 9 },
  )
})

test('of two secrets, one inside the other, the longer one is taken out', () => {
  const both = redactorsOf([
    { credential_id: 'short', value: 'abcdefgh' },
    { credential_id: 'long', value: 'xxabcdefghyy' },
  ])()
  const out = Buffer.concat([both.chunk(Buffer.from('1 xxabcdefghyy 2 abcdefgh 3')), both.end()])
  assert.equal(out.toString(), '1 [secret:long] 2 [secret:short] 3')
})

test('what HTTP takes off the ends of a secret does not let the rest of it through', () => {
  const redactor = redactorsOf([{ credential_id: 'c', value: '\t sk-live-needle-0123 ' }])()
  const text = Buffer.concat([redactor.chunk(Buffer.from('x-key: sk-live-needle-0123\n')), redactor.end()])
  assert.equal(text.toString(), 'x-key: [secret:c]\n')
})

test('it is found in UTF-16 and in Latin-1, and what follows can still be read', () => {
  for (const text of [VALUE, JSON.stringify(VALUE)]) {
    const little = Buffer.from(`key: ${text} and more`, 'utf16le')
    const cut = (bytes: Buffer) => Buffer.from(clean(bytes, [7, 31]), 'utf8')
    const said = `key: ${text.replace(text === VALUE ? VALUE : JSON.stringify(VALUE).slice(1, -1), MARK)} and more`
    assert.equal(cut(little).toString('utf16le'), said)
    assert.equal(cut(Buffer.from(little).swap16()).swap16().toString('utf16le'), said)
  }
  assert.equal(clean(Buffer.from(`key: ${VALUE} and more`, 'latin1')), `key: ${MARK} and more`)
})
