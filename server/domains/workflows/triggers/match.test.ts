import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Json } from '../evaluate/value.ts'
import { matches } from './match.ts'

const YES: readonly (readonly [Json, Json])[] = [
  [1, 1],
  [0, -0],
  ['', ''],
  [null, null],
  [false, false],
  [[], []],
  [{}, {}],
  [{ a: 1, b: 2 }, {}],
  [{ a: 1, b: 2 }, { b: 2 }],
  [{ a: null }, { a: null }],
  [{ a: { b: { c: [1, { d: 2, e: 3 }] }, x: 0 } }, { a: { b: { c: [1, { d: 2 }] } } }],
  [
    [{ a: 1, b: 2 }, 3],
    [{ a: 1 }, 3],
  ],
  [JSON.parse('{"__proto__": {"a": 1}, "b": 2}') as Json, JSON.parse('{"__proto__": {"a": 1}}') as Json],
  [{ constructor: 1 }, { constructor: 1 }],
]

const NO: readonly (readonly [Json, Json])[] = [
  [1, 2],
  [1, '1'],
  [0, false],
  [0, ''],
  ['', null],
  [null, {}],
  [null, []],
  ['text', {}],
  [{}, null],
  [{}, []],
  [[], {}],
  [{ length: 0 }, []],
  [[1], { 0: 1 }],
  [{ a: 1 }, { b: 1 }],
  [{}, { a: null }],
  [{ a: {} }, { a: null }],
  [{ a: null }, { a: {} }],
  [{ a: 1 }, { a: { b: 1 } }],
  [{ a: [1, 2] }, { a: [1] }],
  [{ a: [1] }, { a: [1, 2] }],
  [{ a: [1] }, { a: [1, null] }],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: 'Ä' }, { a: 'A\u0308' }],
  [{ a: 'x' }, { a: 'X' }],
  [{}, { constructor: null }],
  [{}, { toString: {} }],
  [{}, JSON.parse('{"__proto__": {}}') as Json],
  [[], { length: 0 }],
]

test('data matches what it has of it, by the same values in the same places, and nothing that is inherited', () => {
  for (const [data, wanted] of YES) assert.equal(matches(data, wanted), true, show(data, wanted))
  for (const [data, wanted] of NO) assert.equal(matches(data, wanted), false, show(data, wanted))
})

function show(data: Json, wanted: Json): string {
  return `${JSON.stringify(data)} and ${JSON.stringify(wanted)}`
}

const anything = fc.jsonValue({ maxDepth: 5 }).map((value) => value as Json)

/** A part of a value: objects with some of their fields left out, at any depth. */
function partOf(value: Json, keeps: () => boolean): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => partOf(item, keeps))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value as Record<string, Json>).filter(() => keeps())
  return Object.fromEntries(kept.map(([name, item]) => [name, partOf(item, keeps)]))
}

/** Where the leaves of a value are: what is neither a list nor an object with something in it. */
function leavesOf(value: Json, path: readonly string[] = []): (readonly string[])[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value as object) : []
  if (entries.length === 0) return [path]
  return entries.flatMap(([name, item]) => leavesOf(item as Json, [...path, name]))
}

/** The value with another leaf in one place. */
function changed(value: Json, [name, ...rest]: readonly string[], leaf: Json): Json {
  if (name === undefined) return leaf
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, index) =>
      String(index) === name ? changed(item, rest, leaf) : item,
    )
  const entries = Object.entries(value as Record<string, Json>)
  return Object.fromEntries(
    entries.map(([key, item]) => [key, key === name ? changed(item, rest, leaf) : item]),
  )
}

function at(value: Json, path: readonly string[]): Json {
  let place: unknown = value
  for (const name of path) place = (place as Record<string, unknown>)[name]
  return place as Json
}

test('everything matches itself and every part of itself', () => {
  fc.assert(
    fc.property(anything, fc.infiniteStream(fc.boolean()), (value, coins) => {
      const keeps = (): boolean => coins.next().value === true
      assert.ok(matches(value, structuredClone(value)))
      assert.ok(matches(value, partOf(value, keeps)))
    }),
    { numRuns: 500 },
  )
})

test('a part of a part matches what the whole matches', () => {
  fc.assert(
    fc.property(anything, anything, fc.infiniteStream(fc.boolean()), (data, wanted, coins) => {
      const keeps = (): boolean => coins.next().value === true
      const part = partOf(data, keeps)
      for (const one of [wanted, partOf(part, keeps)])
        if (matches(part, one)) assert.ok(matches(data, one), show(data, one))
    }),
    { numRuns: 500 },
  )
})

test('with one leaf changed nothing matches any more, in either direction', () => {
  fc.assert(
    fc.property(anything, fc.nat(), fc.constantFrom<Json>('other', 0.5, true, null), (value, which, leaf) => {
      const leaves = leavesOf(value)
      const path = leaves[which % leaves.length] ?? []
      const before = at(value, path)
      fc.pre(before !== leaf)
      const other = changed(value, path, leaf)
      assert.equal(matches(value, other), false, show(value, other))
      assert.equal(matches(other, value), false, show(other, value))
    }),
    { numRuns: 500 },
  )
})
