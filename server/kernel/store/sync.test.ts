import assert from 'node:assert/strict'
import { copyFileSync, linkSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { openTestStore, temporaryFolder } from '../rig.ts'
import { openSyncer } from './sync.ts'

function openSynced(t: TestContext) {
  const data_dir = temporaryFolder(t)
  return { ...openTestStore(t, { data_dir, syncer: openSyncer }), log: join(data_dir, 'paios.sqlite-wal') }
}

test('commits settle on the real disk, alone and in crowds', async (t) => {
  const { store, add, items, fatal } = openSynced(t)
  for (let n = 0; n < 20; n += 1) {
    await add(`alone ${n}`)
    await store.settled()
  }
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      await add(`crowd ${n}`)
      await store.settled()
    }),
  )
  assert.deepEqual([items().length, store.progress, fatal], [60, { committed: 60, durable: 60 }, []])
})

test('a log that was replaced under the server is fatal, though its syncs succeed', async (t) => {
  const { store, add, fatal, log } = openSynced(t)
  await add('a')
  await store.settled()
  copyFileSync(log, `${log}.copy`)
  renameSync(`${log}.copy`, log)
  await add('b')
  await assert.rejects(store.settled(), { code: 'GENERAL_004' })
  assert.match(String(fatal), /was replaced/)
})

test('a log that has another name as well is fatal: somebody may be about to replace it', async (t) => {
  const { store, add, fatal, log } = openSynced(t)
  await add('a')
  await store.settled()
  linkSync(log, `${log}.second`)
  await add('b')
  await assert.rejects(store.settled(), { code: 'GENERAL_004' })
  assert.match(String(fatal), /was replaced/)
})

test('a log that is not there is fatal at the first sync, every time', async (t) => {
  const folder = temporaryFolder(t)
  for (let n = 0; n < 10; n += 1) {
    const syncer = openSyncer(join(folder, `none ${n}`))
    await assert.rejects(syncer.sync(), /ENOENT/)
    await assert.rejects(syncer.sync(), /ENOENT/)
    await syncer.close()
  }
})

test('a syncer that was closed refuses, instead of never answering', async (t) => {
  const { store, add, data_dir } = openSynced(t)
  const syncer = openSyncer(join(data_dir, 'paios.sqlite'))
  await add('a')
  await syncer.sync()
  await syncer.close()
  await assert.rejects(syncer.sync(), /has ended/)
  await store.settled()
})

test('a checkpoint of what is no database is refused', async (t) => {
  const syncer = openSyncer(join(temporaryFolder(t), 'no folder', 'paios.sqlite'))
  await assert.rejects(syncer.checkpoint(), /unable to open/)
  await syncer.close()
})

test('a syncer that nobody asked anything has nothing to close', async (t) => {
  await openSyncer(join(temporaryFolder(t), 'paios.sqlite')).close()
})
