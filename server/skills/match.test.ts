import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matching, oneMatching } from './match.ts'
import { ActionError } from './skill.ts'

const named = (...texts: string[]) => texts.map((text) => ({ value: text, text }))

test('an exact text wins over one that differs in case, and that over one that only contains it', () => {
  const known = named('Milk', 'milk', 'oat milk')
  assert.deepEqual(matching('milk', known), ['milk'])
  assert.deepEqual(matching('MILK', known), ['Milk', 'milk'])
  assert.deepEqual(matching('the oat', known), ['oat milk'])
})

test('singular and plural are the same, and words that tell nothing apart are not needed', () => {
  assert.deepEqual(matching('egg', named('eggs', 'flour')), ['eggs'])
  assert.deepEqual(matching('tomatoes', named('tomato')), ['tomato'])
  assert.deepEqual(matching('batteries', named('a battery')), ['a battery'])
  assert.deepEqual(matching('the one about my boiler', named('one boiler service')), ['one boiler service'])
  assert.deepEqual(matching("Tom's coffee", named('Tom takes his coffee black')), [
    'Tom takes his coffee black',
  ])
})

test('nothing matches by a part of the words or of a word, or by no word at all', () => {
  assert.deepEqual(matching('milk chocolate', named('milk')), [])
  assert.deepEqual(matching('car', named('carpet')), [])
  assert.deepEqual(matching('!?', named('milk')), [])
  assert.deepEqual(matching('the', named('boiler')), [])
})

test('further words name a thing without being its text', () => {
  const [timer, reminder] = [
    { value: 1, text: 'pasta timer', also: '18:00' },
    { value: 2, text: 'call the pasta shop', also: 'reminder' },
  ]
  assert.equal(oneMatching('pasta reminder', [timer, reminder]), 2)
})

test('several equally good matches are refused with their names', () => {
  const refusal = new ActionError(
    '"boiler" could be "boiler service" or "boiler bill". Which one do you mean?',
  )
  assert.throws(() => oneMatching('boiler', named('boiler service', 'boiler bill')), refusal)
  assert.equal(oneMatching('rent', named('boiler bill')), undefined)
})
