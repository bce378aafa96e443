import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBody, readText } from './body.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding))
const read = (type: string | undefined, body: Uint8Array) =>
  readBody({ headers: type === undefined ? {} : { 'content-type': type }, body })

test('a text is read in its charset, wherever that is said', () => {
  for (const [type, body, text] of [
    ['text/plain', bytes('Grüße'), 'Grüße'],
    ['text/plain; charset=ISO-8859-1', bytes('Grüße', 'latin1'), 'Grüße'],
    ['text/plain; format=flowed; charset="windows-1252"', Uint8Array.of(0x80, 0x31), '€1'],
    ['text/html', bytes('<meta charset="latin1">é', 'latin1'), '<meta charset="latin1">é'],
    ['text/plain', Uint8Array.of(0xff, 0xfe, 0x41, 0), 'A'],
    ['application/json', bytes('\ufeff{"a":1}'), '{"a":1}'],
    ['text/plain; charset=shift_jis', Uint8Array.of(0x93, 0xfa), '日'],
  ] as const)
    assert.deepEqual(read(type, body), { body: text, encoding: 'text' }, type)
})

test('a charset that nobody knows, and bytes that are none of it, still give a text', () => {
  assert.equal(read('text/plain; charset=klingon', bytes('hi')).body, 'hi')
  assert.equal(read('text/plain', Uint8Array.of(0x61, 0xff, 0x62)).body, 'a\ufffdb')
})

test('what is no text is base64, and what says nothing of itself is judged by its bytes', () => {
  assert.deepEqual(read('image/png', Uint8Array.of(1, 2, 3)), { body: 'AQID', encoding: 'base64' })
  assert.equal(read(undefined, bytes('plain')).encoding, 'text')
  assert.equal(read('application/octet-stream', Uint8Array.of(0, 1)).encoding, 'base64')
  assert.equal(read(undefined, Uint8Array.of(0xff)).encoding, 'base64')
  assert.deepEqual(read(undefined, new Uint8Array()), { body: '', encoding: 'text' })
  for (const type of ['application/ld+json', 'image/svg+xml', 'application/xml', 'text/csv', 'TEXT/PLAIN'])
    assert.equal(read(type, bytes('x')).encoding, 'text', type)
})

test('a feed of a strange type is read as text all the same', () => {
  assert.equal(
    readText({ headers: { 'content-type': 'application/x-thing' }, body: bytes('<rss/>') }),
    '<rss/>',
  )
})

test('what is cut within a character ends before it, and is the text that it was', () => {
  const whole = bytes('aé漢\u{1f600}')
  const beginnings = ['', 'a', 'a', 'aé', 'aé', 'aé', 'aé漢', 'aé漢', 'aé漢', 'aé漢', 'aé漢\u{1f600}']
  for (const [length, text] of beginnings.entries())
    for (const type of ['text/plain', '', 'application/octet-stream']) {
      const received = {
        headers: { 'content-type': type },
        body: whole.subarray(0, length),
        cut: true,
      } as const
      assert.deepEqual(readBody(received), { body: text, encoding: 'text' }, `${type} ${length}`)
    }
  const strange = { headers: { 'content-type': 'text/plain; charset=klingon' }, body: whole.subarray(0, 2) }
  assert.equal(readBody({ ...strange, cut: true }).body, 'a')
  assert.equal(readBody(strange).body, 'a\ufffd')
  assert.equal(readBody({ headers: {}, body: Uint8Array.of(0x61, 0xff, 0x62), cut: true }).encoding, 'base64')
  assert.equal(readText({ headers: { 'content-type': 'a/b' }, body: whole.subarray(0, 5), cut: true }), 'aé')
})
