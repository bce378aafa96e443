import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toPlan } from '../definition.ts'
import { defined, step } from '../rig.ts'
import { own } from './rig.ts'
import { settle } from './settle.ts'
import type { World } from './settle.ts'
import { NEW_STEP } from './state.ts'

const NOW = 1_000
const SOON = NOW + 20

/** A world in which everything that is worked out takes long, and what was worked out. */
function tiring(looked: string[]): World {
  return {
    now: NOW,
    time: '1970-01-01T00:00:01.000Z',
    underWay: new Map(),
    room: 1_000_000,
    isTired: () => true,
    rest: () => 0,
    hasTurn: () => false,
    takeTurn: () => 0,
    holds: (planned) => {
      looked.push(planned.step.id)
      return planned.step.condition === 'true'
    },
    work: () => undefined,
  }
}

test('conditions that take long are worked out one in a transaction, which leaves others a moment before the next', () => {
  const plan = toPlan(
    defined({
      steps: ['a', 'b', 'c'].map((id) => step(id, { depends_on: [], condition: 'false' })),
    }),
  )
  const looked: string[] = []
  let steps = settle(plan, new Map(), tiring(looked))
  for (const [done, id] of ['a', 'b', 'c'].entries()) {
    assert.deepEqual(looked, ['a', 'b', 'c'].slice(0, done + 1))
    assert.deepEqual([steps.changed, steps.ready, steps.steps.get(id)?.status], [[id], [], 'skipped'])
    const isOver = done === 2
    assert.deepEqual([steps.wake, steps.end?.status], isOver ? [undefined, 'completed'] : [SOON, undefined])
    steps = settle(plan, steps.steps, tiring(looked))
  }
  assert.deepEqual(looked, ['a', 'b', 'c'])
})

test('what waits for a time is woken at that, however far off the turn of its run is', () => {
  const plan = toPlan(
    defined({
      steps: [
        step('late', { depends_on: [], condition: 'true' }),
        own('wait', 'delay', { ms: 500 }, { depends_on: [] }),
      ],
    }),
  )
  const waiting = { ...NEW_STEP, status: 'waiting', wake: NOW + 500 } as const
  const world = { ...tiring([]), rest: () => 500, takeTurn: () => 60_000 }
  assert.equal(settle(plan, new Map([['wait', waiting]]), world).wake, NOW + 500)
  assert.equal(settle(plan, new Map(), world).wake, NOW + 60_000)
})

test('a step is not performed before its condition was looked at, and others are meanwhile', () => {
  const plan = toPlan(
    defined({
      steps: [
        step('yes', { depends_on: [], condition: 'true' }),
        step('late', { depends_on: [], condition: 'true' }),
        own('free', 'set', { value: 1 }, { depends_on: [] }),
      ],
    }),
  )
  const looked: string[] = []
  const { ready, wake, end } = settle(plan, new Map(), tiring(looked))
  assert.deepEqual([ready.map((planned) => planned.step.id), looked], [['yes', 'free'], ['yes']])
  assert.deepEqual([wake, end], [SOON, undefined])
})
