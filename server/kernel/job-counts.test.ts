import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JobCounts } from './job-counts.ts'
import type { Tx } from './store/store.ts'
import { openTestStore } from './rig.ts'

const BOUNDS = { per_user_max: 2, total_max: 3 }
const ANN = { user_id: 'ann', lane: '' }
const BOB = { user_id: 'bob', lane: '' }

test('what a transaction adds counts within it at once, and for others after its commit', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  await store.write((tx) => {
    counts.add(tx, ANN, 2)
    assert.deepEqual([counts.of('ann', tx), counts.of('ann'), counts.of('bob', tx)], [2, 0, 0])
    assert.throws(() => counts.admit(tx, ANN, BOUNDS), { name: 'SYSTEM_OVERLOADED' })
    counts.admit(tx, BOB, BOUNDS)
    return Promise.resolve()
  })
  assert.equal(counts.of('ann'), 2)
})

test('nothing remains of what a transaction counted that was rolled back, in the next one either', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  const add = (change: number, end: Promise<void>) => (tx: Tx) => {
    counts.add(tx, ANN, change)
    return end
  }
  await store.write(add(1, Promise.resolve()))
  await assert.rejects(store.write(add(5, Promise.reject(new Error('Not this one.')))), /Not this one/)
  await store.write((tx) => {
    assert.equal(counts.of('ann', tx), 1)
    counts.add(tx, ANN, -1)
    assert.equal(counts.of('ann', tx), 0)
    return Promise.resolve()
  })
  assert.equal(counts.of('ann'), 0)
})

test('a user who takes away and adds in one transaction needs no room in between', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  counts.reset([
    { ...ANN, jobs: 2 },
    { ...BOB, jobs: 1 },
  ])
  await store.write((tx) => {
    assert.throws(() => counts.admit(tx, ANN, BOUNDS), { details: { waiting: 3, ...BOUNDS } })
    counts.add(tx, ANN, -1)
    counts.admit(tx, ANN, BOUNDS)
    counts.add(tx, ANN, 1)
    return Promise.resolve()
  })
  assert.deepEqual([counts.of('ann'), counts.of('bob')], [2, 1])
})

test('counting anew forgets what was counted before', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  counts.reset([{ ...ANN, jobs: 3 }])
  counts.reset([{ ...BOB, jobs: 2 }])
  assert.deepEqual([counts.of('ann'), counts.of('bob')], [0, 2])
  await store.write((tx) => Promise.resolve(counts.admit(tx, ANN, BOUNDS)))
})

test('a full lane refuses more, whoever they are from, and another lane of the user has room', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  const bounds = { per_lane_max: 2, per_user_max: 10, total_max: 10 }
  const [one, other] = [
    { user_id: 'ann', lane: 'one' },
    { user_id: 'ann', lane: 'other' },
  ]
  counts.reset([{ ...one, jobs: 1 }])
  await store.write((tx) => {
    counts.admit(tx, one, bounds)
    counts.add(tx, one, 1)
    assert.throws(() => counts.admit(tx, one, bounds), { details: { waiting: 2, per_lane_max: 2 } })
    counts.admit(tx, other, bounds)
    counts.add(tx, one, -1)
    counts.admit(tx, one, bounds)
    return Promise.resolve()
  })
  assert.equal(counts.of('ann'), 1)
})

test('an attempt that leaves nothing counts nothing, also when it was the first to count', async (t) => {
  const { store } = openTestStore(t)
  const counts = new JobCounts()
  const tried = async (tx: Tx): Promise<void> => {
    const work = (): Promise<void> => Promise.resolve(counts.add(tx, ANN, 2))
    await tx.attempt(work, 'tried')
    assert.equal(counts.of('ann', tx), 0)
  }
  await store.write(async (tx) => {
    await tried(tx)
    counts.add(tx, ANN, 1)
    await tx.attempt(() => Promise.resolve(counts.add(tx, ANN, 1)), 'tried')
    assert.equal(counts.of('ann', tx), 1)
  })
  assert.equal(counts.of('ann'), 1)
})
