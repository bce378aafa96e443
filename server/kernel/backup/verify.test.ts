import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { seededRandom } from '../../../test/clock.ts'
import { openConnection } from '../store/connection.ts'
import { measure } from './files.ts'
import { BackupError, readManifest, signManifest } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { CHECKPOINTS, DATABASE, backupsFolder } from './place.ts'
import { openData } from './rig.ts'
import { verifyBackup } from './verify.ts'

async function open(t: TestContext) {
  const data = openData(t)
  const kernel = data.open()
  for (let pet = 0; pet < 200; pet += 1) await data.add(kernel, `pet ${pet}`)
  await kernel.close()
  const { folder, name, manifest } = await data.make()
  const verify = (changed = {}) => verifyBackup(folder, data.data_dir, name, { ...data.judging, ...changed })
  return { data, folder, manifest, verify }
}

/** Puts a changed manifest in place, under the right key: what it then says is a lie, but a proven one. */
function lie(folder: string, key: Buffer, changed: Partial<Manifest>): void {
  const { format: _, key_id: _id, mac: _mac, ...honest } = readManifest(folder, key)
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(signManifest(key, { ...honest, ...changed })))
}

test('a byte that was flipped, wherever it is, is found, and nothing is left behind', async (t) => {
  const { data, folder, verify } = await open(t)
  const whole = readFileSync(join(folder, DATABASE))
  const random = seededRandom(3)
  for (let flip = 0; flip < 40; flip += 1) {
    const at = Buffer.from(random(4)).readUInt32BE() % whole.length
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    writeFileSync(join(folder, DATABASE), damaged)
    assert.deepEqual((await verify()).problems, [`${DATABASE}: it was changed or is damaged`], `byte ${at}`)
  }
  writeFileSync(join(folder, DATABASE), whole)
  assert.equal((await verify()).ok, true)
  assert.equal(readdirSync(backupsFolder(data.data_dir)).length, 1)
})

test('a file that is cut, missing or foreign is named', async (t) => {
  const { data, folder, manifest, verify } = await open(t)
  const { size } = { size: manifest.files[0]?.bytes ?? 0 }
  truncateSync(join(folder, DATABASE), size - 1)
  assert.deepEqual((await verify()).problems, [`${DATABASE}: it has ${size - 1} bytes instead of ${size}`])
  rmSync(join(folder, CHECKPOINTS))
  assert.deepEqual((await verify()).problems.at(-1), `${CHECKPOINTS}: it is missing`)
  const foreign = { path: '../../escaped', bytes: 1, sha256: '' }
  lie(folder, data.judging.key, { files: [foreign] })
  assert.deepEqual((await verify()).problems, [
    '../../escaped: no such file belongs to a backup',
    `${DATABASE}: it is missing`,
  ])
})

test('a manifest that was changed, is damaged, of another key or of a newer version is refused', async (t) => {
  const { data, folder, verify } = await open(t)
  const path = join(folder, 'manifest.json')
  const text = readFileSync(path, 'utf8')
  const refuses = (message: RegExp, changed = {}) =>
    assert.rejects(verify(changed), (error) => {
      assert.ok(error instanceof BackupError)
      assert.match(error.message, message)
      return true
    })
  await refuses(/made under another root key/, { key: Buffer.alloc(32, 7) })
  writeFileSync(path, text.replace('"pets": 200', '"pets": 201'))
  await refuses(/was changed or is damaged/)
  writeFileSync(path, text.slice(0, 100))
  await refuses(/is damaged/)
  writeFileSync(path, text.replace('paios-backup-1', 'paios-backup-2'))
  await refuses(/newer version, or is no backup \(paios-backup-2\)/)
  rmSync(path)
  await refuses(/There is no backup in /)
  writeFileSync(path, text)
  await refuses(/newer version \(1\.2\.3, with pets-1\): update/, { known: data.judging.known.slice(0, -1) })
})

test('rows that are missing, a broken reference and a forged audit are found behind right hashes', async (t) => {
  const { data, folder, verify } = await open(t)
  const spoil = async (sql: string): Promise<string[]> => {
    const path = join(folder, DATABASE)
    const connection = openConnection(path, { synchronous: 'FULL' })
    connection.exec(`PRAGMA foreign_keys=OFF; ${sql}; PRAGMA wal_checkpoint(TRUNCATE)`)
    connection.close()
    const checkpoints = { path: CHECKPOINTS, ...measure(join(folder, CHECKPOINTS)) }
    lie(folder, data.judging.key, { files: [{ path: DATABASE, ...measure(path) }, checkpoints] })
    return (await verify()).problems
  }
  assert.deepEqual(await spoil(`DELETE FROM pets WHERE name = 'pet 7'`), [
    'database: pets has 199 rows instead of 200',
  ])
  const forged = await spoil(
    `INSERT INTO pets VALUES ('pet 7'); UPDATE audit SET actor = 'eve' WHERE seq = 5`,
  )
  assert.deepEqual(forged, ['audit: line 5 was changed, or is not from this server'])
  const cut = await spoil(`UPDATE audit SET actor = 'ann' WHERE seq = 5; DELETE FROM audit WHERE seq > 150`)
  assert.match(cut.join(), /audit has 150 rows instead of 200,audit: lines 151 to 200 are missing at the end/)
  const orphan = await spoil(
    `CREATE TABLE tags (pet TEXT REFERENCES pets (name)); INSERT INTO tags VALUES ('nobody')`,
  )
  assert.ok(orphan.includes('database: a row of tags names a row of pets that is not there'), orphan.join())
})

test('checkpoints of another server do not make an audit hold', async (t) => {
  const { folder, data, verify } = await open(t)
  const other = openData(t, 9)
  const kernel = other.open()
  await other.add(kernel, 'Tom')
  await kernel.close()
  const made = await other.make()
  writeFileSync(join(folder, CHECKPOINTS), readFileSync(join(made.folder, CHECKPOINTS)))
  const files = [DATABASE, CHECKPOINTS].map((path) => ({ path, ...measure(join(folder, path)) }))
  lie(folder, data.judging.key, { files })
  assert.deepEqual((await verify()).problems, [
    'audit: line 1 of the checkpoints is not signed by this server',
  ])
  await assert.rejects(verifyBackup(made.folder, data.data_dir, made.name, data.judging), /another root key/)
})
