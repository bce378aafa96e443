import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSame, merge, reverse, toState, toText } from './kinds.ts'
import type { State, Step } from './kinds.ts'

const step = (target: string, before: State | undefined, after: State | undefined): Step => ({
  kind: 'record',
  target,
  before,
  after,
})
const [one, two, three] = [{ n: 1 }, { n: 2 }, { n: 3 }]

test('states are the same whatever the order of their keys, and nothing is not an empty object', () => {
  assert.equal(isSame({ a: 1, b: { c: [1], d: null } }, { b: { d: null, c: [1] }, a: 1 }), true)
  assert.equal(isSame({ a: 1, b: undefined }, { a: 1 }), true)
  assert.equal(isSame(undefined, undefined), true)
  const others: readonly (readonly [State | undefined, State | undefined])[] = [
    [{ a: 1 }, { a: '1' }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [undefined, {}],
  ]
  for (const [a, b] of others) assert.equal(isSame(a, b), false, JSON.stringify([a, b]))
})

test('the reverse takes the last step back first, and twice reversed is as before', () => {
  const steps = [step('a', undefined, one), step('b', one, undefined)]
  assert.deepEqual(reverse(steps), [step('b', undefined, one), step('a', one, undefined)])
  assert.deepEqual(reverse(reverse(steps)), steps)
})

test('steps on one object become one, from the first state to the last', () => {
  const steps = [step('a', undefined, one), step('b', one, two), step('a', one, two), step('a', two, three)]
  assert.deepEqual(merge(steps), [step('a', undefined, three), step('b', one, two)])
})

test('what ends as it began is no step, and objects of two kinds are two', () => {
  assert.deepEqual(merge([step('a', one, two), step('a', two, { ...one })]), [])
  assert.deepEqual(merge([step('a', undefined, one), step('a', one, undefined)]), [])
  const memory = { ...step('a', one, two), kind: 'memory' }
  assert.deepEqual(merge([step('a', one, two), memory]), [step('a', one, two), memory])
})

test('a state survives being kept as text, and so does its absence', () => {
  for (const state of [undefined, {}, { deep: { text: 'ü', none: null, '1': [0] } }])
    assert.deepEqual(toState(toText(state)), state)
})
