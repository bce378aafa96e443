import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobOptions } from './pool.ts'
import { openRig, until } from './rig.ts'
import type { Rig } from './rig.ts'

/** Waits for a turn, notes whose it was, and ends. */
async function take({ host, job }: Rig, order: string[], given: Partial<JobOptions>): Promise<void> {
  const session = await host.open('any', {}, job(given))
  order.push(given.user_id ?? '')
  session.close()
}

test('users take turns, however many jobs one of them has waiting', async (t) => {
  const rig = openRig(t, { children_max: 1 })
  const order: string[] = []
  const running = await rig.host.open('any', {}, rig.job({ user_id: 'ann' }))
  const users = ['ann', 'ann', 'ann', 'bob', 'bob', 'cid']
  const waiting = users.map((user_id) => take(rig, order, { user_id }))
  running.close()
  await Promise.all(waiting)
  assert.deepEqual(order, ['bob', 'cid', 'ann', 'bob', 'ann', 'ann'])
})

test('who comes last comes before one who has just had a turn', async (t) => {
  const rig = openRig(t, { children_max: 1 })
  const order: string[] = []
  const running = await rig.host.open('any', {}, rig.job({ user_id: 'bob' }))
  const waiting = [1, 2].map(() => take(rig, order, { user_id: 'ann' }))
  running.close()
  await waiting[0]
  waiting.push(take(rig, order, { user_id: 'cid' }))
  await Promise.all(waiting)
  assert.deepEqual(order, ['ann', 'cid', 'ann'])
})

test('a user has no more jobs waiting than the bound, and leaves room for others', async (t) => {
  const rig = openRig(t, { children_max: 1, waiting_per_user_max: 8, waiting_max: 16 })
  const running = await rig.host.open('any', {}, rig.job())
  const order: string[] = []
  const waiting = Array.from({ length: 8 }, () => take(rig, order, { user_id: 'ann' }))
  await assert.rejects(take(rig, order, { user_id: 'ann' }), { reason: 'busy' })
  waiting.push(take(rig, order, { user_id: 'bob' }))
  running.close()
  await Promise.all(waiting)
  assert.deepEqual([order.length, order[0]], [9, 'bob'])
})

test('a job knows that somebody else waits, and one that goes on is behind them and is never refused', async (t) => {
  const rig = openRig(t, { children_max: 1, waiting_per_user_max: 1, waiting_max: 2 })
  const order: string[] = []
  const first = await rig.host.open('any', {}, rig.job({ user_id: 'ann' }))
  const waiting = [take(rig, order, { user_id: 'ann' })]
  assert.equal(first.is_wanted, false)
  waiting.push(take(rig, order, { user_id: 'bob' }))
  assert.equal(first.is_wanted, true)
  waiting.push(take(rig, order, { user_id: 'ann', goes_on: true }))
  await assert.rejects(take(rig, order, { user_id: 'cid' }), { reason: 'busy' })
  first.close()
  await Promise.all(waiting)
  assert.deepEqual(order, ['bob', 'ann', 'ann'])
  await until(() => !first.is_wanted)
})

test('the rest of a job outlasts the time that a new one may wait', async (t) => {
  const rig = openRig(t, { children_max: 1, queue_ms: 5_000, job_ms: 90_000 })
  const order: string[] = []
  const first = await rig.host.open('any', {}, rig.job({ user_id: 'ann' }))
  const refused = assert.rejects(take(rig, order, { user_id: 'bob' }), { reason: 'busy' })
  const rest = take(rig, order, { user_id: 'ann', goes_on: true })
  rig.clock.advance(5_000)
  await refused
  first.close()
  await rest
  assert.deepEqual(order, ['ann'])
})
