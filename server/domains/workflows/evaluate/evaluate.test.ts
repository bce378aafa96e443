import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile, compileCondition, evaluate, evaluateCondition } from './expression.ts'
import { EvaluationError } from './place.ts'
import { budget, scope, valueOf } from './rig.ts'
import type { Json } from './value.ts'

function failureOf(source: string, input: Json = {}): { message: string; position: number } {
  try {
    return { message: `It gave ${JSON.stringify(valueOf(source, input))}.`, position: -1 }
  } catch (error) {
    assert.ok(error instanceof EvaluationError, String(error))
    return { message: error.message, position: error.place.position }
  }
}

function holds(source: string, input: Json = {}): boolean {
  return evaluateCondition(compileCondition(source), scope({ input }), budget())
}

test('a condition is true or false, and anything else is said', () => {
  assert.equal(holds('input.total > 100', { total: 101 }), true)
  assert.equal(holds('input.total > 100', { total: 100 }), false)
  const given: readonly (readonly [string, string])[] = [
    ['"yes"', 'a text'],
    ['1', 'a number'],
    ['null', 'null'],
    ['input.missing', 'nothing (undefined)'],
    ['[]', 'an array'],
    ['input', 'an object'],
    ['0 / 0', 'a number'],
  ]
  for (const [source, kind] of given) {
    const message = `A condition is true or false; this one gave ${kind}.`
    assert.throws(() => holds(source), { name: 'EvaluationError', message }, source)
  }
})

test('reading from nothing is said with what was to be read, where it is written', () => {
  const failures: readonly (readonly [string, string, number])[] = [
    ['input.a.b', 'There is no b to read of nothing (undefined).', 8],
    ['1 + input.none.size', 'There is no size to read of null.', 15],
    ['input.none[0]', 'There is no 0 to read of null.', 11],
    ['input.none[input.key]', 'There is no such field to read of null.', 11],
    ['input.none.trim()', 'There is no trim() of null.', 11],
    ['input.n.trim()', 'There is no trim() of a number.', 8],
    ['input.trim()', 'There is no trim() of an object.', 6],
    ['[1].trim()', 'There is no trim() of an array.', 4],
    ['(input?.a?.b).c', 'There is no c to read of nothing (undefined).', 14],
    ['"a" in "abc"', 'Only an object or an array can be asked with `in`; this is a text.', 0],
    ['[...input]', 'Only an array or a text has elements; this is an object.', 4],
    ['[].reduce((a, b) => a)', 'An empty array cannot be reduced without a value to begin with.', 3],
    ['JSON.parse("{")', 'This text is no JSON.', 0],
    ['(5).toFixed(101)', 'This takes a number from 0 to 100, and not 101.', 4],
    ['"a".repeat(-1)', 'A text cannot be repeated -1 times.', 4],
    ['Object.keys(null)', 'This has no fields: it is null.', 0],
    ['Object.fromEntries([1])', 'An entry is a pair of key and value; this is a number.', 0],
    ['JSON.stringify(1, [])', 'JSON.stringify takes null as its second argument, and nothing else.', 0],
  ]
  for (const [source, message, position] of failures)
    assert.deepEqual(failureOf(source, { none: null, n: 1 }), { message, position }, source)
})

test('only what JSON can hold is a result', () => {
  assert.equal(failureOf('0 / 0').message, 'The result is NaN, which is no number that JSON can hold.')
  assert.equal(
    failureOf('[{ a: -1 / 0 }]').message,
    'The result is -Infinity, which is no number that JSON can hold.',
  )
  assert.equal(failureOf('{ ["__proto__"]: 1 }').message, 'An object cannot have a key __proto__.')
  assert.equal(valueOf('undefined'), null)
  assert.deepEqual(valueOf('[undefined, { a: undefined, b: null }]'), [null, { b: null }])
  assert.ok(Object.is(valueOf('-0'), 0))
  assert.ok(Object.is(valueOf('1 / [-0][0] === -Infinity'), true))
})

