import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { openLauncher } from './launcher.ts'
import { openPace } from './pace.ts'

function open() {
  const clock = fakeClock(0)
  const said: string[] = []
  const pace = openPace(clock)
  const launch = openLauncher(clock, pace)
  return {
    clock,
    said,
    /** Something that takes so many milliseconds before it waits for anything. */
    launch: (name: string, ms: number, user_id = 'ann', id = 'run') =>
      launch({ id, user_id }, () => {
        said.push(name)
        clock.advance(ms)
      }),
  }
}

test('after what is dear others have as long for themselves, whoever asks for it', async () => {
  const { clock, said, launch } = open()
  for (const name of ['a', 'b', 'c']) launch(name, 40)
  for (const wanted of ['a', 'a b', 'a b c']) {
    assert.equal(said.join(' '), wanted)
    clock.advance(39)
    await nextTurn()
    assert.equal(said.join(' '), wanted)
    clock.advance(1)
    await nextTurn()
  }
  launch('d', 1)
  assert.equal(said.join(' '), 'a b c d')
})

test('nobody rests for longer than a second', async () => {
  const { clock, said, launch } = open()
  for (const name of ['a', 'b']) launch(name, 5_000)
  clock.advance(1_000)
  await nextTurn()
  assert.deepEqual(said, ['a', 'b'])
})

test('one user rests alone, with all runs of theirs', async () => {
  const { clock, said, launch } = open()
  for (const name of ['a', 'b']) launch(name, 40)
  launch('c', 1, 'bob')
  await nextTurn()
  assert.deepEqual(said, ['a', 'c'])
  clock.advance(40)
  await nextTurn()
  assert.deepEqual(said, ['a', 'c', 'b'])
})

test('of what is cheap as much begins as a turn has room for, and the rest in the next one', async () => {
  const { said, launch } = open()
  for (let count = 0; count < 10; count += 1) launch(String(count), 4)
  await Promise.resolve()
  assert.ok(said.length >= 1 && said.length < 10, String(said.length))
  for (let turns = 0; turns < 8; turns += 1) await nextTurn()
  assert.equal(said.length, 10)
})

test('runs of one user take turns, so that one with much to begin keeps no other from beginning', async () => {
  const { clock, said, launch } = open()
  for (const name of ['a1', 'a2', 'a3']) launch(name, 40, 'ann', 'a')
  launch('b1', 1, 'ann', 'b')
  clock.advance(40)
  await nextTurn()
  assert.deepEqual(said, ['a1', 'a2'])
})

test('whoever waits gets a turn of its own, with time for the work and the rest of the one before, and within a minute', () => {
  const clock = fakeClock(0)
  const pace = openPace(clock)
  assert.equal(pace.turn('ann'), 0)
  pace.spent('ann', 20)
  assert.deepEqual([pace.turn('ann'), pace.turn('ann'), pace.turn('ann')], [20 + 20, 80, 120])
  clock.advance(100)
  assert.equal(pace.turn('ann'), 60)
  for (let waiting = 0; waiting < 5_000; waiting += 1) pace.turn('ann')
  assert.equal(pace.turn('ann'), 60_000)
  assert.equal(pace.turn('bob'), 0)
})
