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
      launch(
        { id, user_id },
        () => {
          said.push(name)
          clock.advance(ms)
          if (name === 'throws') throw new Error(name)
        },
        (error) => said.push(String(error)),
      ),
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

test('what throws is told, and those behind it begin', async () => {
  const { said, launch } = open()
  for (const name of ['throws', 'b']) launch(name, 1)
  await nextTurn()
  assert.deepEqual(said, ['throws', 'Error: throws', 'b'])
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

test('each run that waits gets a turn of its own, with time for the work and the rest of the one before, and keeps it', () => {
  const clock = fakeClock(0)
  const pace = openPace(clock)
  const turnsOf = (...runs: string[]) => runs.map((run) => pace.takeTurn('ann', run))
  assert.deepEqual(turnsOf('a'), [0])
  pace.spent('ann', 20)
  assert.deepEqual(turnsOf('a', 'b', 'c'), [20 + 20, 80, 120])
  clock.advance(30)
  assert.deepEqual(turnsOf('c', 'a', 'b', 'a', 'd'), [90, 10, 50, 10, 130])
  // Its turn has come, and it has to wait for another.
  clock.advance(10)
  assert.deepEqual(turnsOf('a', 'b'), [160, 40])
})

test('a turn that has come goes before a rest of what was begun, and not before one of another turn', () => {
  const clock = fakeClock(0)
  const pace = openPace(clock)
  pace.spent('ann', 20)
  for (const run of ['a', 'b', 'c']) pace.takeTurn('ann', run)
  assert.equal(pace.hasTurn('ann', 'a'), false)
  clock.advance(130)
  // Another run begins something just then.
  pace.spent('ann', 200)
  assert.deepEqual(
    [pace.rest('ann') > 0, pace.hasTurn('ann', 'a'), pace.hasTurn('ann', 'a')],
    [true, true, false],
  )
  pace.spent('ann', 200)
  assert.equal(pace.hasTurn('ann', 'b'), false)
  clock.advance(pace.rest('ann'))
  assert.deepEqual([pace.hasTurn('ann', 'b'), pace.hasTurn('bob', 'c')], [true, false])
  // What took no time leaves no rest.
  pace.spent('ann', 1)
  assert.equal(pace.hasTurn('ann', 'c'), true)
})

test('no turn is further off than a minute, and others have none of it', () => {
  const clock = fakeClock(0)
  const pace = openPace(clock)
  pace.spent('ann', 20)
  for (let run = 0; run < 5_000; run += 1) pace.takeTurn('ann', String(run))
  assert.equal(pace.takeTurn('ann', 'last'), 60_000)
  assert.equal(pace.takeTurn('bob', 'last'), 0)
})

test('of more users than are known whoever worked something out longest ago is forgotten, and nobody for one who is', () => {
  const clock = fakeClock(0)
  const pace = openPace(clock)
  for (let user = 0; user < 1_000; user += 1) pace.spent(String(user), 1_000)
  pace.spent('0', 1_000)
  assert.deepEqual([pace.rest('0'), pace.rest('1')], [1_000, 1_000])
  pace.spent('new', 1_000)
  assert.deepEqual([pace.rest('0'), pace.rest('1'), pace.rest('new')], [1_000, 0, 1_000])
})
