import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { heldSyncs, idleSyncer, openTestStore, temporaryFolder, turn } from '../rig.ts'
import type { TestStore } from '../rig.ts'
import { openSyncer } from './sync.ts'

/** Commits items that fill about so many pages of the log. */
async function fill({ store }: TestStore, name: string, pages: number): Promise<void> {
  await store.write((tx) => {
    for (let n = 0; n < pages; n += 1) {
      tx.connection.run('INSERT INTO items VALUES (?)', [`${name}${n} ${'x'.repeat(3_900)}`])
    }
    return Promise.resolve()
  })
}

test('a log of more than 4 MB is checkpointed once it is synced, and only once at a time', async (t) => {
  const disk = heldSyncs()
  const rig = openTestStore(t, { syncer: () => ({ ...disk.open(), sync: idleSyncer.sync }) })
  await fill(rig, 'a', 100)
  await rig.store.settled()
  assert.equal(disk.checkpoints.length, 0)
  await fill(rig, 'b', 500)
  await rig.store.settled()
  assert.equal(disk.checkpoints.length, 1)
  await fill(rig, 'c', 10)
  await rig.store.settled()
  assert.equal(disk.checkpoints.length, 1)
  disk.checkpoints[0]?.resolve()
  await turn()
})

test('beyond 16 MB the writer waits for the checkpoint, and goes on after it', async (t) => {
  const { promise: first, resolve } = Promise.withResolvers<void>()
  let checkpoints = 0
  const checkpoint = () => {
    checkpoints += 1
    return checkpoints === 1 ? first : Promise.resolve()
  }
  const rig = openTestStore(t, { syncer: () => ({ ...idleSyncer, checkpoint }) })
  await fill(rig, 'a', 2_100)
  await rig.store.settled()
  let isAdded = false
  const adding = rig.add('later').then(() => (isAdded = true))
  await turn()
  assert.deepEqual([isAdded, checkpoints], [false, 1])
  resolve()
  await adding
  assert.equal(rig.items().length, 2_101)
})

test('a checkpoint that fails or cannot even begin is fatal, and whoever waits for it is refused', async (t) => {
  const failures = [() => Promise.reject(new Error('EIO')), () => thrown(new Error('EIO'))]
  for (const checkpoint of failures) {
    const rig = openTestStore(t, { syncer: () => ({ ...idleSyncer, checkpoint }) })
    await fill(rig, 'a', 2_100)
    await rig.store.settled()
    await turn()
    await assert.rejects(rig.add('later'), { code: 'GENERAL_004' })
    await assert.rejects(rig.store.settled(), { code: 'GENERAL_004' })
    assert.deepEqual([rig.fatal.map(String), rig.items().length], [['Error: EIO'], 2_100])
  }
})

function thrown(error: Error): never {
  throw error
}

test('a real checkpoint moves the log into the database', async (t) => {
  const data_dir = temporaryFolder(t)
  const rig = openTestStore(t, { syncer: openSyncer, data_dir })
  const size = (): number => statSync(join(data_dir, 'paios.sqlite')).size
  const before = size()
  await fill(rig, 'a', 2_100)
  await rig.store.settled()
  assert.equal(size(), before)
  // The writer waits for the checkpoint that has begun.
  await rig.add('later')
  assert.ok(size() > before + 8_000_000)
  await rig.close()
  assert.deepEqual(openTestStore(t, { data_dir }).rows('SELECT count(*) AS n FROM items'), [{ n: 2_101 }])
})
