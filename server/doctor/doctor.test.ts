import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { START, openTestApp } from '../../test/app.ts'
import { MIGRATIONS } from '../migrations.ts'
import { knownMigrations } from '../backups.ts'
import { openConnection } from '../kernel/store/connection.ts'
import { systemRandom } from '../kernel/ids.ts'
import { writeRing } from '../kernel/ring.ts'
import { lockFolder } from '../kernel/store/lock.ts'
import { checkRoom } from './place.ts'
import { examine } from './index.ts'
import type { DoctorOptions, Finding } from './index.ts'

const HOUR_MS = 3_600_000

/** The data of a server that has ended, with a backup, and somebody who looks at it. */
async function open(t: TestContext) {
  const server = await openTestApp()
  t.after(() => rmSync(data_dir, { recursive: true, force: true }))
  const { data_dir } = server
  await server.claim()
  await server.app.backup.make('daily')
  const { settings } = server.app.kernel
  await server.close()
  const look = (changed: Partial<DoctorOptions> = {}): Promise<Finding[]> =>
    examine({
      settings,
      now: START + HOUR_MS,
      node: '26.10.0',
      packages: ['kysely'],
      resolve: () => {},
      server: { answers: false, port: 'free' },
      known: () => Promise.resolve(knownMigrations(MIGRATIONS)),
      ...changed,
    })
  /** What is not well, as `check kind: what is`. */
  const wrong = async (changed: Partial<DoctorOptions> = {}): Promise<string[]> =>
    (await look(changed))
      .filter(({ kind }) => kind !== 'well')
      .map(({ check, kind, says }) => `${check} ${kind}: ${says}`)
  const spoil = (sql: string): void => {
    const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'FULL' })
    connection.exec(`PRAGMA foreign_keys=OFF; ${sql}`)
    connection.close()
  }
  return { data_dir, settings, look, wrong, spoil, key_file: settings.key_file }
}

/** Expects one thing that is wrong, and that it says how to mend it. */
function one(found: string[], expected: RegExp): void {
  assert.equal(found.length, 1, found.join('\n'))
  assert.match(found[0] ?? '', expected)
}

test('a server with nothing wrong is well in every check', async (t) => {
  const { look } = await open(t)
  const findings = await look()
  assert.deepEqual(
    findings.map(({ check, kind }) => `${check} ${kind}`),
    [
      'node',
      'packages',
      'folder',
      'disk',
      'port',
      'lock',
      'restore',
      'key',
      'database',
      'schema',
      'clock',
      'backups',
      'secrets',
      'audit',
    ].map((check) => `${check} well`),
  )
})

function resolve(name: string): void {
  if (name === 'kysely') throw new Error('none')
}

test('the wrong Node, a package that is missing, and who has the port are named', async (t) => {
  const { wrong, settings } = await open(t)
  one(
    await wrong({ node: '24.1.0' }),
    /^node problem: It runs under Node 24\.1\.0, and is written for Node 26/,
  )
  one(
    await wrong({ packages: ['acorn', 'kysely'], resolve }),
    /^packages problem: 1 packages are missing: kysely\./,
  )
  const at = { settings: { ...settings, port: 80 } }
  one(
    await wrong({ ...at, server: { answers: false, port: 'taken' } }),
    /^port problem: Port 80 .* is taken by another program/,
  )
  one(
    await wrong({ ...at, server: { answers: false, port: 'forbidden' } }),
    /^port problem: This user may not take connections at port 80/,
  )
})

test('a data folder that others can see, that is none, and that is not there yet differ', async (t) => {
  const { wrong, data_dir, settings } = await open(t)
  chmodSync(data_dir, 0o755)
  one(await wrong(), /^folder problem: Others on this machine can look into /)
  chmodSync(data_dir, 0o700)
  const file = join(data_dir, 'file')
  writeFileSync(file, '')
  assert.match(
    (await wrong({ settings: { ...settings, data_dir: file } })).join(),
    /folder problem: .*\/file is no folder/,
  )
  const none = { ...settings, data_dir: join(data_dir, 'none', 'here') }
  one(await wrong({ settings: none }), /^folder note: There is no data folder .*here yet/)
})

test('a key file that is missing, open to others, cut, or of other data is told apart', async (t) => {
  const { wrong, key_file, data_dir } = await open(t)
  const key = readFileSync(key_file, 'utf8')
  chmodSync(key_file, 0o644)
  one(await wrong(), /^key problem: .* can be read by others on this machine/)
  chmodSync(key_file, 0o600)
  truncateSync(key_file, 20)
  one(await wrong(), /^key problem: .* does not hold a key of 32 bytes/)
  writeFileSync(key_file, Buffer.alloc(32, 5).toString('base64url'))
  one(
    await wrong(),
    /^key problem: The key file holds another key than the one that this data was written under/,
  )
  rmSync(key_file)
  one(await wrong(), /^key problem: .* is missing, though there is data/)
  rmSync(join(data_dir, 'paios.sqlite'))
  one(await wrong(), /^key note: .* is missing, and there is no data yet/)
  writeFileSync(key_file, key, { mode: 0o600 })
  assert.deepEqual(await wrong(), [])
})

