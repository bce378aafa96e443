import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { iso } from '../clock.ts'
import { seededRandom } from '../../../test/clock.ts'
import { encrypt } from './age.ts'
import { BackupError } from './manifest.ts'
import { DATABASE } from './place.ts'
import { restore } from './restore.ts'
import { openData } from './rig.ts'
import { isSealed, placeSealed, sealBackup } from './sealed.ts'
import { pack } from './tar.ts'

const PASSPHRASE = 'correct horse battery'

async function open(t: TestContext) {
  const data = openData(t)
  const kernel = data.open()
  for (const name of ['Ida', 'Tom']) await data.add(kernel, name)
  await kernel.close()
  const { folder } = await data.make()
  const file = join(data.data_dir, '..', 'export.age')
  const sealing = { passphrase: PASSPHRASE, random: seededRandom(1), key: data.judging.key, cost: 4 }
  const restoreFile = (passphrase = PASSPHRASE, data_dir = join(data.data_dir, '..', 'elsewhere')) =>
    restore(placeSealed(file, passphrase), {
      ...data.judging,
      data_dir,
      now: iso(data.clock.now()),
      saveCurrent: async () => (await data.make({ reason: 'restore' })).name,
    })
  return { data, folder, file, sealing, restoreFile }
}

test('an encrypted file is restored elsewhere with its passphrase and the root key', async (t) => {
  const { data, folder, file, sealing, restoreFile } = await open(t)
  const { bytes } = await sealBackup(folder, file, sealing)
  assert.deepEqual([statSync(file).size, statSync(file).mode & 0o777, isSealed(file)], [bytes, 0o600, true])
  assert.equal(readFileSync(file).includes('pets'), false)
  const { manifest, audit_lines } = await restoreFile()
  assert.deepEqual([manifest.version, audit_lines], ['1.2.3', 2])
  assert.deepEqual(data.pets(join(data.data_dir, '..', 'elsewhere')), ['Ida', 'Tom'])
})

test('a cut, flipped or lengthened file, and a wrong passphrase, change nothing where they are restored', async (t) => {
  const { data, folder, file, sealing, restoreFile } = await open(t)
  await sealBackup(folder, file, sealing)
  const whole = readFileSync(file)
  const before = readFileSync(join(data.data_dir, DATABASE))
  const refuses = async (message: RegExp, passphrase?: string) => {
    await assert.rejects(restoreFile(passphrase, data.data_dir), (error) => {
      assert.ok(error instanceof BackupError)
      assert.match(error.message, message)
      return true
    })
    assert.deepEqual(readFileSync(join(data.data_dir, DATABASE)), before)
    assert.ok(!existsSync(join(data.data_dir, 'restoring')))
  }
  await refuses(/passphrase is wrong/, 'wrong horse battery')
  for (const length of [whole.length - 1, whole.length >> 1, 300]) {
    truncateSync(file, length)
    await refuses(/part of it is missing/)
    writeFileSync(file, whole)
  }
  writeFileSync(file, Buffer.concat([whole, Buffer.from([0])]))
  await refuses(/part of it is missing/)
  const flipped = Buffer.from(whole)
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 4
  writeFileSync(file, flipped)
  await refuses(/was changed/)
})

test('a file that was made with the right passphrase can still put nothing where it does not belong', async (t) => {
  const { file, restoreFile, data } = await open(t)
  const content = [Buffer.from('x')]
  for (const path of ['../escaped', '/tmp/escaped', 'audit/other.jsonl', 'root.key']) {
    const archive = pack([{ path, bytes: 1, content }], 0)
    const parts: Buffer[] = []
    for await (const part of encrypt(archive, PASSPHRASE, seededRandom(2), 4)) parts.push(part)
    writeFileSync(file, Buffer.concat(parts))
    await assert.rejects(restoreFile(), { message: `${path} does not belong into a backup.` })
  }
  assert.deepEqual(readdirSync(join(data.data_dir, '..')).toSorted(), [
    'data',
    'elsewhere',
    'export.age',
    'root.key',
  ])
})

test('a short passphrase, a file that is there and a damaged backup are refused, and leave no rest', async (t) => {
  const { data, folder, file, sealing } = await open(t)
  const short = { ...sealing, passphrase: '11 letters.' }
  await assert.rejects(sealBackup(folder, file, short), /at least 12 characters/)
  writeFileSync(file, 'mine')
  assert.equal(isSealed(file), false)
  await assert.rejects(sealBackup(folder, file, sealing), /There is a file .* already/)
  assert.equal(readFileSync(file, 'utf8'), 'mine')
  truncateSync(join(folder, DATABASE), 4_096)
  await assert.rejects(sealBackup(folder, `${file}.2`, sealing), /The backup is damaged/)
  assert.deepEqual(readdirSync(join(data.data_dir, '..')).toSorted(), ['data', 'export.age', 'root.key'])
})
