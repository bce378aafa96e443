import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldGerman, lineOf, readNumber } from './numbers.ts'

test('numbers are read as one word, as several, and in digits', () => {
  const numbers: readonly (readonly [string, number])[] = [
    ['null', 0],
    ['eins', 1],
    ['eine', 1],
    ['zwölf', 12],
    ['siebzehn', 17],
    ['fünfundzwanzig', 25],
    ['fuenfundzwanzig', 25],
    ['fünf und zwanzig', 25],
    ['einundachtzig', 81],
    ['hundert', 100],
    ['hundertundeins', 101],
    ['zweihundertdreißig', 230],
    ['neunzehnhundertneunundachtzig', 1989],
    ['tausend', 1000],
    ['zweitausenddreihundertvierzig', 2340],
    ['eine Million', 1_000_000],
    ['1,5 Millionen', 1_500_000],
    ['zwei Komma fünf', 2.5],
    ['2,5', 2.5],
    ['2.340', 2340],
    ['2.340,50', 2340.5],
    ['minus zwölf', -12],
  ]
  for (const [text, value] of numbers) assert.equal(readNumber(text), value, text)
})

test('what is only like a number is none', () => {
  for (const text of [
    '',
    'Milch',
    'einundein',
    'zehnundzwanzig',
    'zwanzigundeins',
    'achtung',
    'fünf Äpfel',
    'hundertmillionen',
  ])
    assert.equal(readNumber(text), undefined, text)
})

test('ordinals become those of English, and a full stop after a day is one', () => {
  assert.equal(lineOf('am dritten Mai'), 'am 3th mai')
  assert.equal(lineOf('am 3. Mai'), 'am 3th mai')
  assert.equal(lineOf('am einundzwanzigsten'), 'am 21th')
  assert.equal(lineOf('der Erste und der Siebte'), 'der 1th und der 7th')
  assert.equal(lineOf('um 8.30 Uhr am 3.5.2027'), 'um 8.30 uhr am 3.5.2027')
})

test('umlauts are the same written out, left out and composed of two characters', () => {
  for (const word of ['Müll', 'Muell', 'Mull', 'Mu\u0308ll']) assert.equal(foldGerman(word), 'mull')
  assert.equal(foldGerman('Straße'), foldGerman('STRASSE'))
})
