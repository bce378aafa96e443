import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fewMarks, toForm } from './unicode.ts'

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const
/** An acute accent above and a grave one below, which are kept in another order than this. */
const MARKS = '\u0301\u0316'

test('a text has the form that Unicode says, however many letters have marks', () => {
  for (const text of ['', 'Ångström', 'ﬁ½', `e${MARKS}`, `e${MARKS.repeat(32)}`.repeat(500), 'क्षि'])
    for (const form of FORMS) assert.equal(toForm(text, form), text.normalize(form))
})

test('a letter with more marks than any writing has keeps all of them, of which few are put in order together', (t) => {
  const marks = '\u0301'.repeat(30_000) + '\u0316'.repeat(30_000)
  const { mock } = t.mock.method(String.prototype, 'normalize')
  for (const form of FORMS) {
    const made = toForm(`x${marks}y`, form)
    assert.equal(made.replaceAll('\u0301', '').length, 30_002)
  }
  const longest = mock.calls.reduce((most, call) => Math.max(most, String(call.this).length), 0)
  assert.ok(mock.callCount() > 4 && longest <= 66, `${longest} characters together`)
})

test('marks beyond those that a writing can have are left out for comparing', () => {
  assert.equal(fewMarks(`a${MARKS}b`), `a${MARKS}b`)
  assert.equal(fewMarks(`a${MARKS.repeat(1_000)}b`), `a${MARKS.repeat(32)}b`)
})
