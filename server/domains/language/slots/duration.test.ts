import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findDuration, parseDuration } from './duration.ts'

test('lengths of time are read as said and as written', () => {
  const rows: [string, number][] = [
    ['an hour and a half', 5400],
    ['90 seconds', 90],
    ['5m', 300],
    ['5 min', 300],
    ['1h30', 5400],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['ten minutes', 600],
    ['2 and a half hours', 9000],
    ['half an hour', 1800],
    ['a half hour', 1800],
    ['three quarters of an hour', 2700],
    ['a quarter of an hour', 900],
    ['an hour thirty', 5400],
    ['an hour and a quarter', 4500],
    ['two hours, 30 minutes and 5 seconds', 9005],
    ['twenty second', 20],
    ['a couple of hours', 7200],
    ['a few minutes', 180],
    ['for about five minutes', 300],
    ['one day', 86_400],
    ['2d 4h', 187_200],
    ['a fortnight', 1_209_600],
    ['half a year', 15_552_000],
    ['a year', 31_536_000],
  ]
  for (const [text, seconds] of rows) assert.equal(parseDuration(text), seconds, text)
})

test('what is not wholly a length of time is none', () => {
  for (const text of [
    '',
    '5',
    'milk',
    '5 miles',
    '1:30',
    'ten minutes of peace',
    '99999999 years',
    '5 a m',
  ]) {
    assert.equal(parseDuration(text), undefined, text)
  }
})

test('a length of time is found within a sentence, which goes on without it', () => {
  assert.deepEqual(findDuration('set a twenty five minute timer for the eggs'), {
    seconds: 1500,
    rest: 'set a timer for the eggs',
  })
  assert.deepEqual(findDuration('Set a timer for 10 minutes called "tea in 5 minutes"'), {
    seconds: 600,
    rest: 'Set a timer called "tea in 5 minutes"',
  })
  assert.deepEqual(findDuration('pasta timer, nine minutes'), { seconds: 540, rest: 'pasta timer' })
  assert.equal(findDuration('set a timer for the eggs'), undefined)
})
