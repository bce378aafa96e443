import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../test/clock.ts'
import { JobTimer } from './job-timer.ts'

function timer(start = 0) {
  const clock = fakeClock(start)
  const rang: number[] = []
  return { clock, rang, timer: new JobTimer(clock, () => rang.push(clock.now())) }
}

test('of several times the earliest rings, once', () => {
  const { clock, rang, timer: one } = timer()
  for (const at of [500, 100, 300]) one.wake(at)
  clock.advance(1_000)
  assert.deepEqual(rang, [100])
  one.wake(1_200)
  clock.advance(1_000)
  assert.deepEqual(rang, [100, 1_200])
})

test('a time that has passed rings at once, and never within the call', () => {
  const { clock, rang, timer: one } = timer(1_000)
  one.wake(10)
  assert.deepEqual(rang, [])
  clock.advance(0)
  assert.deepEqual(rang, [1_000])
})

test('a far time rings once, and within a minute when the clock is set forward to it', () => {
  const { clock, rang, timer: one } = timer()
  one.wake(10 * 86_400_000)
  clock.advance(10 * 86_400_000)
  assert.deepEqual(rang, [10 * 86_400_000])
  one.wake(20 * 86_400_000)
  clock.jump(10 * 86_400_000)
  clock.advance(60_000)
  assert.equal(rang.length, 2)
})

test('a timer that was stopped rings never again', () => {
  const { clock, rang, timer: one } = timer()
  one.wake(100)
  one.stop()
  one.wake(200)
  clock.advance(1_000)
  assert.deepEqual(rang, [])
})
