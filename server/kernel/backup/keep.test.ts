import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { BackupError } from './manifest.ts'
import { backupsFolder, listBackups } from './place.ts'
import { PETS, openData } from './rig.ts'
import type { Data } from './rig.ts'
import { placeSealed, sealBackup } from './sealed.ts'
import { placeFolder, restore } from './restore.ts'
import { verifyBackup } from './verify.ts'

const DAY_MS = 86_400_000

test('the newest seven of each kind are kept, and those of another kind never push them out', async (t) => {
  const data = openData(t)
  await data.open().close()
  for (let day = 0; day < 9; day += 1) {
    await data.keep(7, { reason: 'daily' })
    data.clock.advance(DAY_MS)
  }
  for (let hour = 0; hour < 3; hour += 1) {
    await data.keep(2)
    data.clock.advance(1_000)
  }
  const names = listBackups(data.data_dir).map(({ name }) => name)
  assert.equal(names.filter((name) => name.endsWith('-asked')).length, 2)
  const daily = names.filter((name) => name.endsWith('-daily'))
  assert.deepEqual(
    [daily.length, daily[0]?.slice(0, 10), daily.at(-1)?.slice(0, 10)],
    [7, '2026-11-30', '2026-11-24'],
  )
  assert.deepEqual(names, names.toSorted().toReversed())
})

/** Data whose audit somebody has changed: every backup of it is whole, and does not hold. */
async function tampered(t: TestContext): Promise<{ data: Data; tamper: (actor: string) => Promise<void> }> {
  const data = openData(t)
  const kernel = data.open()
  await data.add(kernel, 'Tom')
  await kernel.audit.flush()
  const tamper = (actor: string) =>
    kernel.store.write((tx) => {
      tx.connection.run('UPDATE audit SET actor = ? WHERE seq = 1', [actor])
      return Promise.resolve()
    })
  return { data, tamper }
}

const days = ({ data_dir }: Data) => listBackups(data_dir).map(({ name }) => name.slice(8, 10))

test('one that does not hold pushes out none that does, and those that do not are not more either', async (t) => {
  const { data, tamper } = await tampered(t)
  const night = async (): Promise<string> => {
    data.clock.advance(DAY_MS)
    return data.keep(2).then(
      () => 'holds',
      (error: unknown) => (error instanceof BackupError ? error.message : 'failed'),
    )
  }
  assert.deepEqual([await night(), await night(), days(data)], ['holds', 'holds', ['24', '23']])
  await tamper('eve')
  const told = await night()
  assert.match(
    told,
    /^The backup 2026-11-25\S* does not hold, .* older ones are kept \(audit: line 1 was changed/,
  )
  await night()
  await night()
  assert.deepEqual(days(data), ['27', '26', '24', '23'])
  await tamper('ann')
  assert.equal(await night(), 'holds')
  assert.deepEqual(days(data), ['28', '27', '26', '24'])
})

test('one that could not be looked at pushes out none', async (t) => {
  const data = openData(t)
  await data.open().close()
  await data.keep(1)
  data.clock.advance(DAY_MS)
  await assert.rejects(data.keep(1, { known: [] }), /does not hold, .* newer version/)
  assert.deepEqual(days(data), ['23', '22'])
  data.clock.advance(DAY_MS)
  await assert.rejects(data.keep(1, { spare_bytes: 2 ** 60 }), /no room/)
  assert.deepEqual(days(data), ['23', '22'])
})

test('without room for the copy that is looked at, or is restored, a sentence says so and nothing is left', async (t) => {
  const data = openData(t)
  const kernel = data.open()
  await data.add(kernel, 'Tom')
  const { folder, name } = await data.make()
  await kernel.close()
  const { key } = data.judging
  const much = { ...data.judging, spare_bytes: 2 ** 60 }
  const refused = /^The disk of .* has no room for a backup: \d+ MB are needed, \d+ are free\.$/
  await assert.rejects(verifyBackup(folder, data.data_dir, name, much), { message: refused })
  const file = join(data.data_dir, '..', 'sealed.age')
  const passphrase = 'a passphrase that is long'
  await sealBackup(folder, file, { passphrase, random: (size) => Buffer.alloc(size, 1), key, cost: 2 })
  const elsewhere = join(data.data_dir, '..', 'elsewhere')
  for (const place of [placeFolder(folder, key, 2 ** 60), placeSealed(file, passphrase, 2 ** 60)]) {
    const given = { ...data.judging, now: kernel.now(), saveCurrent: async () => 'none' }
    await assert.rejects(restore(place, { ...given, data_dir: elsewhere }), { message: refused })
    assert.ok(!existsSync(join(elsewhere, 'restoring')))
  }
  assert.deepEqual(readdirSync(backupsFolder(data.data_dir)), [name])
})

test('before a migration too the newest seven are kept, each found to hold', async (t) => {
  const data = openData(t)
  await data.open().close()
  const migrations = [PETS]
  for (let pet = 1; pet <= 9; pet += 1) {
    data.clock.advance(DAY_MS)
    migrations.push({ name: `more-${pet}`, statements: [`CREATE TABLE more_${pet} (a)`] })
    await data.open(migrations).close()
  }
  assert.deepEqual(days(data), ['01', '30', '29', '28', '27', '26', '25'])
  for (const { folder } of listBackups(data.data_dir)) assert.ok(!existsSync(join(folder, 'unverified')))
})
