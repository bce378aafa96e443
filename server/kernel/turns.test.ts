import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../test/clock.ts'
import { START, openTestStore, turnsDuring } from './rig.ts'
import { openTurns } from './turns.ts'

test('work that lasts lets others in each time that 10 ms have gone by, and not before', async () => {
  const clock = fakeClock(START)
  const breathe = openTurns(clock)
  const work = async (pieces: number, ms: number) => {
    for (let piece = 0; piece < pieces; piece += 1) {
      clock.advance(ms)
      await breathe()
    }
  }
  assert.equal(await turnsDuring(() => work(1_000, 0)), 0)
  assert.equal(await turnsDuring(() => work(9, 1)), 0)
  assert.equal(await turnsDuring(() => work(1, 1)), 1)
  assert.equal(await turnsDuring(() => work(95, 1)), 9)
  assert.equal(await turnsDuring(() => work(3, 1_000)), 3)
})

test('setting the wall clock gives no turn and takes none', async () => {
  const clock = fakeClock(START)
  const breathe = openTurns(clock)
  clock.jump(3_600_000)
  assert.equal(await turnsDuring(breathe), 0)
  clock.jump(-7_200_000)
  clock.advance(10)
  assert.equal(await turnsDuring(breathe), 1)
})

test('a transaction that breathes stays one: nobody sees half of it, and nobody writes in between', async (t) => {
  const { store, clock, items } = openTestStore(t)
  const breathe = openTurns(clock)
  const add = (id: string) =>
    store.write((tx) => Promise.resolve(tx.connection.run('INSERT INTO items VALUES (?)', [id])))
  const seen: string[][] = []
  const long = store.write(async (tx) => {
    for (const id of ['a', 'b', 'c']) {
      tx.connection.run('INSERT INTO items VALUES (?)', [id])
      clock.advance(10)
      await breathe()
      seen.push(items())
    }
  })
  const other = add('x')
  await long
  assert.deepEqual(seen, [[], [], []])
  await other
  assert.deepEqual(items(), ['a', 'b', 'c', 'x'])
})
