import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { lex, readNumber, replaceNumbers } from './numbers.ts'

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** The number in words, as one says it in Britain. */
function spoken(n: number): string {
  const join = (head: string, rest: number, link: string): string =>
    rest === 0 ? head : `${head}${link}${spoken(rest)}`
  if (n < 20) return SMALL[n] ?? ''
  if (n < 100) return join(TENS[Math.floor(n / 10)] ?? '', n % 10, ' ')
  if (n < 1000) return join(`${SMALL[Math.floor(n / 100)]} hundred`, n % 100, ' and ')
  const [size, name] = n < 1e6 ? [1e3, 'thousand'] : [1e6, 'million']
  return join(`${spoken(Math.floor(n / size))} ${name}`, n % size, n % size < 100 ? ' and ' : ' ')
}

test('every number up to a billion is read back from its words', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(2_500), fc.nat(999_999_999)), (n) => {
      assert.equal(readNumber(spoken(n)), n, spoken(n))
      assert.equal(readNumber(spoken(n).replaceAll(' and ', ' ').replaceAll(' ', '  ')), n, spoken(n))
    }),
    { numRuns: 3_000, seed: 5 },
  )
})

test('numbers are read as people say and write them', () => {
  const rows: [string, number][] = [
    ['twenty-five', 25],
    ['one hundred and five', 105],
    ['a hundred and twenty thousand', 120_000],
    ['nineteen hundred', 1900],
    ['half', 0.5],
    ['a quarter', 0.25],
    ['two thirds', 2 / 3],
    ['one and three quarters', 1.75],
    ['twelve and a half', 12.5],
    ['half a million', 500_000],
    ['two and a half million', 2_500_000],
    ['a dozen', 12],
    ['half a dozen', 6],
    ['a couple of', 2],
    ['point five', 0.5],
    ['three point one four', 3.14],
    ['zero point oh five', 0.05],
    ['minus ten', -10],
    ['-5', -5],
    ['- 5', -5],
    ['plus five', 5],
    ['minus zero', 0],
    ['two thousand twenty six', 2026],
    ['one point five million', 1_500_000],
    ['three halves', 1.5],
    ['½', 0.5],
    ['.5', 0.5],
    ['2,340', 2340],
    ['1.5k', 1500],
    ['2½', 2.5],
    ['third', 3],
    ['twenty first', 21],
    ['3rd', 3],
    ['one hundred and first', 101],
  ]
  for (const [text, value] of rows) assert.equal(readNumber(text), value, text)
})

test('what is not one number is none', () => {
  for (const text of [
    '',
    'milk',
    'five eggs',
    'seven thirty',
    'five and six',
    'hundred',
    'point',
    '1,2345',
    '7:30',
    'a',
    '1.2.3',
    'twenty twenty six',
    'one two three',
    '1e5',
    '0x10',
    'Infinity',
    'NaN',
    '1.000.000',
    'five %',
  ]) {
    assert.equal(readNumber(text), undefined, text)
  }
})

test('spoken numbers become digits, and other words stay as they were', () => {
  const rows: [string, string][] = [
    ['Two plus twenty Five', '2 plus 25'],
    ['half past seven', 'half past 7'],
    ['a quarter to nine', 'a quarter to 9'],
    ['half an hour', '0.5 hour'],
    ['half of thirty', '0.5 of 30'],
    ['march twenty first', 'march 21st'],
    ['the eleventh hour', 'the 11th hour'],
    ['one hundred and five hundred', '100 and 500'],
    ['milk and two eggs and five apples', 'milk and 2 eggs and 5 apples'],
    ['nineteen ninety', '19 90'],
    ['at 7:30 with 2,340 people', 'at 7:30 with 2340 people'],
    ['someone often won a tenfold award', 'someone often won a tenfold award'],
  ]
  for (const [text, expected] of rows) assert.equal(replaceNumbers(text), expected)
})

function keys(text: string, second: 'ordinal' | 'unit' = 'ordinal'): string {
  return lex(text, second)
    .map(({ key }) => key)
    .join(' ')
}

test('"second" counts things or measures time, by the words before it', () => {
  assert.equal(keys('the second of march'), 'the 2th of march')
  assert.equal(keys('twenty second'), '22th')
  assert.equal(keys('a ten second timer in a second'), 'a 10 second timer in a second')
  assert.equal(keys('a twenty second timer', 'unit'), 'a 20 second timer')
})

test('any text is cut into words in order, and a text without numbers is unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      let last = 0
      for (const { start, end } of lex(text)) {
        assert.ok(start >= last && end > start && end <= text.length)
        last = end
      }
      if (lex(text).every(({ key, value }) => value === undefined && key !== 'half')) {
        assert.equal(replaceNumbers(text), text)
      }
    }),
    { numRuns: 1_000, seed: 11 },
  )
})
