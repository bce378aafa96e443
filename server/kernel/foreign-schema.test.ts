import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSchemaIssues, findValueIssues } from './foreign-schema.ts'

const paths = (schema: unknown) => findSchemaIssues(schema, '/s').map(({ path }) => path)

test('what costs no more than reading the value is understood, at any place', () => {
  const item = {
    anyOf: [
      { type: 'string', maxLength: 5 },
      { type: 'integer', minimum: 0 },
    ],
  }
  const schema = { type: 'object', properties: { list: { type: 'array', items: item } }, required: ['list'] }
  assert.deepEqual(paths(schema), [])
  assert.deepEqual(findValueIssues(schema, { list: ['a', 7] }), [])
  assert.notDeepEqual(findValueIssues(schema, { list: ['too long'] }), [])
  assert.deepEqual(paths(true), [])
})

test('references, patterns, conditions and what is no schema are refused by their place', () => {
  const cases: [unknown, string[]][] = [
    [{ $ref: '#/x' }, ['/s/$ref']],
    [{ properties: { a: { pattern: '(a+)+$' } } }, ['/s/properties/a/pattern']],
    [{ patternProperties: { x: true } }, ['/s/patternProperties']],
    [{ if: true }, ['/s/if']],
    [{ items: 7 }, ['/s/items']],
    [{ anyOf: {} }, ['/s/anyOf']],
    [{ properties: [] }, ['/s/properties']],
    [null, ['/s']],
    [[], ['/s']],
  ]
  for (const [schema, expected] of cases) assert.deepEqual(paths(schema), expected, JSON.stringify(schema))
})

test('depth, parts, alternatives and size have a bound each, and a value has one, too', () => {
  let deep: object = {}
  for (let depth = 0; depth < 14; depth += 1) deep = { not: deep }
  assert.equal(paths(deep).length, 1)
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`p${index}`, true]))
  assert.deepEqual(paths({ properties: many }), ['/s'])
  assert.deepEqual(paths({ anyOf: Array.from({ length: 33 }, () => true) }), ['/s/anyOf'])
  assert.deepEqual(paths({ description: 'x'.repeat(32_768) }), ['/s'])
  assert.deepEqual(findValueIssues({}, 'x'.repeat(262_143))[0]?.path, '')
  assert.deepEqual(findValueIssues({}, 'x'.repeat(262_142)), [])
})