test('a key that a passphrase seals is worth knowing, and one that is handed over needs no file', async (t) => {
  const { wrong, key_file, settings } = await open(t)
  const root_key = readFileSync(key_file, 'utf8').trim()
  const ring = { root: Buffer.from(root_key, 'base64url') }
  writeRing({ key_file, passphrase: 'a long passphrase' }, ring, 'passphrase', systemRandom)
  one(
    await wrong(),
    /^key note: The root key .* is sealed by a passphrase\. What it opens was not looked at\./,
  )
  const sealed = await wrong({ server: { answers: true, port: 'taken' } })
  assert.ok(
    sealed.some((said) => said.startsWith('lock note: The server is sealed, and has not opened its data.')),
  )
  assert.ok(!sealed.some((said) => said.startsWith('lock problem')))
  const handed = { settings: { ...settings, root_key } }
  one(await wrong(handed), /^key problem: There is a root key in the environment and another in /)
  rmSync(key_file)
  assert.deepEqual(await wrong(handed), [])
  const other = Buffer.alloc(32, 5).toString('base64url')
  one(
    await wrong({ settings: { ...settings, root_key: other } }),
    /^key problem: .* another key than the one/,
  )
})

test('damage of the database and of the audit is named', async (t) => {
  const { wrong, spoil, data_dir } = await open(t)
  spoil(`UPDATE audit SET ip = '10.0.0.1' WHERE seq = 1`)
  one(await wrong(), /^audit problem: The audit does not hold: line 1 was changed/)
  spoil(`UPDATE audit SET ip = '127.0.0.1' WHERE seq = 1; DELETE FROM users`)
  assert.match(
    (await wrong()).join('\n'),
    /^database problem: .* a row of \w+ names a row of users that is not there/,
  )
  const path = join(data_dir, 'paios.sqlite')
  writeFileSync(path, readFileSync(path).fill(0xff, 100, 20_000))
  assert.match((await wrong()).join('\n'), /^database problem: The database (?:is damaged|cannot be read): /)
})

test('a newer schema is a problem, and an older one is migrated by the next start', async (t) => {
  const { wrong } = await open(t)
  const known = knownMigrations(MIGRATIONS)
  one(
    await wrong({ known: () => Promise.resolve(known.slice(1)) }),
    new RegExp(`^schema problem: The data was written by a newer version \\(${known[0]}\\)`),
  )
  one(
    await wrong({ known: () => Promise.resolve([...known, 'later-1']) }),
    /^schema note: 1 migrations are pending \(later-1\)\./,
  )
})

test('a clock that went back, and backups that are too old or missing, are named from their bound on', async (t) => {
  const { wrong, data_dir } = await open(t)
  assert.deepEqual(await wrong({ now: START - 300_000 }), [])
  one(
    await wrong({ now: START - 3_600_000 }),
    /^clock problem: The clock is 60 minutes behind .* at 2026-11-22T10:00/,
  )
  assert.deepEqual(await wrong({ now: START + 48 * HOUR_MS }), [])
  one(
    await wrong({ now: START + 72 * HOUR_MS }),
    /^backups problem: The newest backup, \S+-daily, is 3 days old\./,
  )
  renameSync(join(data_dir, 'backups'), join(data_dir, 'moved'))
  one(await wrong(), /^backups note: There is no backup yet\./)
  one(
    await wrong({ now: START + 96 * HOUR_MS }),
    /^backups problem: There is no backup, and the data is 4 days old\./,
  )
})

test('who holds the folder, and a restore that was interrupted, are named', async (t) => {
  const { wrong, data_dir } = await open(t)
  const unlock = lockFolder(data_dir)
  one(await wrong(), /^lock problem: A process has the data folder, but no server answers/)
  assert.deepEqual(await wrong({ server: { answers: true, port: 'taken' } }), [])
  unlock()
  one(
    await wrong({ server: { answers: true, port: 'taken' } }),
    /^lock problem: A server answers, but does not hold/,
  )
  const journal = join(data_dir, 'restoring', 'journal.json')
  mkdirSync(dirname(journal))
  writeFileSync(journal, '{"moves":[]}')
  one(await wrong(), /^restore problem: A restore was interrupted half-way\./)
})

const roomKind = (free: number, total: number) => checkRoom('/data', { free, total }).kind

test('a disk is nearly full below 256 MB, or 5 % of a small one', () => {
  const [mib, gib] = [1_048_576, 1_073_741_824]
  assert.deepEqual([roomKind(256 * mib, 100 * gib), roomKind(256 * mib - 1, 100 * gib)], ['well', 'problem'])
  assert.deepEqual([roomKind(0.05 * gib, gib), roomKind(0.049 * gib, gib)], ['well', 'problem'])
})

test('every problem says how it is mended', async (t) => {
  const { look, key_file } = await open(t)
  chmodSync(key_file, 0o644)
  const server = { answers: false, port: 'taken' } as const
  const findings = await look({
    node: '18.0.0',
    now: START + 900 * HOUR_MS,
    server,
    resolve: () => assert.fail(),
  })
  const problems = findings.filter(({ kind }) => kind === 'problem')
  assert.ok(problems.length >= 4)
  for (const { check, mend } of problems) assert.ok((mend ?? '').length > 10, check)
})
