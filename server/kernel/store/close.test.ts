import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldSyncs, idleSyncer, openTestStore, temporaryFolder, turn } from '../rig.ts'

test('closing waits for the transactions under way and in the line, and for their sync', async (t) => {
  const disk = heldSyncs()
  const { store, add, close, data_dir } = openTestStore(t, {
    syncer: disk.open,
    data_dir: temporaryFolder(t),
  })
  const { promise: busy, resolve } = Promise.withResolvers<void>()
  const writing = [store.write(() => busy), add('a'), add('b')]
  let isClosed = false
  const closing = close().then(() => (isClosed = true))
  await turn()
  resolve()
  await Promise.all(writing)
  await turn()
  assert.deepEqual([isClosed, disk.pending()], [false, 1])
  disk.end()
  await closing
  assert.deepEqual(openTestStore(t, { data_dir }).items(), ['a', 'b'])
})

test('what comes after closing has begun is refused, and is no failure of the disk', async (t) => {
  const { store, add, close, fatal } = openTestStore(t, {
    syncer: () => ({ ...idleSyncer, close: turn }),
  })
  await add('a')
  const closing = close()
  await assert.rejects(add('late'), { code: 'GENERAL_004', message: 'The server is stopping.' })
  await closing
  await assert.rejects(add('later'), { code: 'GENERAL_004' })
  await store.settled()
  assert.deepEqual(fatal, [])
})

test('closing twice closes once', async (t) => {
  let closed = 0
  const syncer = () => ({ ...idleSyncer, close: () => Promise.resolve(void (closed += 1)) })
  const { store } = openTestStore(t, { syncer })
  await Promise.all([store.close(), store.close()])
  await store.close()
  assert.equal(closed, 1)
})

test('a full disk and a full line do not keep the store from closing', async (t) => {
  let reason: string | undefined = undefined
  let syncs = 0
  const syncer = () => ({ ...idleSyncer, sync: () => Promise.resolve(void (syncs += 1)) })
  const { store, add, close } = openTestStore(t, { refuseWrites: () => reason, waiting_max: 1, syncer })
  const { promise: busy, resolve } = Promise.withResolvers<void>()
  const writing = [store.write(() => busy), add('a')]
  reason = 'The disk is full.'
  const closing = close()
  resolve()
  await Promise.all([...writing, closing])
  assert.deepEqual([store.progress, syncs], [{ committed: 2, durable: 2 }, 1])
  assert.throws(() => store.reader.connection.all('SELECT 1', []), /not open/)
})

test('a store whose disk has failed closes without waiting for it', async (t) => {
  const disk = heldSyncs()
  const { store, add, close } = openTestStore(t, { syncer: disk.open })
  await add('a')
  const settled = assert.rejects(store.settled(), { code: 'GENERAL_004' })
  await turn()
  disk.end(new Error('EIO'))
  await settled
  await close()
})
