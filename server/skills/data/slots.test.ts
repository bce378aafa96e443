import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAggregation, isAmount, isData, isExpression, isUnit } from './slots.ts'

/** Each predicate with texts that it accepts and texts that it must leave to other meanings. */
const CASES: readonly (readonly [(text: string) => boolean, readonly string[], readonly string[]])[] = [
  [
    isExpression,
    [
      '12 * 8',
      'half of 90',
      '17 percent of 2,340',
      'what is two plus two',
      'twenty five times four please',
      'square root of 16',
      'divide 144 by 9',
      '(3+4)*7/2',
      '5!',
    ],
    [
      '',
      'five',
      '42',
      'twenty percent',
      'the weather',
      'love',
      'the capital of France',
      'the time',
      'two plus two in french',
      'five to six',
      'my balance minus rent',
      '5 miles in km',
      '2026-11-22',
      '555-0142',
      'over',
      '1 '.repeat(400),
    ],
  ],
  [
    isAmount,
    [
      '5',
      '2.5',
      '1,000',
      'seventeen',
      'two and a half',
      'half',
      'a',
      '3pm',
      '15:00',
      'noon',
      'now',
      '0xff',
      '1011',
      '1:30:00',
    ],
    ['', 'miles', 'some', 'the meeting', 'tomorrow', '5 plus 5', 'what', 'five apples'],
  ],
  [
    isUnit,
    [
      'km',
      'kilometres',
      'square feet',
      'Berlin',
      'New York',
      'pst',
      'hex',
      'hours and minutes',
      'mph',
      'UTC+2',
      'Berlin time',
    ],
    [
      '',
      'it',
      'you',
      'me',
      'the garden',
      'french',
      'my bag',
      'bananas',
      'general',
      'time',
      'a',
      'will',
      'may',
    ],
  ],
  [isAggregation, ['sum', 'Average', 'highest', 'add up'], ['', 'i', 'here', 'add', 'sum of', 'toString']],
  [
    isData,
    ['a,b\n1,2', 'name;age\nIda;34', 'a\tb\n1\t2', '[{"a":1}]', '{"a":1}', ' [\n{"a": 1}\n] '],
    [
      '',
      'hello',
      'one, two and three',
      'a, b',
      'milk\neggs',
      'dear all,\nthe picnic is off',
      '[1, 2',
      'see {this',
      '{{name}}',
      '[sic]',
    ],
  ],
]

test('a slot takes what belongs in it and nothing else', () => {
  for (const [accepts, good, bad] of CASES) {
    for (const text of good) assert.equal(accepts(text), true, `${accepts.name} refuses "${text}"`)
    for (const text of bad) assert.equal(accepts(text), false, `${accepts.name} accepts "${text}"`)
  }
})

test('no slot takes the common words of a sentence', () => {
  const words =
    'the of and to is that was for on are with they be at have this or had by but some what there we can out other were all your when use how said an each she which do their time if will way about many then them would like so these her long make thing see him two has look more day could go come did my no most who over know than call first people may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name'
  const allowed = new Set(['an', 'number', 'two', 'first', 'day', 'year', 'now'])
  for (const word of words.split(' ').filter((each) => !allowed.has(each)))
    for (const accepts of [isExpression, isAmount, isUnit, isData, isAggregation])
      assert.equal(accepts(word), false, `${accepts.name} accepts "${word}"`)
})
