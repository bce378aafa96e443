import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { turnsDuring } from '../rig.ts'
import { BackupError, readManifest } from './manifest.ts'
import { DATABASE, backupsFolder, listBackups } from './place.ts'
import { openData } from './rig.ts'
import { openBackupThreads } from './threads.ts'
import { verifyBackup } from './verify.ts'

test('a backup under writes is one moment: everything up to it, nothing after, and it holds', async (t) => {
  const data = openData(t)
  const kernel = data.open()
  for (let pet = 0; pet < 300; pet += 1) await data.add(kernel, `before ${pet}`)
  const made = data.make()
  let written = 0
  const over = new AbortController()
  const writing = (async () => {
    for (; !over.signal.aborted; written += 1) {
      await data.add(kernel, `after ${String(written).padStart(6, '0')}`)
      await new Promise(setImmediate)
    }
  })()
  const { name, folder, manifest } = await made
  over.abort()
  await writing
  assert.ok(written > 0)
  const { pets, audit } = manifest.rows
  assert.equal(pets, audit)
  const verdict = await verifyBackup(folder, data.data_dir, name, data.judging)
  assert.deepEqual(verdict, { ok: true, problems: [], audit_lines: pets })
  const found = data.pets(folder)
  const late = found.filter((pet) => pet.startsWith('after'))
  assert.equal(found.length - late.length, 300)
  assert.deepEqual(
    late,
    late.map((_, nth) => `after ${String(nth).padStart(6, '0')}`),
  )
})

test('a backup is private, says what it holds, and has no key in it', async (t) => {
  const data = openData(t)
  const kernel = data.open()
  await data.add(kernel, 'Tom')
  await kernel.close()
  const { name, folder, manifest } = await data.keep(7)
  assert.equal(name, '2026-11-22T10-00-00-000Z-asked')
  assert.deepEqual(readdirSync(folder).toSorted(), ['audit', 'manifest.json', DATABASE])
  for (const path of [DATABASE, 'manifest.json', 'audit/checkpoints.jsonl'])
    assert.equal(statSync(join(folder, path)).mode & 0o777, 0o600, path)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.deepEqual(readManifest(folder, data.judging.key), manifest)
  assert.deepEqual([manifest.version, manifest.rows['pets'], manifest.schema.at(-1)], ['1.2.3', 1, 'pets-1'])
  const key = readFileSync(data.key_file, 'utf8').trim()
  for (const path of [DATABASE, 'manifest.json', 'audit/checkpoints.jsonl'])
    assert.ok(!readFileSync(join(folder, path)).includes(key), path)
})

test('without room, or a place to write to, there is no backup, no rest of one, and a sentence that says why', async (t) => {
  const data = openData(t)
  await data.open().close()
  await assert.rejects(data.make({ spare_bytes: 2 ** 60 }), (error) => {
    assert.ok(error instanceof BackupError)
    assert.match(error.message, /no room for a backup: \d+ MB are needed, \d+ are free\.$/)
    return true
  })
  assert.deepEqual(readdirSync(backupsFolder(data.data_dir)), [])
  const { folder } = await data.make()
  await assert.rejects(data.make(), /There is a backup .*-asked already\./)
  assert.ok(existsSync(join(folder, DATABASE)))
  const other = openData(t)
  await other.open().close()
  writeFileSync(backupsFolder(other.data_dir), '')
  await assert.rejects(other.make(), /No backup of .* could be made: /)
})

test('what a process that died has left is no backup, and what is none of the names is left alone', async (t) => {
  const data = openData(t)
  await data.open().close()
  const { name, folder } = await data.make()
  mkdirSync(join(backupsFolder(data.data_dir), '.unfinished-2026-11-22T11-00-00-000Z-asked'))
  mkdirSync(join(backupsFolder(data.data_dir), 'mine'))
  mkdirSync(join(backupsFolder(data.data_dir), '2026-11-22T12-00-00-000Z-asked'))
  assert.deepEqual(
    listBackups(data.data_dir).map((kept) => kept.name),
    [name],
  )
  chmodSync(folder, 0o700)
})

test('making and checking a backup in a thread leaves the event loop to others, and ends with the server', async (t) => {
  const data = openData(t)
  const kernel = data.open()
  for (let pet = 0; pet < 500; pet += 1) await data.add(kernel, `${pet}`)
  const threads = openBackupThreads(data.clock)
  const { data_dir, judging } = data
  const wanted = { ...judging, data_dir, version: '1', now: kernel.now(), keep: 7 }
  let name = ''
  const turns = await turnsDuring(async () => {
    name = (await threads.make({ ...wanted, reason: 'daily' })).name
    assert.equal((await threads.verify({ ...judging, data_dir, name })).ok, true)
  })
  assert.ok(turns > 100, `${turns} turns`)
  await assert.rejects(
    threads.verify({ ...judging, key: Buffer.alloc(32), data_dir, name }),
    /another root key/,
  )
  const ended = [1, 2, 3, 4, 5].map(() =>
    assert.rejects(threads.make({ ...wanted, reason: 'asked' }), BackupError),
  )
  await assert.rejects(threads.make({ ...wanted, reason: 'asked' }), { name: 'SYSTEM_OVERLOADED' })
  await new Promise(setImmediate)
  await threads.close()
  await Promise.all(ended)
  await assert.rejects(threads.make({ ...wanted, reason: 'asked' }), /stopping/)
})
