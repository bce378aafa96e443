import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { State } from './kinds.ts'
import { diff, revert, valuesIn } from './patch.ts'

/** Small states whose fields often meet. */
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.constantFrom(1, 2, 'x', null), fc.array(fc.constantFrom(1, 2), { maxLength: 2 })),
  fields: fc.dictionary(fc.constantFrom('a', 'b', 'c/d', '__proto__'), tie('any'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  any: fc.oneof({ maxDepth: 2 }, tie('leaf'), tie('fields')),
})).fields
const state = fc.option(value as fc.Arbitrary<State>, { nil: undefined })

test('a change is told field by field, arrays and missing states as wholes', () => {
  const before = { name: 'a', config: { x: 1, list: [1, 2], 'p/q': 1 } }
  const after = { name: 'b', config: { x: 1, list: [2], y: null } }
  assert.deepEqual(diff(before, after), [
    { op: 'replace', path: '/config/list', value: [2] },
    { op: 'remove', path: '/config/p~1q' },
    { op: 'add', path: '/config/y', value: null },
    { op: 'replace', path: '/name', value: 'b' },
  ])
  assert.deepEqual(diff(undefined, { a: 1 }), [{ op: 'add', path: '', value: { a: 1 } }])
  assert.deepEqual(diff({ a: 1 }, undefined), [{ op: 'remove', path: '' }])
  assert.deepEqual(diff(before, structuredClone(before)), [])
})

test('what was changed since elsewhere stays, and what was changed at the same place is a conflict by name', () => {
  const [before, after] = [
    { name: 'a', config: { x: 1 } },
    { name: 'b', config: { x: 2 } },
  ]
  assert.deepEqual(revert({ ...after, more: 3 }, before, after), { state: { ...before, more: 3 } })
  assert.deepEqual(revert({ name: 'c', config: { x: 2 } }, before, after), { conflicts: ['/name'] })
  assert.deepEqual(revert({ name: 'c', config: {} }, before, after), { conflicts: ['/config/x', '/name'] })
  assert.deepEqual(revert(undefined, before, after), { conflicts: ['/config/x', '/name'] })
  // What the field was in is gone: to put it back there would bring back only half.
  assert.deepEqual(revert({}, { config: { x: 1, y: 1 } }, { config: { y: 1 } }), { conflicts: ['/config/x'] })
})

test('a making is taken back only while all of it is as it was made, and so is a deletion', () => {
  assert.deepEqual(revert({ a: 1 }, undefined, { a: 1 }), { state: undefined })
  assert.deepEqual(revert({ a: 2 }, undefined, { a: 1 }), { conflicts: [''] })
  assert.deepEqual(revert(undefined, { a: 1 }, undefined), { state: { a: 1 } })
  assert.deepEqual(revert({ a: 1 }, { a: 1 }, undefined), { conflicts: [''] })
})

test('whatever a change is, taking it back at once gives what was before, and taking that back what was after', () => {
  fc.assert(
    fc.property(state, state, (before, after) => {
      assert.deepEqual(revert(after, before, after), { state: before })
      assert.deepEqual(revert(before, after, before), { state: after })
    }),
    { numRuns: 2_000, seed: 3 },
  )
})

test('taking back the first of two changes leaves what the second did, or names where they meet', () => {
  let [kept, met] = [0, 0]
  fc.assert(
    fc.property(
      value as fc.Arbitrary<State>,
      value as fc.Arbitrary<State>,
      value as fc.Arbitrary<State>,
      (a, b, c) => {
        const reverted = revert(c, a, b)
        const places = new Set(diff(b, c).map(({ path }) => path))
        const first = diff(a, b).map(({ path }) => path)
        if ('conflicts' in reverted) {
          met += 1
          for (const path of reverted.conflicts)
            assert.ok(
              [...places].some((other) => path.startsWith(other) || other.startsWith(path)),
              path,
            )
          return
        }
        kept += 1
        // What is left of the second change is all of it.
        const [then, second, left] = [valuesIn(b), valuesIn(c), valuesIn(reverted.state)]
        for (const path of [...(then?.keys() ?? []), ...(second?.keys() ?? [])])
          if (then?.get(path) !== second?.get(path)) assert.equal(left?.get(path), second?.get(path), path)
        for (const { path } of diff(c, reverted.state))
          assert.ok(
            first.some((other) => path.startsWith(other)),
            path,
          )
      },
    ),
    { numRuns: 2_000, seed: 4 },
  )
  assert.ok(kept > 100 && met > 100, `${kept} ${met}`)
})

test('an object that a change brought goes with what the change put there, and no more', () => {
  const brought = [{ a: {} }, { a: { b: { x: 1, e: {} } } }] as const
  assert.deepEqual(revert({ a: { b: { x: 1, y: 2, e: {} } } }, ...brought), { state: { a: { b: { y: 2 } } } })
  assert.deepEqual(revert({ a: { b: { x: 3 } } }, ...brought), { conflicts: ['/a/b/x'] })
  assert.deepEqual(revert({ a: { b: 1 } }, ...brought), { conflicts: ['/a/b/x'] })
  const [before, after] = [brought[1], brought[0]]
  assert.deepEqual(revert({ a: { b: { y: 2 } } }, before, after), {
    state: { a: { b: { x: 1, y: 2, e: {} } } },
  })
  assert.deepEqual(revert({ a: { b: 1 } }, before, after), { conflicts: ['/a/b/x'] })
})
