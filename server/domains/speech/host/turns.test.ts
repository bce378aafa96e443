import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { Turns } from './turns.ts'
import type { TurnBounds } from './turns.ts'

/** Somebody's turns that end when they are told to, and the order in which they came. */
function opened(bounds: Partial<TurnBounds> = {}) {
  const clock = fakeClock(0)
  const turns = new Turns(clock, bounds)
  const came: string[] = []
  const ends: (() => void)[] = []
  const take = (user_id: string, signal = new AbortController().signal) => {
    const place = turns.enter(user_id, signal)
    const ended = place
      .turn(() => {
        came.push(user_id)
        return new Promise<void>((resolve) => ends.push(resolve))
      })
      .finally(place.leave)
    ended.catch(() => {})
    return ended
  }
  const end = async (): Promise<void> => {
    await new Promise(setImmediate)
    ends.shift()?.()
    await new Promise(setImmediate)
  }
  return { clock, turns, came, take, end }
}

test('users take turns, however much one of them wants done, and no more is done at a time than may be', async () => {
  const { came, take, end } = opened({ at_once: 2 })
  const all = ['ann', 'ann', 'ann', 'ann', 'bob', 'cid'].map((user_id) => take(user_id))
  await new Promise(setImmediate)
  assert.deepEqual(came, ['ann', 'ann'])
  for (let round = 0; round < 6; round += 1) await end()
  await Promise.all(all)
  assert.deepEqual(came, ['ann', 'ann', 'bob', 'cid', 'ann', 'ann'])
})

test('who wants more than a user may, or than all may, is told that too much is wanted', async () => {
  const { take, end } = opened({ at_once: 1, places_per_user_max: 2, places_max: 3 })
  const first = take('ann')
  void take('ann')
  assert.throws(() => void take('ann'), { reason: 'busy' })
  void take('bob')
  assert.throws(() => void take('cid'), { reason: 'busy' })
  await end()
  await first
  void take('cid')
})

test('a turn that does not come is given up, and so is one that nobody waits for any more', async () => {
  const { clock, came, take, end } = opened({ at_once: 1, places_per_user_max: 3, wait_ms: 1_000 })
  const away = new AbortController()
  const first = take('ann')
  const late = take('ann')
  const left = take('ann', away.signal)
  away.abort(new RangeError('enough'))
  await assert.rejects(left, RangeError)
  clock.advance(1_000)
  await assert.rejects(late, { reason: 'busy' })
  const next = take('ann')
  await end()
  await first
  await end()
  await next
  assert.deepEqual(came, ['ann', 'ann'])
  assert.equal(clock.untilNext(), undefined)
})

test('a place is free again when its signal ends, also while somebody else has the turn', async () => {
  const { turns } = opened({ places_per_user_max: 1 })
  const away = new AbortController()
  const place = turns.enter('ann', away.signal)
  assert.throws(() => turns.enter('ann', new AbortController().signal), { reason: 'busy' })
  away.abort(new RangeError('enough'))
  place.leave()
  await assert.rejects(
    place.turn(() => Promise.resolve()),
    RangeError,
  )
  turns.enter('ann', new AbortController().signal).leave()
  turns.enter('ann', new AbortController().signal)
})
