import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normaliseEmail } from './email.ts'

test('case, width and spaces around it make no second account', () => {
  for (const text of [
    'alice@example.org',
    ' Alice@EXAMPLE.org ',
    'ａｌｉｃｅ＠example.org',
    '\u00a0alice@example.org',
  ]) {
    assert.equal(normaliseEmail(text), 'alice@example.org')
  }
})

test('normalising twice changes nothing more', () => {
  for (const text of ['İ@example.org', 'ẞ@example.org', 'Ω@example.org', 'ﬀ@example.org']) {
    const email = normaliseEmail(text)
    assert.equal(normaliseEmail(email), email)
  }
})

test('what is no address is refused by the name of its field', () => {
  const texts = [
    'alice',
    '@example.org',
    'alice@',
    'a@b@c',
    'a b@c.d',
    'a\0@c.d',
    'a@c.d\n',
    'a\u200b@c.d',
    'a\u202e@c.d',
  ]
  for (const text of [...texts, `${'a'.repeat(250)}@b.de`, 'ﷺ'.repeat(40) + '@b.c', '\ud800@b.c']) {
    assert.throws(
      () => normaliseEmail(text),
      (error: { code: string; details: { issues: { path: string }[] } }) => {
        assert.equal(error.code, 'GENERAL_001')
        assert.equal(error.details.issues[0]?.path, '/email')
        return true
      },
    )
  }
})
