import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overlaps, pin } from './pinned.ts'

const places = new Map([
  ['a', { x: 0, y: 0 }],
  ['b', { x: 280, y: 0 }],
  ['c', { x: 280, y: 84 }],
])

test('a node that was moved is where it was moved to, and the others stay', () => {
  const moved = new Map([['a', { x: -500.5, y: 900 }]])
  assert.deepEqual([...pin(places, moved)], [['a', { x: -500.5, y: 900 }], ...[...places].slice(1)])
  assert.deepEqual([...pin(places, new Map([['gone', { x: 280, y: 0 }]]))], [...places])
})

test('what lies under a moved node goes below it, and below everything that is there', () => {
  const placed = pin(places, new Map([['a', { x: 300, y: 10 }]]))
  assert.deepEqual(placed.get('b'), { x: 280, y: 168 })
  const all = [...placed.values()]
  for (const [index, one] of all.entries())
    for (const other of all.slice(index + 1)) assert.equal(overlaps(one, other), false)
})

test('nodes that a user put on each other stay on each other', () => {
  const at = { x: 5, y: 5 }
  const placed = pin(
    places,
    new Map([
      ['b', at],
      ['c', at],
    ]),
  )
  assert.deepEqual([placed.get('b'), placed.get('c')], [at, at])
  assert.deepEqual(placed.get('a'), { x: 0, y: 89 })
})

test('nodes overlap when they share room, and not when they only touch', () => {
  const at = { x: 0, y: 0 }
  assert.equal(overlaps(at, { x: 179, y: 55 }), true)
  assert.equal(overlaps(at, { x: 180, y: 0 }), false)
  assert.equal(overlaps(at, { x: 0, y: -56 }), false)
})