test('a name that objects inherit is data or nothing', () => {
  const names = [
    'constructor',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'prototype',
    'then',
  ]
  for (const name of names) {
    for (const receiver of ['input', 'input.list', '"text"', '(5)', 'true', 'input.list[0]', '[]', '({})'])
      assert.equal(
        valueOf(`${receiver}.${name} ?? ${receiver}["${name}"] ?? null`, { list: [1] }),
        null,
        `${receiver}.${name}`,
      )
    assert.equal(valueOf(`"${name}" in input || Object.hasOwn(input, "${name}")`), false)
    assert.equal(valueOf(`input.${name}`, { [name]: 'data' }), 'data')
  }
  assert.equal(valueOf('input["__pro" + "to__"] ?? "nothing"'), 'nothing')
})

test('a key __proto__ in the data is read as data and reaches no prototype', () => {
  const input = JSON.parse('{"__proto__": {"polluted": 1}, "list": [["__proto__", 1]]}') as Json
  assert.equal(valueOf('input["__proto" + "__"].polluted', input), 1)
  for (const source of [
    'input',
    '{ ...input }',
    'Object.fromEntries(input.list)',
    'JSON.parse(JSON.stringify(input))',
  ])
    assert.equal(failureOf(source, input).message, 'An object cannot have a key __proto__.', source)
  assert.equal(valueOf('({ ...vars }).polluted ?? null', input), null)
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})

test('what is made shares nothing with what was read, and nothing read is changed', () => {
  const input = { list: [{ n: 2 }, { n: 1 }] }
  const made = valueOf('{ all: input.list, same: input }', input) as { all: object; same: object }
  assert.deepEqual(made, { all: input.list, same: input })
  assert.notEqual(made.all, input.list)
  assert.notEqual(made.same, input)
  assert.deepEqual(
    valueOf('[input.list.sort((a, b) => a.n - b.n)[0].n, input.list.reverse()[0].n]', input),
    [1, 1],
  )
  assert.deepEqual(input, { list: [{ n: 2 }, { n: 1 }] })
})

test('a parameter hides the name outside, and each function has its own', () => {
  assert.deepEqual(valueOf('[1, 2].map(x => [10, 20].map(y => x + y).concat([5].map(x => x)).concat(x))'), [
    [11, 21, 5, 1],
    [12, 22, 5, 2],
  ])
  assert.deepEqual(valueOf('[1].map(input => input)'), [1])
  assert.deepEqual(valueOf('["a"].map(Math => Math.length)'), [1])
  assert.deepEqual(valueOf('[[1, { a: [2, 3] }]].map(([x, { a: [, y] }]) => x + y)'), [4])
  assert.equal(failureOf('[null].map(({ a }) => a)').message, 'There are no fields of null.')
})

test('one reading serves many evaluations, and none of them knows of another', () => {
  const compiled = compile('input.list.map(x => x * 2)')
  assert.deepEqual(evaluate(compiled, scope({ input: { list: [1, 2] } }), budget()), [2, 4])
  assert.throws(() => evaluate(compiled, scope({ input: {} }), budget()), EvaluationError)
  assert.deepEqual(evaluate(compiled, scope({ input: { list: [3] } }), budget()), [6])
  assert.equal(failureOf('[1, undefined].map((x, i, all) => all[9] ?? x).length').message, 'It gave 2.')
})

test('texts are put in the order of dictionaries, the same on every machine', () => {
  assert.deepEqual(valueOf('["z", "ä", "a", "Z", "B"].sort((a, b) => a.localeCompare(b))'), [
    'a',
    'ä',
    'B',
    'z',
    'Z',
  ])
  assert.deepEqual(valueOf('["z", "ä", "a", "Z", "B"].sort()'), ['B', 'Z', 'a', 'z', 'ä'])
})

function order(a: string, b: string) {
  return evaluate(compile('input.a.localeCompare(input.b)'), scope({ input: { a, b } }), budget())
}

test('texts that begin alike for thousands of characters are in the order of what follows, however dear their letters', () => {
  const alike = '\ufdfa'.repeat(160_000)
  assert.deepEqual(
    [
      order(`${alike}a`, `${alike}b`),
      order(`${alike}b`, `${alike}a`),
      order(alike, alike),
      order(alike, `${alike}a`),
    ],
    [-1, 1, 0, -1],
  )
  // Dictionaries have the last word as long as what they look at differs.
  assert.equal(order(`ä${alike}`, `z${alike}`), -1)
})
