import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findTwoTimes } from './twice.ts'

test('two times side by side are found as they were said, wherever they stand', () => {
  for (const [text, first, second] of [
    ['remind me tomorrow and on friday to call mum', 'tomorrow', 'on friday'],
    ['remind me on monday and tuesday at 9 to call mum', 'on monday', 'tuesday at 9'],
    ['remind me to call mum tomorrow and on Friday.', 'tomorrow', 'on Friday'],
    ['remind me at 9 and at 10 to drink', 'at 9', 'at 10'],
    ['remind me at 9 and 10 to drink', 'at 9', '10'],
    ['remind me tomorrow at 9 and on friday at 10 to run', 'tomorrow at 9', 'on friday at 10'],
  ] as const)
    assert.deepEqual(findTwoTimes(text), [first, second], text)
})

test('two things to do, each with its time, have two times: before or after what is to be done', () => {
  for (const [text, first, second] of [
    ['remind me to call mum at 5 and to buy milk at 6', 'at 5', 'at 6'],
    ['remind me to call mum at 5, and remind me to buy milk at 6.', 'at 5', 'at 6'],
    ['remind me to call mum at 5 then to buy milk at 6', 'at 5', 'at 6'],
    ['remind me to call mum in 10 minutes and buy milk in an hour', 'in 10 minutes', 'in an hour'],
    ['remind me at 5 to call mum and at 6 to buy milk', 'at 5', 'at 6'],
  ] as const)
    assert.deepEqual(findTwoTimes(text), [first, second], text)
})

const reads = (text: string): boolean => /^um \d+( uhr)?$/iu.test(text)

test('two times are found in the language that reads them', () => {
  assert.deepEqual(findTwoTimes('erinnere mich um 5 an Mama und um 6 an Milch', reads), ['um 5', 'um 6'])
  assert.equal(findTwoTimes('erinnere mich um 5 an Mama und Papa', reads), undefined)
})

test('one time, things that are no times, and nothing at all are not two times', () => {
  for (const text of [
    'remind me tomorrow to call mum and dad',
    'remind me in an hour and 30 minutes to stretch',
    'remind me in two hours and a half to stretch',
    'remind me at 9 to wash and at once dry',
    'remind me to meet Ann at 9 and 2 friends of hers',
    'remind me at 5 to call mum and ask about dinner at 8',
    'remind me to ring Ann and Bob at six',
    'remind me tomorrow to order bread and saturday papers',
    'remind me to take my pills at 8 and to drink water',
    'and',
    'tomorrow and',
    'and tomorrow',
    '',
  ])
    assert.equal(findTwoTimes(text), undefined, text)
})
