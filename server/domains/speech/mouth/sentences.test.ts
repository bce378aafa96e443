import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitSentences } from './sentences.ts'

test('sentences and lines are said one by one, and what has nothing to say falls away', () => {
  assert.deepEqual(splitSentences('Hi Ann. It is 7.5 now!\nOne\n...\nTwo', 'en'), [
    'Hi Ann.',
    'It is 7.5 now!',
    'One',
    'Two',
  ])
  for (const text of ['', ' \n ', '?! ...', '—']) assert.deepEqual(splitSentences(text, 'en'), [])
})

test('a long first sentence begins with its first clause', () => {
  const clause = 'You have three meetings today,'
  const rest = 'the first of them at nine with Bob and the last at four.'
  assert.deepEqual(splitSentences(`${clause} ${rest}`, 'en'), [clause, rest])
  assert.deepEqual(splitSentences('Yes, it is.', 'en'), ['Yes, it is.'])
  assert.deepEqual(splitSentences(`${'a'.repeat(70)}, ?`, 'en'), [`${'a'.repeat(70)}, ?`])
})

test('no piece is longer than 200 characters, none is lost, and no character is cut in two', () => {
  const words = Array.from({ length: 300 }, (_, index) => `word${index}${index % 40 === 0 ? ',' : ''}`).join(
    ' ',
  )
  for (const text of [words, 'x'.repeat(999), `${'y'.repeat(199)}${'𝒳'.repeat(300)}`]) {
    const pieces = splitSentences(text, 'en')
    assert.ok(pieces.every((piece) => piece.length <= 200 && piece.isWellFormed()))
    assert.equal(pieces.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
  }
})

test('a language that is none ends sentences as others do', () => {
  for (const language of ['', 'x', '../../etc', 'de_DE.UTF-8', 'zz'])
    assert.deepEqual(splitSentences('Eins. Zwei.', language), ['Eins.', 'Zwei.'])
})
