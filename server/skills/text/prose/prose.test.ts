import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { languageName, languageOf } from './language.ts'
import { lengthOf } from './length.ts'
import { keyPhrases } from './phrases.ts'
import { sentencesOf } from './sentences.ts'
import { summaryOf } from './summary.ts'

const harbour =
  'The harbour of Lerum gets a new crane. The crane lifts forty tons and runs on electricity. ' +
  'My aunt likes ships. The old crane of the harbour is sold for scrap. ' +
  'With the new crane the harbour expects twice as many ships.'

const letters = (text: string) => text.replaceAll(/[^\p{L}\p{N}]/gu, '')

test('sentences end where people end them', () => {
  const texts: readonly (readonly [string, number])[] = [
    ['', 0],
    ['...', 0],
    ['one', 1],
    ['It rained. We left. Nobody minded.', 3],
    ['Dr. Lee met Mr. Fox at 5 p.m. sharp. They spoke.', 2],
    ['Is it? Yes! Good.', 3],
    ['It costs 3.50 today. No more.', 2],
    ['J. R. Smith wrote it. It is long.', 2],
    ['first line\nsecond line', 2],
    ['今日は天気がいい。明日は雨です。', 2],
  ]
  for (const [text, count] of texts) assert.equal(sentencesOf(text).length, count, text)
})

test('no sentence is lost or changed when a text is cut', () => {
  const word = fc.constantFrom('Dr.', 'a', 'B.', 'rain', '3.5', 'no!', 'e.g.', 'stop.', 'why?', '"So."', '\n')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const text = words.join(' ')
      assert.equal(letters(sentencesOf(text).join('')), letters(text))
    }),
  )
})

test('a summary is the sentences that share most with the others, in their order', () => {
  assert.equal(summaryOf(harbour).kept, 2)
  const { summary } = summaryOf(harbour, 3)
  assert.ok(summary.includes('new crane') && !summary.includes('aunt'), summary)
  assert.deepEqual(
    sentencesOf(summary),
    sentencesOf(harbour).filter((each) => summary.includes(each)),
  )
})

test('a summary has as many sentences as were asked for, but never more than there are', () => {
  assert.deepEqual(summaryOf('Only this.', 5), { summary: 'Only this.', kept: 1, of: 1 })
  assert.equal(summaryOf(harbour, 1).kept, 1)
  assert.deepEqual(summaryOf('', 3), { summary: '', kept: 0, of: 0 })
})

test('every sentence of a summary is one of the text', () => {
  const sentence = fc.array(fc.constantFrom(...'sun moon tide wind boat sail rope crew'.split(' ')), {
    minLength: 1,
  })
  const text = fc.array(
    sentence.map((words) => `X${words.join(' ')}.`),
    { minLength: 1, maxLength: 20 },
  )
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 8 }), (sentences, wanted) => {
      const { summary, kept } = summaryOf(sentences.join(' '), wanted)
      assert.equal(kept, Math.min(wanted, sentences.length))
      for (const each of sentencesOf(summary)) assert.ok(sentences.includes(each), each)
    }),
  )
})

test('a book of ten thousand sentences is ranked by its 500 commonest', () => {
  const book = Array.from(
    { length: 10_000 },
    (_, at) => `Chapter ${at} names topic${at % 97} and thing${at}.`,
  ).join(' ')
  const { kept, of } = summaryOf(book, 5)
  assert.deepEqual([kept, of], [5, 10_000])
})

test('keywords are the terms that come up most, without stop words and repeats', () => {
  const found = keyPhrases(
    'Solar panels feed the heat pump. The heat pump warms the house. Solar panels also charge the car.',
    3,
  )
  assert.equal(found.length, 3)
  assert.ok(
    found.some((term) => term.includes('heat pump')) && found.some((term) => term.includes('solar panels')),
  )
  for (const term of found) assert.doesNotMatch(term, /\b(?:the|also)\b/)
  assert.deepEqual(keyPhrases('the and of it is', 5), [])
  assert.equal(keyPhrases(harbour, 2).length, 2)
})

test('words, characters and sentences are counted as a reader counts them', () => {
  const texts: readonly (readonly [string, number, number, number])[] = [
    ['', 0, 0, 0],
    ['one small step for a man', 6, 24, 1],
    ["don't stop-gap - it's 5%", 4, 24, 1],
    ['It rained. We left.', 4, 19, 2],
    ['a\nb', 2, 3, 2],
    ['caf\u0065\u0301', 1, 4, 1],
    ['👨‍👩‍👧 ok', 1, 4, 1],
    ['naïve café', 2, 10, 1],
    ['今日は雨', 3, 4, 1],
  ]
  for (const [text, words, characters, sentences] of texts)
    assert.deepEqual(lengthOf(text), { words, characters, sentences }, text)
})

test('the language of a sentence is recognised, and too little text is not guessed', async () => {
  const texts: readonly (readonly [string, string])[] = [
    ['Guten Abend, wo finde ich den Bahnhof?', 'de'],
    ['Nous partirons demain matin de bonne heure.', 'fr'],
    ['The train to the coast leaves at seven.', 'en'],
    ['Mañana vamos a la playa con los niños.', 'es'],
    ['Где находится ближайшая аптека?', 'ru'],
    ['明日は友達と映画を見に行きます', 'ja'],
  ]
  for (const [text, language] of texts) {
    const found = await languageOf(text)
    assert.equal(found?.language, language, text)
    assert.ok(found.confidence > 0.5 && found.confidence <= 1, text)
  }
  for (const text of ['', '12345', '?!']) assert.equal(await languageOf(text), undefined, text)
  assert.equal(languageName('de'), 'German')
})
