import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JobCounts } from './job-counts.ts'
import type { Tx } from './store/store.ts'
import { openTestStore } from './rig.ts'

const BOUNDS = { per_user_max: 2, total_max: 3 }

test('what a transaction adds counts within it at once, and for others after its commit', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  await store.write((tx) => {
    counts.add(tx, 'ann', 2)
    assert.deepEqual([counts.of('ann', tx), counts.of('ann'), counts.of('bob', tx)], [2, 0, 0])
    assert.throws(() => counts.admit(tx, 'ann', BOUNDS), { name: 'SYSTEM_OVERLOADED' })
    counts.admit(tx, 'bob', BOUNDS)
    return Promise.resolve()
  })
  assert.equal(counts.of('ann'), 2)
})

test('nothing remains of what a transaction counted that was rolled back, in the next one either', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  const add = (change: number, end: Promise<void>) => (tx: Tx) => {
    counts.add(tx, 'ann', change)
    return end
  }
  await store.write(add(1, Promise.resolve()))
  await assert.rejects(store.write(add(5, Promise.reject(new Error('Not this one.')))), /Not this one/)
  await store.write((tx) => {
    assert.equal(counts.of('ann', tx), 1)
    counts.add(tx, 'ann', -1)
    assert.equal(counts.of('ann', tx), 0)
    return Promise.resolve()
  })
  assert.equal(counts.of('ann'), 0)
})

test('a user who takes away and adds in one transaction needs no room in between', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  counts.reset([
    { user_id: 'ann', jobs: 2 },
    { user_id: 'bob', jobs: 1 },
  ])
  await store.write((tx) => {
    assert.throws(() => counts.admit(tx, 'ann', BOUNDS), { details: { waiting: 3, ...BOUNDS } })
    counts.add(tx, 'ann', -1)
    counts.admit(tx, 'ann', BOUNDS)
    counts.add(tx, 'ann', 1)
    return Promise.resolve()
  })
  assert.deepEqual([counts.of('ann'), counts.of('bob')], [2, 1])
})

test('counting anew forgets what was counted before', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  counts.reset([{ user_id: 'ann', jobs: 3 }])
  counts.reset([{ user_id: 'bob', jobs: 2 }])
  assert.deepEqual([counts.of('ann'), counts.of('bob')], [0, 2])
  await store.write((tx) => Promise.resolve(counts.admit(tx, 'ann', BOUNDS)))
})
