import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { redactSecrets } from './redact.ts'

test('what identifies or opens something is masked by its kind', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['write to jane.doe+x@mail.example.org now', 'write to [email] now'],
    ['jörg@bücher.example.', '[email].'],
    ['call 020 7946 0123 or +47 400 00 000', 'call [phone] or [phone]'],
    ['office 555-0142, home (555) 123-4567', 'office [phone], home [phone]'],
    ['555-0142 555-0199', '[phone] [phone]'],
    ['+49 (0)30 123456, 06 12 34 56 78, 01.23.45.67.89', '[phone], [phone], [phone]'],
    ['1-800-555-0199 in 2026', '[phone] in 2026'],
    ['pay DE89 3704 0044 0532 0130 00 AND smile', 'pay [iban] AND smile'],
    ['gb82west12345698765432', '[iban]'],
    ['card 4111 1111 1111 1111 cvv 123', 'card [card] cvv 123'],
    ['4111-1111-1111-1111, 378282246310005, 3782 822463 10005', '[card], [card], [card]'],
    ['from 192.0.2.44:8080 and 2001:db8::8a2e:370:7334', 'from [ip]:8080 and [ip]'],
    ['https://bob:secret@host.example/x?y=1', 'https://[credentials]@host.example/x?y=1'],
    ['git clone https://token123@git.example/a.git', 'git clone https://[credentials]@git.example/a.git'],
  ]
  for (const [text, redacted] of texts) assert.equal(redactSecrets(text).text, redacted, text)
})

test('numbers, dates, times and names that only look alike stay', () => {
  for (const text of [
    'on 2026-11-22 at 12:30:45',
    '01/02/2026 03/04/2026',
    '12.05.2026 and 01/02/26',
    '1,000,000 items for 3.14159265358979',
    'order 12345678',
    'IBAN GB82 WEST 1234 5698 7654 33',
    'card 4111 1111 1111 1112',
    '1234 5678 9012 3456',
    'version 1.2.3 of std::vector and a::b',
    '999.1.1.1 is no address',
    'see https://host.example/@user and @jane',
    'room 007, gate 12-34',
    'my name is Jane Doe',
    '',
  ])
    assert.deepEqual(redactSecrets(text), { text, found: [] })
})

test('what was found is counted by kind and never repeated', () => {
  const redacted = redactSecrets('a@x.example, b@x.example and 555-0142')
  assert.deepEqual(redacted.found, [
    { kind: 'email', count: 2 },
    { kind: 'phone', count: 1 },
  ])
  assert.doesNotMatch(JSON.stringify(redacted), /x\.example|0142/)
})

test('redacting a redacted text finds nothing', () => {
  const piece = fc.constantFrom(
    'a@x.example',
    '4111 1111 1111 1111',
    'DE89370400440532013000',
    '192.0.2.44',
    '+47 400 00 000',
    '555-0142',
    'https://u:p@h.example',
    '2001:db8::1',
    ...' - . : / @ , 0 12 345 ( ) + x'.split(' '),
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
      const once = redactSecrets(pieces.join(''))
      assert.deepEqual(redactSecrets(once.text), { text: once.text, found: [] })
    }),
    { numRuns: 2000 },
  )
})

test('a text without digits, "@" and colons is left alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abc DE.,-()/+'.split('')) }), (text) => {
      assert.equal(redactSecrets(text).text, text)
    }),
  )
})
