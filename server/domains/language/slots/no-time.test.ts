import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNoTime } from './no-time.ts'

test('what is said as a time of the day and is none is found, with what is left without it', () => {
  for (const [text, said, rest] of [
    ['every day at 25:00 remind me to sleep', '25:00', 'every day remind me to sleep'],
    ['remind me to eat at 8:75', '8:75', 'remind me to eat'],
    ["remind me at 30 o'clock to eat", "30 o'clock", 'remind me to eat'],
    ['wake me at twenty five o’clock', 'twenty five o’clock', 'wake me'],
    ['remind me tomorrow at 24:30, to eat', '24:30', 'remind me tomorrow to eat'],
    ['by 13am wake me', '13am', 'wake me'],
    ['remind me at 61 pm to eat', '61 pm', 'remind me to eat'],
  ] as const)
    assert.deepEqual(findNoTime(text), { said, rest }, text)
})

test('times, lengths and what is quoted are left alone', () => {
  for (const text of [
    'remind me at 24:00 to sleep',
    'remind me at 23:59',
    'remind me at 13 pm',
    'set a timer for 25:00',
    'remind me to read "at 25:00" at 8',
    'remind me to read psalm 119',
    'add 25 apples',
    '',
  ])
    assert.equal(findNoTime(text), undefined, text)
})
