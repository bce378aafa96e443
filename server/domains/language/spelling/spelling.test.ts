import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { distance } from './distance.ts'
import { openSpelling } from './spelling.ts'

const SAID =
  'remind me tomorrow to water the plants, add milk to my shopping list, delete the reminder, what is on my calendar'
const WORDS = `${SAID} remind remind remand calendar calendar appointments café list`.split(/[ ,]+/)
const NAMES = new Set(['milo', 'lisa'])
const spelling = openSpelling(WORDS, { protect: (word) => NAMES.has(word) })
const repaired = (text: string) => spelling.repair(text).text

test('letters left out, doubled, replaced and swapped are repaired', () => {
  for (const [from, to] of [
    ['remnd me', 'remind me'],
    ['reemind me', 'remind me'],
    ['remimd me', 'remind me'],
    ['reimnd me', 'remind me'],
    ['emind me', 'remind me'],
    ['remindd me', 'remind me'],
    ['add mlk to my shoping lst', 'add milk to my shopping list'],
    ['what is on my calnedr?', 'what is on my calnedr?'],
    ['apointmnets', 'appointments'],
    ['apintmnets', 'apintmnets'],
    ['(calender)', '(calendar)'],
  ] as const)
    assert.equal(repaired(from), to)
})

test('it says what it changed, in order, and every word stays one word', () => {
  assert.deepEqual(spelling.repair('Remnd me tomorow: lsit'), {
    text: 'Remind me tomorrow: lsit',
    changed: [
      ['Remnd', 'Remind'],
      ['tomorow', 'tomorrow'],
    ],
    compared: 3,
  })
})

test('of words equally near the one that is said more often is meant', () => {
  assert.equal(repaired('rem1nd remend'), 'rem1nd remind')
  assert.equal(openSpelling(['remand', 'remand', 'remind']).repair('remend').text, 'remand')
  assert.equal(openSpelling(['remind', 'remand']).repair('remend').text, 'remand')
})

test('known words, names, numbers, addresses and short words are never altered', () => {
  const words = [
    'remind',
    'Remind',
    'REMAND',
    'cafe',
    'CAFÉ',
    'milo',
    'Lisa',
    '7:30',
    '2nd',
    'mik@list.example',
  ]
  const more = [
    'https://lst.example',
    '/calender',
    'calender.txt',
    'to-doo',
    'lisst’s',
    "mik's",
    'my',
    'no',
    'd',
  ]
  for (const word of [...words, ...more]) assert.deepEqual(spelling.repair(`add ${word}`).changed, [], word)
})

test('a capital letter within a sentence is a name, but not at its beginning and not where all are capitals', () => {
  assert.equal(repaired('add Mlk'), 'add Mlk')
  assert.equal(repaired('Remnd Mlk'), 'Remind Mlk')
  assert.equal(repaired('ADD MLK'), 'ADD MILK')
})

test('what is quoted, and what follows a colon or a line end, is the words of the user', () => {
  for (const text of [
    'remind me "tomorow"',
    'remind me “calender lst” tomorrow',
    'remind me «tomorow»',
    "add 'mlk' to my list",
    'add `mlk`',
    'add to my list: mlk, calender',
    'add\nmlk',
  ])
    assert.deepEqual(spelling.repair(text).changed, [], text)
  assert.equal(repaired('remnd me "tomorow" tomorow'), 'remind me "tomorow" tomorrow')
  assert.equal(repaired('calender https://a.example tomorow'), 'calendar https://a.example tomorrow')
})

test('without known words, and in texts without words, nothing is done', () => {
  assert.deepEqual(openSpelling([]).repair('remnd me'), { text: 'remnd me', changed: [], compared: 0 })
  for (const text of ['', ' ', '\n\t', '?!', '🙂 👍🏽', '日本語のテキスト'])
    assert.deepEqual(spelling.repair(text), { text, changed: [], compared: 0 })
})

test('a text longer than a command is left alone', () => {
  const text = 'remnd '.repeat(166)
  assert.equal(spelling.repair(text).changed.length, 166)
  assert.deepEqual(spelling.repair(`${text}and me`), { text: `${text}and me`, changed: [], compared: 0 })
})

test('any text keeps its known words and its white space, and a repaired one is not repaired again', () => {
  const known = fc.constantFrom(...WORDS, 'milo', 'LISA')
  const word = fc.oneof(known, fc.string({ unit: 'grapheme', maxLength: 12 }))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const text = words.join(' ')
      const { text: once, changed } = spelling.repair(text)
      assert.deepEqual(once.match(/\s+/g), text.match(/\s+/g))
      for (const [from] of changed) assert.ok(!WORDS.includes(from) && !NAMES.has(from.toLowerCase()), from)
      assert.equal(repaired(once), once)
    }),
    { numRuns: 500, seed: 7 },
  )
})

test('ten thousand random words against as many known ones compare a few each', () => {
  const word = fc.stringMatching(/^[a-e]{3,12}$/)
  const [known, asked] = [
    fc.sample(word, { numRuns: 10_000, seed: 1 }),
    fc.sample(word, { numRuns: 10_000, seed: 2 }),
  ]
  const large = openSpelling(known)
  const compared = asked.map((one) => large.repair(one).compared)
  assert.ok(Math.max(...compared) <= 50)
  assert.ok(compared.reduce((sum, one) => sum + one, 0) < 100_000)
})

test('the distance counts a swap once, and stops counting beyond the bound', () => {
  for (const [a, b, errors] of [
    ['', '', 0],
    ['list', 'list', 0],
    ['list', 'lsit', 1],
    ['list', 'lst', 1],
    ['list', 'lists', 1],
    ['list', 'mist', 1],
    ['list', 'tsil', 3],
    ['ca', 'abc', 3],
    ['calendar', 'calnedr', 2],
    ['a', 'abcd', 3],
  ] as const) {
    assert.equal(distance(a, b, 5), errors, `${a} ${b}`)
    assert.equal(distance(b, a, 5), errors, `${b} ${a}`)
    assert.equal(distance(a, b, 1), Math.min(errors, 2), `${a} ${b}`)
  }
})
