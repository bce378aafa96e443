import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { compileTemplate } from '../../domains/language/template.ts'
import { openInMemory } from '../in-memory.ts'
import { ActionError } from '../skill.ts'
import { data } from './index.ts'

const can = openInMemory(Date.parse('2026-01-15T12:00:00Z'), 'Europe/Vienna')

async function perform(name: string, parameters: object) {
  const action = data.actions[name]
  assert.ok(action !== undefined && Value.Check(action.parameters, parameters), `${name} does not take these`)
  const performed = await action.perform(can, parameters)
  assert.ok(Value.Check(action.result, performed.data), `the result of ${name} is not the declared one`)
  return performed
}

const people = 'name,age,city\nIda,34,Berlin\nOmar,29,Rome\nLu,41,Berlin'

test('every action answers with the declared result and a spoken sentence', async () => {
  const answers: readonly (readonly [string, object, string])[] = [
    ['calculate', { expression: '17 percent of 2,340' }, '17 percent of 2,340 is 397.8.'],
    ['convert', { value: 5, from: 'miles', to: 'kilometres' }, '5 miles is 8.05 kilometres.'],
    ['convert', { value: '15:00', from: 'Berlin', to: 'New York' }, '15:00 in Berlin is 09:00 in New York.'],
    ['read', { text: people }, 'I read 3 rows with 3 columns: name, age and city.'],
    [
      'filter',
      { rows: people, where: 'age > 30 and city = Berlin' },
      '2 of 3 rows match: Ida, 34, Berlin; Lu, 41, Berlin.',
    ],
    ['filter', { rows: [{ a: 1 }], where: { a: 2 } }, '0 of 1 row match.'],
    ['aggregate', { rows: people, column: 'age', function: 'highest' }, 'The largest age is 41.'],
    [
      'aggregate',
      { rows: people, column: 'age', by: 'city', function: 'mean' },
      'The average age by city is 37.5 for Berlin and 29 for Rome.',
    ],
    ['chart_data', { rows: people, x: 'name', y: 'age' }, 'Here is age by name: 3 points from 29 to 41.'],
  ]
  for (const [name, parameters, text] of answers) assert.equal((await perform(name, parameters)).text, text)
})

test('rows of one action are what the next one takes', async () => {
  const read = await perform('read', { text: people })
  const kept = await perform('filter', {
    rows: (read.data as { rows: object[] }).rows,
    where: 'city is Berlin',
  })
  const rows = (kept.data as { rows: object[] }).rows
  assert.deepEqual(rows, [
    { name: 'Ida', age: 34, city: 'Berlin' },
    { name: 'Lu', age: 41, city: 'Berlin' },
  ])
  assert.equal(
    (await perform('aggregate', { rows, column: 'age', function: 'sum' })).text,
    'The total age is 75.',
  )
})

test('parameters that make no sense are refused with a sentence', async () => {
  const refused: readonly (readonly [string, object])[] = [
    ['calculate', { expression: 'one plus banana' }],
    ['convert', { value: 5, from: 'miles', to: 'kilograms' }],
    ['read', { text: '[1]' }],
    ['filter', { rows: people, where: 'height > 3' }],
    ['aggregate', { rows: people, column: 'name', function: 'sum' }],
    ['aggregate', { rows: people, column: 'age', function: 'variance' }],
    ['chart_data', { rows: people, x: 'age', y: 'name' }],
  ]
  for (const [name, parameters] of refused) await assert.rejects(perform(name, parameters), ActionError, name)
})

test('parameters beyond the bounds do not pass the schema', () => {
  const beyond: readonly (readonly [string, object])[] = [
    ['calculate', { expression: '1'.repeat(501) }],
    ['calculate', { expression: '1', precision: 3 }],
    ['read', { text: 'a', format: 'xml' }],
    ['filter', { rows: Array.from({ length: 10_001 }, () => ({})), where: 'a = 1' }],
    ['aggregate', { rows: [], column: 'a', function: '' }],
  ]
  for (const [name, parameters] of beyond)
    assert.equal(Value.Check(data.actions[name]?.parameters ?? {}, parameters), false, name)
})

test('every action can be said in many ways, and asks for what was left out', () => {
  for (const [name, action] of Object.entries(data.actions)) {
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
