import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayChoice, sayDuration, sayList, secondPerson, sentence } from './say.ts'

test('a list is said with "and", and a long one is cut short with its count', () => {
  assert.equal(sayList(['milk', 'eggs']), 'milk and eggs')
  assert.equal(sayChoice(['milk', 'eggs', 'tea']), 'milk, eggs or tea')
  assert.equal(sayList(['1', '2', '3', '4', '5', '6', '7', '8']), '1, 2, 3, 4, 5 and 3 more')
})

test('a duration is said in the units that people use', () => {
  assert.equal(sayDuration(1), '1 second')
  assert.equal(sayDuration(90), '90 seconds')
  assert.equal(sayDuration(600), '10 minutes')
  assert.equal(sayDuration(5400), '1 hour and 30 minutes')
  assert.equal(sayDuration(90_000), '1 day and 1 hour')
})

test('what the user said of themselves is said to them, and nothing else changes', () => {
  assert.equal(secondPerson('my locker is next to me'), 'your locker is next to you')
  assert.equal(secondPerson("I'm late, as I was before"), "you're late, as you were before")
  assert.equal(secondPerson('My bike is mine'), 'Your bike is yours')
  assert.equal(secondPerson('I parked on level 3'), 'you parked on level 3')
  assert.equal(secondPerson('the army met a mime in Miami'), 'the army met a mime in Miami')
})

test('a sentence ends once, and one too long to be spoken is cut', () => {
  assert.equal(sentence('the boiler is on'), 'the boiler is on.')
  assert.equal(sentence('Is it?'), 'Is it?')
  assert.equal(sentence('x'.repeat(600)).length, 500)
})
