import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../fault.ts'
import type { Store } from './store.ts'
import { heldSyncs, idleSyncer, openTestStore, turn } from '../rig.ts'

/** Notes when a promise has ended. */
function watch(promise: Promise<unknown>): { state: string } {
  const watched = { state: 'pending' }
  promise.then(
    () => (watched.state = 'resolved'),
    (error: Error) => (watched.state = error.message),
  )
  return watched
}

test('a write resolves after its commit, and settles only when a sync that began later has ended', async (t) => {
  const disk = heldSyncs()
  const { store, add } = openTestStore(t, { syncer: disk.open })
  await add('a')
  assert.deepEqual([store.progress, disk.pending()], [{ committed: 1, durable: 0 }, 0])
  const settled = watch(store.settled())
  await turn()
  assert.deepEqual([settled.state, disk.pending()], ['pending', 1])
  disk.end()
  await turn()
  assert.deepEqual([settled.state, store.progress], ['resolved', { committed: 1, durable: 1 }])
})

test('nothing pending costs no sync', async (t) => {
  const disk = heldSyncs()
  const { store, add } = openTestStore(t, { syncer: disk.open })
  await store.settled()
  await add('a')
  const first = store.settled()
  await turn()
  disk.end()
  await first
  await store.settled()
  await store.settled()
  assert.equal(disk.pending(), 0)
})

test('a transaction that is rolled back needs no sync', async (t) => {
  const disk = heldSyncs()
  const { store } = openTestStore(t, { syncer: disk.open })
  await assert.rejects(store.write(() => Promise.reject(new Error('no'))))
  await store.settled()
  assert.deepEqual([store.progress, disk.pending()], [{ committed: 0, durable: 0 }, 0])
})

test('a commit during a sync waits for the next one, which all of them share', async (t) => {
  const disk = heldSyncs()
  const { store, add } = openTestStore(t, { syncer: disk.open })
  await add('a')
  const first = watch(store.settled())
  await turn()
  const later = []
  for (const id of ['b', 'c', 'd']) {
    await add(id)
    later.push(watch(store.settled()))
  }
  await turn()
  assert.equal(disk.pending(), 1, 'one sync at a time')
  disk.end()
  await turn()
  assert.deepEqual(
    [first.state, ...later.map(({ state }) => state)],
    ['resolved', 'pending', 'pending', 'pending'],
  )
  assert.deepEqual([disk.pending(), store.progress.durable], [1, 1])
  disk.end()
  await turn()
  assert.deepEqual(
    later.map(({ state }) => state),
    ['resolved', 'resolved', 'resolved'],
  )
  assert.equal(disk.pending(), 0)
})

test('who asks during a sync for what was committed before it need not wait for another', async (t) => {
  const disk = heldSyncs()
  const { store, add } = openTestStore(t, { syncer: disk.open })
  await add('a')
  const first = watch(store.settled())
  await turn()
  const second = watch(store.settled())
  disk.end()
  await turn()
  assert.deepEqual([first.state, second.state, disk.pending()], ['resolved', 'resolved', 0])
})

test('transactions that wait for the writer take part in the sync that is about to begin', async (t) => {
  const disk = heldSyncs()
  const { store, add } = openTestStore(t, { syncer: disk.open })
  await add('a')
  const { promise: busy, resolve } = Promise.withResolvers<void>()
  const writing = [store.write(() => busy), add('b'), add('c')]
  const settled = watch(store.settled())
  await turn()
  assert.equal(disk.pending(), 0)
  resolve()
  await Promise.all(writing)
  await turn()
  assert.equal(disk.pending(), 1)
  disk.end()
  await turn()
  assert.deepEqual([settled.state, store.progress], ['resolved', { committed: 4, durable: 4 }])
})

test('a failed sync is fatal: all who wait are refused, nothing settles any more, and it is told once', async (t) => {
  const disk = heldSyncs()
  const { store, add, fatal, items } = openTestStore(t, { syncer: disk.open })
  await add('a')
  const waiting = [watch(store.settled())]
  await turn()
  await add('b')
  waiting.push(watch(store.settled()))
  const error = new Error('ENOSPC')
  disk.end(error)
  await turn()
  const told = 'The disk failed; the server is stopping.'
  assert.deepEqual([waiting.map(({ state }) => state), fatal], [[told, told], [error]])
  await assert.rejects(store.settled(), (refusal) => {
    assert.ok(refusal instanceof Fault)
    assert.deepEqual([refusal.code, refusal.status, refusal.cause], ['GENERAL_004', 503, error])
    return true
  })
  await assert.rejects(add('c'), { code: 'GENERAL_004' })
  assert.deepEqual([items(), store.progress.durable, disk.pending()], [['a', 'b'], 0, 0])
})

test('transactions that wait while the disk fails are refused and leave nothing', async (t) => {
  const disk = heldSyncs()
  const { store, add, items, fatal } = openTestStore(t, { syncer: disk.open })
  await add('a')
  const settled = watch(store.settled())
  await turn()
  const { promise: busy, resolve } = Promise.withResolvers<void>()
  const writing = store.write(() => busy)
  const waiting = watch(add('b'))
  disk.end(new Error('EIO'))
  await turn()
  resolve()
  await writing
  await turn()
  assert.deepEqual([settled.state, waiting.state], Array(2).fill('The disk failed; the server is stopping.'))
  assert.deepEqual([items(), fatal.length], [['a'], 1])
})

function throwing(): never {
  throw new Error('no worker')
}

test('a syncer that throws instead of rejecting is as fatal', async (t) => {
  const { store, add, fatal } = openTestStore(t, { syncer: () => ({ ...idleSyncer, sync: throwing }) })
  await add('a')
  await assert.rejects(store.settled(), { code: 'GENERAL_004' })
  assert.match(String(fatal), /no worker/)
})

test('no crowd of writers and waiters ever sees something settled that no sync began after', async (t) => {
  let synced = 0
  const opened: Store[] = []
  const syncer = () => ({
    sync: async () => {
      const seen = opened[0]?.progress.committed ?? 0
      await turn()
      synced = seen
    },
    checkpoint: () => Promise.resolve(),
    close: () => Promise.resolve(),
  })
  const { store, add } = openTestStore(t, { syncer })
  opened.push(store)
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      for (let round = 0; round < 5; round += 1) {
        if (n % 3 === 0) await turn()
        await add(`${n}-${round}`)
        const { committed } = store.progress
        await store.settled()
        assert.ok(synced >= committed, `${synced} of ${committed}`)
      }
    }),
  )
  assert.deepEqual(store.progress, { committed: 250, durable: 250 })
})
