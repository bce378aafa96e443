import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { operations } from '../../contract/index.ts'
import { object } from '../../contract/operation.ts'
import { findIssues } from './validate.ts'

const Pet = object({
  name: Type.String({ minLength: 1, maxLength: 5 }),
  kind: Type.Enum(['cat', 'dog']),
  age: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })),
  tags: Type.Optional(Type.Array(Type.String(), { maxItems: 2 })),
})

const TOM = { name: 'Tom', kind: 'cat' }

test('a value that follows its schema has no issues, and is not changed', () => {
  const value = { ...TOM, age: 0, tags: [] }
  assert.deepEqual(findIssues(Pet, value), [])
  assert.deepEqual(value, { ...TOM, age: 0, tags: [] })
  assert.deepEqual(findIssues(Type.Unknown(), undefined), [])
})

test('everything that is wrong is told at once, each at its place', () => {
  const issues = findIssues(Pet, { name: '', age: 31, tags: ['a', 1], 'a/b~c': 1 })
  assert.deepEqual(
    new Map(issues.map(({ path, message }) => [path, message])),
    new Map([
      ['/kind', 'is required'],
      ['/a~1b~0c', 'is not a known field'],
      ['/name', 'must not be empty'],
      ['/age', 'must be at most 30'],
      ['/tags/1', 'must be a text'],
    ]),
  )
  assert.equal(issues.length, 5)
})

test('nothing is taken for something else: no text for a number, no whole float, no array for an object', () => {
  const wrong = [
    { ...TOM, age: '3' },
    { ...TOM, age: 1.5 },
    { ...TOM, age: null },
    { ...TOM, name: 1 },
    [TOM],
    'x',
    null,
    undefined,
  ]
  for (const value of wrong) assert.equal(findIssues(Pet, value).length > 0, true, JSON.stringify(value))
  assert.deepEqual(findIssues(Pet, 'x'), [{ path: '', message: 'must be an object' }])
})

test('a choice names what may be chosen', () => {
  assert.deepEqual(findIssues(Pet, { ...TOM, kind: 'Cat' }), [
    { path: '/kind', message: 'must be one of cat, dog' },
  ])
})

test('a text is as long as it has characters, whatever they take', () => {
  assert.deepEqual(findIssues(Pet, { ...TOM, name: '😀😀😀😀😀' }), [])
  assert.equal(findIssues(Pet, { ...TOM, name: '😀😀😀😀😀😀' }).length, 1)
})

test('an input with very many unknown fields is refused like one with one', () => {
  for (const count of [1, 2, 99, 100, 101, 150, 5_000]) {
    const extra = Object.fromEntries(Array.from({ length: count }, (_, n) => [`extra${n}`, n]))
    const issues = findIssues(Pet, { ...TOM, ...extra })
    assert.equal(issues.length, Math.min(count, 100), `${count} fields`)
    assert.deepEqual(issues[0], { path: '/extra0', message: 'is not a known field' })
  }
})

test('fields that only look known are not: inherited names and __proto__', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const value: unknown = JSON.parse(`{"name":"Tom","kind":"cat","${name}":{}}`)
    assert.deepEqual(findIssues(Pet, value), [{ path: `/${name}`, message: 'is not a known field' }])
    const choice: unknown = JSON.parse(`{"name":"Tom","kind":"${name}"}`)
    assert.equal(findIssues(Pet, choice).length, 1)
  }
})

test('no more than 100 issues are told', () => {
  const values = Array.from({ length: 5_000 }, () => 'x')
  assert.equal(findIssues(Type.Array(Type.Integer()), values).length, 100)
})

test('whatever breaks a schema has an issue, for every kind of schema', () => {
  const cases: [Parameters<typeof findIssues>[0], unknown][] = [
    [Type.Never(), 1],
    [object({ a: Type.Optional(Type.Never()) }), { a: 1 }],
    [Type.Union([Type.String(), Type.Integer()]), true],
    [Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]), { a: '' }],
    [
      Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Integer(), { additionalProperties: false }),
      { A: 1 },
    ],
    [Type.Literal(false), true],
    [Type.String({ format: 'date-time' }), 'yesterday'],
    [Type.String({ pattern: '^a$' }), 'b'],
    [Type.Tuple([Type.String()]), ['a', 'b']],
    [Type.Array(Type.Integer(), { uniqueItems: true }), [1, 1]],
  ]
  for (const [index, [schema, value]] of cases.entries()) {
    assert.ok(findIssues(schema, value).length > 0, `case ${index}: ${JSON.stringify(value)}`)
  }
})

test('what is wrong is said in the words of people, for whatever the API asks', () => {
  const cases: [Parameters<typeof findIssues>[0], unknown, string][] = [
    [Type.Integer(), 1.5, 'must be a whole number'],
    [Type.Number(), 'x', 'must be a number'],
    [Type.Boolean(), 1, 'must be true or false'],
    [Type.Array(Type.Integer()), {}, 'must be a list'],
    [Type.Number({ minimum: 1 }), 0, 'must be at least 1'],
    [Type.Number({ exclusiveMinimum: 0 }), 0, 'must be more than 0'],
    [Type.Number({ exclusiveMaximum: 2 }), 2, 'must be less than 2'],
    [Type.Literal('en'), 'de', 'must be "en"'],
    [Type.Array(Type.Integer(), { minItems: 1 }), [], 'must not be empty'],
    [Type.String({ minLength: 2 }), 'x', 'must not have fewer than 2 characters'],
    [Type.String({ format: 'date-time' }), '', 'must be a time with an offset, such as 2027-01-31T08:00:00Z'],
    [Type.String({ pattern: '^never$' }), 'x', 'does not have the form that it must have'],
  ]
  for (const [schema, value, message] of cases)
    assert.deepEqual(findIssues(schema, value), [{ path: '', message }])
})

test('every form that the API asks for has words of its own', () => {
  const patterns = new Set<string>()
  const walk = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    if ('pattern' in schema && typeof schema.pattern === 'string') patterns.add(schema.pattern)
    for (const part of Object.values(schema)) walk(part)
  }
  for (const { input } of Object.values(operations)) walk(input)
  assert.ok(patterns.size > 3)
  const messages = [...patterns].map((pattern) => findIssues(Type.String({ pattern }), '\n')[0]?.message)
  assert.deepEqual(
    [...patterns].filter((_, index) => !/^must (?:be|have) /u.test(messages[index] ?? '')),
    [],
  )
})
