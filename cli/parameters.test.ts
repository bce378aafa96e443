import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayParameters } from './parameters.ts'

const saying = (properties: object, required: string[] = []) =>
  sayParameters({ type: 'object', properties, required })

test('parameters are named with their form, and those that may be left out have a question mark', () => {
  assert.equal(saying({}), '{}')
  assert.equal(
    saying({ items: { type: 'array', items: { type: 'string' } }, list: { type: 'string' } }, ['items']),
    '{items: list of text, list?: text}',
  )
  const forms: [form: object, said: string][] = [
    [{ enum: ['low', 1] }, '"low" or 1'],
    [{ const: true }, 'true'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }, { type: 'integer' }] }, 'whole number or null'],
    [{ type: ['number', 'boolean'] }, 'number or true or false'],
    [{ type: 'string', format: 'date-time' }, 'time'],
    [{ type: 'object' }, 'object'],
    [{}, 'anything'],
    [{ type: 'array', items: true }, 'list'],
    [{ type: 'array', items: { properties: { a: { type: 'number' } } } }, 'list of {a?: number}'],
  ]
  for (const [form, said] of forms) assert.equal(saying({ x: form }, ['x']), `{x: ${said}}`)
})

test('however deep a schema goes, what is said of it ends', () => {
  let deep: object = { type: 'object', properties: {} }
  for (let depth = 0; depth < 5_000; depth += 1) deep = { type: 'object', properties: { a: deep } }
  assert.equal(sayParameters(deep), '{a?: {a?: {a?: {a?: {a?: object}}}}}')
})
