import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock, seededRandom } from './clock.ts'

test('callbacks fire in the order of their due times, equal ones in the order in which they were made', () => {
  const clock = fakeClock(1_000)
  const fired: string[] = []
  clock.after(20, () => fired.push(`late at ${clock.now()}`))
  clock.after(10, () => fired.push(`first at ${clock.now()}`))
  clock.after(10, () => fired.push(`second at ${clock.now()}`))
  clock.advance(9)
  assert.deepEqual(fired, [])
  clock.advance(11)
  assert.deepEqual(fired, ['first at 1010', 'second at 1010', 'late at 1020'])
})

test('a callback that is set by a callback fires within the same advance when it falls due there', () => {
  const clock = fakeClock(0)
  const fired: number[] = []
  const tick = (): void => {
    fired.push(clock.now())
    clock.after(10, tick)
  }
  clock.after(10, tick)
  clock.advance(35)
  assert.deepEqual(fired, [10, 20, 30])
  assert.equal(clock.now(), 35)
})

test('a cancelled callback never fires', () => {
  const clock = fakeClock(0)
  const cancel = clock.after(5, () => assert.fail('it fired'))
  cancel()
  clock.advance(10)
})

test('setting the wall clock back moves neither elapsed time nor timers', () => {
  const clock = fakeClock(10_000)
  let fired = false
  clock.after(5, () => (fired = true))
  clock.jump(-8_000)
  assert.deepEqual([clock.now(), clock.elapsed(), fired], [2_000, 0, false])
  clock.advance(5)
  assert.deepEqual([clock.now(), clock.elapsed(), fired], [2_005, 5, true])
})

test('a seed gives the same bytes again, and another seed others', () => {
  assert.deepEqual(seededRandom(7)(32), seededRandom(7)(32))
  assert.notDeepEqual(seededRandom(7)(32), seededRandom(8)(32))
  const random = seededRandom(7)
  assert.notDeepEqual(random(32), random(32))
  assert.equal(new Set(seededRandom(0)(64)).size > 32, true)
})
