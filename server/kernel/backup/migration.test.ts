import assert from 'node:assert/strict'
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openConnection } from '../store/connection.ts'
import { BackupError } from './manifest.ts'
import { DATABASE, backupsFolder, listBackups } from './place.ts'
import { PETS, openData } from './rig.ts'
import { verifyBackup } from './verify.ts'

const AGES = {
  name: 'pets-2',
  statements: ['ALTER TABLE pets ADD COLUMN age INTEGER', 'UPDATE pets SET age = 3'],
}

const names = (data_dir: string) => listBackups(data_dir).map(({ name }) => name)

test('only a start that changes a schema with data in it makes a backup first, and that holds the old schema', async (t) => {
  const data = openData(t)
  const first = data.open()
  await data.add(first, 'Ida')
  await first.close()
  await data.open().close()
  assert.ok(!existsSync(backupsFolder(data.data_dir)))
  data.clock.advance(60_000)
  await data.open([PETS, AGES]).close()
  assert.deepEqual(names(data.data_dir), ['2026-11-22T10-01-00-000Z-migration'])
  const [kept] = listBackups(data.data_dir)
  assert.ok(kept !== undefined)
  assert.deepEqual([kept.manifest.schema.at(-1), kept.manifest.rows['pets']], ['pets-1', 1])
  const verdict = await verifyBackup(kept.folder, data.data_dir, kept.name, data.judging)
  assert.deepEqual(verdict, { ok: true, problems: [], audit_lines: 1 })
  await data.open([PETS, AGES]).close()
  assert.equal(names(data.data_dir).length, 1)
})

test('what a crash left in the log is in the backup before a migration', async (t) => {
  const data = openData(t)
  await data.open().close()
  const connection = openConnection(join(data.data_dir, DATABASE), { synchronous: 'FULL' })
  connection.exec(`INSERT INTO pets VALUES ('Tom')`)
  const log = join(data.data_dir, `${DATABASE}-wal`)
  assert.ok(existsSync(log))
  await data.open([PETS, AGES]).close()
  connection.close()
  assert.equal(listBackups(data.data_dir)[0]?.manifest.rows['pets'], 1)
})

test('a migration that fails leaves its backup, which brings the data back', async (t) => {
  const data = openData(t)
  const kernel = data.open()
  await data.add(kernel, 'Ida')
  await kernel.close()
  const broken = { name: 'pets-2', statements: ['DELETE FROM pets', 'nonsense'] }
  assert.throws(() => data.open([PETS, broken]), /Migration pets-2 failed/)
  assert.deepEqual(data.pets(), ['Ida'])
  data.clock.advance(1_000)
  const emptying = { name: 'pets-2', statements: ['DELETE FROM pets'] }
  await data.open([PETS, emptying]).close()
  assert.deepEqual(data.pets(), [])
  const [newest] = listBackups(data.data_dir)
  data.clock.advance(1_000)
  await data.restore(newest?.folder ?? '', { known: [...data.judging.known, 'pets-2'] })
  assert.deepEqual(data.pets(), ['Ida'])
})

test('where the backup is as damaged as the data nothing is migrated, and the start says what is damaged', async (t) => {
  const data = openData(t)
  const toys = {
    name: 'toys-1',
    statements: ['CREATE TABLE toys (id INTEGER PRIMARY KEY, owner TEXT REFERENCES pets (name))'],
  }
  await data.open([PETS, toys]).close()
  const connection = openConnection(join(data.data_dir, DATABASE), { synchronous: 'FULL' })
  connection.exec(`PRAGMA foreign_keys = OFF; INSERT INTO toys VALUES (1, 'nobody')`)
  connection.close()
  assert.throws(
    () => data.open([PETS, toys, AGES]),
    (error) => {
      assert.ok(error instanceof BackupError)
      assert.match(
        error.message,
        /nothing of it is changed without a backup\. The backup .*-migration does not hold.* \(database: a row of toys names/,
      )
      return true
    },
  )
  // The older program still runs, and what does not hold is there to be looked at.
  await data.open([PETS, toys]).close()
  assert.equal(names(data.data_dir).length, 1)
})

test('where no backup can be made nothing is migrated, and the start says why', async (t) => {
  const data = openData(t)
  const kernel = data.open()
  await data.add(kernel, 'Ida')
  await kernel.close()
  writeFileSync(backupsFolder(data.data_dir), '')
  assert.throws(
    () => data.open([PETS, AGES]),
    (error) => {
      assert.ok(error instanceof BackupError)
      assert.match(error.message, /nothing of it is changed without a backup\. No backup of .* could be made/)
      return true
    },
  )
  await data.open().close()
  rmSync(backupsFolder(data.data_dir))
  await data.open([PETS, AGES]).close()
  assert.equal(readdirSync(backupsFolder(data.data_dir)).length, 1)
})
