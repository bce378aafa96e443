import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asLists, byId } from './entries.ts'

const LISTS = [['config', 'services']]
const state = (...services: unknown[]) => ({ name: 'x', config: { services, more: [1] } })
const [a, b] = [
  { id: 'a', on: true },
  { id: 'b', on: false },
]

test('a list whose entries have ids is an object by id, and a list again', () => {
  const [taken] = byId([state(a, b)], LISTS)
  assert.deepEqual(taken, { name: 'x', config: { services: { a, b }, more: [1] } })
  assert.deepEqual(asLists(taken, LISTS), state(a, b))
  assert.deepEqual(
    byId([state(), undefined, state(b)], LISTS).map((one) => asLists(one, LISTS)),
    [state(), undefined, state(b)],
  )
})

test('a list stays one value where an entry has no id, two have the same, or one is a numeral', () => {
  for (const wrong of [[a, { on: true }], [a, { ...b, id: 'a' }], [{ ...a, id: '7' }], ['a'], [null]]) {
    const states = [state(a), state(...wrong)]
    assert.deepEqual(byId(states, LISTS), states)
  }
  for (const wrong of [{ name: 'x' }, { config: null }, { config: { services: 'a' } }])
    assert.deepEqual(byId([wrong], LISTS), [wrong])
})

test('a list stays one value where only the order is another: by id that would be no change', () => {
  const states = [state(a, b), state(b, a)]
  assert.deepEqual(byId(states, LISTS), states)
})
