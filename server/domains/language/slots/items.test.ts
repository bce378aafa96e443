import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseItems } from './items.ts'

test('a list is cut at commas, line ends and "and", and each item stays as written', () => {
  assert.deepEqual(parseItems('milk, eggs and Bread'), ['milk', 'eggs', 'Bread'])
  assert.deepEqual(parseItems('milk, eggs, and some bread.'), ['milk', 'eggs', 'bread'])
  assert.deepEqual(parseItems('milk and eggs & butter; rice\ntea'), ['milk', 'eggs', 'butter', 'rice', 'tea'])
  assert.deepEqual(parseItems('milk'), ['milk'])
})

test('an "and" or a comma within one thing does not cut it', () => {
  assert.deepEqual(parseItems('mac and cheese, salt and pepper and milk'), [
    'mac and cheese',
    'salt and pepper',
    'milk',
  ])
  assert.deepEqual(parseItems('"milk, eggs" and bread'), ['milk, eggs', 'bread'])
  assert.deepEqual(parseItems('1,000 nails and sandwiches'), ['1,000 nails', 'sandwiches'])
  assert.deepEqual(parseItems('two and a half pounds of beef and rice'), [
    'two and a half pounds of beef',
    'rice',
  ])
})

test('nothing but separators is no item, and a list ends after more than an action takes', () => {
  assert.deepEqual(parseItems(' , and ; '), [])
  assert.deepEqual(parseItems(''), [])
  assert.equal(parseItems(Array.from({ length: 600 }, (_, index) => `thing ${index}`).join(', ')).length, 501)
})
