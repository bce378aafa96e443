import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isItems, isName, isPriority, isTable, isTitle } from './slots.ts'

test('a short name is a few words that name something', () => {
  for (const text of ['shopping', 'my hardware store', 'to do', 'the to-do', "mum's birthday"]) {
    assert.ok(isName(text), text)
  }
})

test('words of an order or a question are no short name', () => {
  for (const text of [
    'show me the',
    'make a',
    'what is on my',
    'read the',
    'cancel',
    'let coffee break be a',
    'bypass the allow',
    '',
    'one two three four',
  ]) {
    assert.ok(!isName(text), text)
  }
})

test('where "the" says that a name follows, words of orders are one, and those of questions are not', () => {
  for (const text of ['kill', 'stop', 'cancel', 'read later', 'things we need', 'to do', 'shopping'])
    assert.ok(isTitle(text), text)
  for (const text of ['', 'what is on my', 'milk from my', 'one two three four five six'])
    assert.ok(!isTitle(text), text)
})

test('things to put on a list do not begin like the rest of some other sentence', () => {
  for (const text of ['milk', 'two tickets', 'tomatoes', 'itchy cream', '\u0001'])
    assert.ok(isItems(text), text)
  for (const text of ['up the hours', 'is empty', 'to my notes', 'that', '  '])
    assert.ok(!isItems(text), text)
})

test('priorities and tables are told from other words', () => {
  assert.ok(isPriority('Low') && !isPriority('my') && !isPriority('constructor'))
  assert.ok(isTable('item\nrice') && !isTable('item rice') && !isTable('rice\n'))
})
