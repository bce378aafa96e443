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

test('one time, things that are no times, and nothing at all are not two times', () => {
  for (const text of [
    'remind me tomorrow to call mum and dad',
    'remind me in an hour and 30 minutes to stretch',
    'remind me in two hours and a half to stretch',
    'remind me at 9 to wash and at once dry',
    'remind me to meet Ann at 9 and 2 friends of hers',
    'and',
    'tomorrow and',
    'and tomorrow',
    '',
  ])
    assert.equal(findTwoTimes(text), undefined, text)
})
