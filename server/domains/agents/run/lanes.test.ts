import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openLanes } from './lanes.ts'

/** Holders of places, each of which notes when it gets in. */
function openPlaces(places: number) {
  const acquire = openLanes(places)
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  const enter = (name: string, lane = 'one', signal = new AbortController().signal) =>
    acquire(lane, signal).then((release) => {
      inside.push(name)
      leave.set(name, release)
    })
  return { enter, inside, leave: (name: string) => leave.get(name)?.() }
}

test('whoever finds no place waits for one, in order, and other lanes do not wait for it', async () => {
  const { enter, inside, leave } = openPlaces(2)
  for (const name of ['a', 'b', 'c', 'd']) void enter(name)
  await enter('x', 'two')
  assert.deepEqual(inside, ['a', 'b', 'x'])
  leave('b')
  await nextTurn()
  assert.deepEqual(inside, ['a', 'b', 'x', 'c'])
  leave('a')
  leave('c')
  await nextTurn()
  void enter('e')
  await nextTurn()
  assert.deepEqual(inside, ['a', 'b', 'x', 'c', 'd', 'e'])
})

test('whoever leaves while waiting takes no place from others', async () => {
  const { enter, inside, leave } = openPlaces(1)
  await enter('a')
  const gone = new AbortController()
  const waiting = enter('b', 'one', gone.signal)
  const last = enter('c')
  gone.abort(new Error('Gone.'))
  await assert.rejects(waiting, { message: 'Gone.' })
  leave('a')
  await last
  assert.deepEqual(inside, ['a', 'c'])
  await assert.rejects(enter('d', 'one', gone.signal), { message: 'Gone.' })
})
