import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { compileTemplate } from '../../domains/language/template.ts'
import { openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { text } from './index.ts'
import { isPassage } from './slots.ts'

const can = openInMemory(0, 'UTC')

async function perform(name: string, parameters: object) {
  const action = text.actions[name]
  assert.ok(action !== undefined && Value.Check(action.parameters, parameters), `${name} does not take these`)
  const performed = await action.perform(can, parameters)
  assert.ok(Value.Check(action.result, performed.data), `the result of ${name} is not the declared one`)
  return performed
}

test('every action answers with the declared result and a spoken sentence', async () => {
  const answers: readonly (readonly [string, object, string])[] = [
    ['summarise', { text: 'Rain fell. Rain fell on the roof. Cats slept.', sentences: 1 }, 'Rain fell.'],
    ['keywords', { text: 'The ferry was late. The ferry sank.', limit: 1 }, 'The keywords are ferry.'],
    ['diff', { before: 'the red car', after: 'the blue car' }, '1 change: "red" became "blue".'],
    ['diff', { before: 'a b', after: 'a b c' }, '1 change: "c" was added.'],
    ['diff', { before: 'same', after: 'same' }, 'The two texts are the same.'],
    ['replace', { text: 'a cat', find: 'cat', with: 'dog' }, 'I replaced 1 occurrence: a dog'],
    ['replace', { text: 'a cat', find: '"cat"', with: '"dog"' }, 'I replaced 1 occurrence: a dog'],
    ['replace', { text: 'a;b;c', find: 'semicolons', with: 'commas' }, 'I replaced 2 occurrences: a,b,c'],
    ['replace', { text: 'a cat', find: 'cow', with: 'dog' }, '"cow" does not occur in the text.'],
    ['fill_template', { template: 'Hi {{name}}!', values: { name: 'Ana' } }, 'Here it is: Hi Ana!'],
    ['fill_template', { template: 'Hi {{name}}!', values: 'name is Ana' }, 'Here it is: Hi Ana!'],
    ['count', { text: 'It rained. We left.' }, 'That is 4 words, 19 characters and 2 sentences.'],
    ['detect_language', { text: 'Guten Abend, wo finde ich den Bahnhof?' }, 'That is German.'],
    ['redact', { text: 'ring 555-0142' }, 'I masked 1 phone number: ring [phone]'],
    ['redact', { text: 'nothing here' }, 'I found nothing to redact in that text.'],
  ]
  for (const [name, parameters, said] of answers)
    assert.equal((await perform(name, parameters)).text, said, name)
})

test('a long result is not read aloud', async () => {
  const { text: said } = await perform('replace', { text: 'cat '.repeat(500), find: 'cat', with: 'dog' })
  assert.equal(said, 'I replaced 500 occurrences.')
})

test('texts that make no sense for an action are refused with a sentence', async () => {
  const refused: readonly (readonly [string, object])[] = [
    ['summarise', { text: '...' }],
    ['keywords', { text: 'the and of' }],
    ['detect_language', { text: '12345' }],
    ['fill_template', { template: '{{a}} {{b}}', values: { a: 1 } }],
  ]
  for (const [name, parameters] of refused) await assert.rejects(perform(name, parameters), ActionError, name)
})

test('parameters beyond the bounds do not pass the schema', () => {
  const beyond: readonly (readonly [string, object])[] = [
    ['summarise', { text: 'a'.repeat(1_000_001) }],
    ['summarise', { text: 'a', sentences: 0 }],
    ['keywords', { text: 'a', limit: 51 }],
    ['replace', { text: 'a', find: '', with: 'b' }],
    ['count', { text: 'a', unit: 'words' }],
    ['fill_template', { template: 'a', values: { a: [1] } }],
  ]
  for (const [name, parameters] of beyond)
    assert.equal(Value.Check(text.actions[name]?.parameters ?? {}, parameters), false, name)
})

test('a passage is a text itself, not words about one', () => {
  const passages = [
    '"hello"',
    'It rained. We left.',
    'one small step for a man',
    'a\nb',
    'a;b',
    'the colour of the colour chart',
  ]
  for (const passage of passages) assert.equal(isPassage(passage), true, passage)
  const pointers = [
    '',
    'that',
    'my day',
    'my notes from last monday evening',
    'the minutes of the meeting',
    'this email',
  ]
  for (const pointer of pointers) assert.equal(isPassage(pointer), false, pointer)
})

test('every action can be said in many ways, and asks for what was left out', () => {
  for (const [name, action] of Object.entries(text.actions)) {
    assert.ok(
      action.phrases.length >= 6 && action.phrases.length <= 15,
      `${name} has ${action.phrases.length} phrases`,
    )
    assert.ok(action.examples.length >= 15 && action.examples.length <= 25, `${name} has few examples`)
    assert.equal(new Set(action.examples).size, action.examples.length, `${name} repeats an example`)
    for (const phrase of action.phrases)
      assert.doesNotThrow(() => compileTemplate(phrase.replaceAll('}', ':typed}')), phrase)
    const parameters = Object.keys(action.parameters.properties)
    const slots = action.phrases.flatMap((phrase) =>
      Array.from(phrase.matchAll(/\{(\w+)\}/g), (match) => match[1] ?? ''),
    )
    assert.deepEqual(
      slots.filter((slot) => !parameters.includes(slot)),
      [],
      `${name} has unknown slots`,
    )
    assert.deepEqual(
      (action.parameters.required ?? []).filter((each) => action.questions?.[each] === undefined),
      [],
    )
  }
})
