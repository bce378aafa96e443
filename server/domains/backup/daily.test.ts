import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTestApp } from '../../../test/app.ts'
import { enrol, prove } from '../../../test/passkeys.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { nextAt } from './daily.ts'
import { openScene } from './fixture.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const at = (hour: number, zone: string, now: string) =>
  new Date(nextAt(hour, zone, Date.parse(now))).toISOString()

test('the hour comes round on the clock of the zone, also where that is changed', () => {
  const cases: [number, string, string, string][] = [
    [3, 'Europe/Berlin', '2026-11-22T10:00:00Z', '2026-11-23T02:00:00.000Z'],
    [3, 'Europe/Berlin', '2026-11-22T01:59:59.999Z', '2026-11-22T02:00:00.000Z'],
    [3, 'Europe/Berlin', '2026-11-22T02:00:00Z', '2026-11-23T02:00:00.000Z'],
    [2, 'Europe/Berlin', '2026-03-28T22:00:00Z', '2026-03-29T01:00:00.000Z'],
    [2, 'Europe/Berlin', '2026-10-24T22:30:00Z', '2026-10-25T00:00:00.000Z'],
    [0, 'Asia/Tokyo', '2026-12-31T14:59:00Z', '2026-12-31T15:00:00.000Z'],
  ]
  for (const [hour, zone, now, expected] of cases)
    assert.equal(at(hour, zone, now), expected, `${hour} ${now}`)
})

test('each night a backup is made and looked at, and nobody is told that all is well', async (context) => {
  const scene = await openScene(context)
  const { backup } = scene.running.app
  const daily = () => backup.list().filter(({ reason }) => reason === 'daily')
  scene.clock.advance(16 * HOUR_MS - 1)
  assert.equal(daily().length, 0)
  for (let night = 1; night <= 2; night += 1) {
    scene.clock.advance(night === 1 ? 1 : DAY_MS)
    await scene.until(() => daily().length === night)
    await scene.until(() => isScheduled(scene.running.app.kernel.store.reader.connection, scene.clock.now()))
  }
  assert.deepEqual(
    daily().map(({ created_at }) => created_at),
    ['2026-11-24T02:00:00.000Z', '2026-11-23T02:00:00.000Z'],
  )
  assert.deepEqual(await scene.told(), [])
})

type Reader = Parameters<typeof isScheduled>[0]

/** Whether the next night's job waits already. */
function isScheduled(
  connection: { all(sql: string, values: readonly unknown[]): Record<string, unknown>[] },
  now: number,
): boolean {
  const [job] = connection.all(`SELECT run_at FROM jobs WHERE kind = 'backup.daily'`, [])
  return Number(job?.['run_at']) > now
}

/** Every backup from now on is whole, and does not hold. */
function tamper({ store }: Kernel): Promise<void> {
  return store.write((tx) => {
    tx.connection.exec(`UPDATE audit SET ip = '10.0.0.1' WHERE seq = 1`)
    return Promise.resolve()
  })
}

test('a backup that does not hold, and one that cannot be made, are told to the owner as critical', async (context) => {
  const scene = await openScene(context)
  const { kernel } = scene.running.app
  await kernel.audit.flush()
  const reader: Reader = kernel.store.reader.connection
  await tamper(kernel)
  scene.clock.advance(16 * HOUR_MS)
  await scene.until(() => isScheduled(reader, scene.clock.now()))
  const [told = ''] = await scene.told()
  assert.match(
    told,
    /^critical: The daily backup failed\. The backup .* does not hold, .*audit: line 1 was changed/,
  )
  assert.ok(scene.running.logged.some((line) => line.includes('the daily backup failed')))
})

test('a night without room for a backup is told, and the next one is tried again', async (context) => {
  const scene = await openScene(context)
  writeFileSync(join(scene.data_dir, 'backups'), 'in the way')
  scene.clock.advance(16 * HOUR_MS)
  const reader: Reader = scene.running.app.kernel.store.reader.connection
  await scene.until(() => isScheduled(reader, scene.clock.now()))
  const [told = ''] = await scene.told()
  assert.match(told, /^critical: The daily backup failed\. No backup of .* could be made: /)
})

test('the hour, the number that is kept and whether there is one at all are settings', async (context) => {
  const scene = await openScene(context)
  const { backup, kernel } = scene.running.app
  const due = () =>
    kernel.store.reader.connection.all(`SELECT run_at FROM jobs WHERE kind = 'backup.daily'`, [])[0]?.[
      'run_at'
    ]
  assert.equal(due(), Date.UTC(2026, 10, 23, 2))
  const { key } = await enrol(scene.running, scene.ann.token)
  const set = async (backups: { keep?: number; hour?: number; daily?: boolean }) => {
    const all = { keep: 2, hour: 23, daily: true, ...backups }
    const reply = await prove(scene.running, scene.ann.token, key, 'system.config', { backups: all })
    assert.equal(reply.status, 200)
  }
  await set({})
  await scene.until(() => due() === Date.UTC(2026, 10, 22, 22))
  for (let made = 0; made < 3; made += 1) {
    await backup.make('asked')
    scene.clock.advance(1)
  }
  assert.equal(backup.list().length, 2)
  await set({ daily: false })
  scene.clock.advance(13 * HOUR_MS)
  await scene.until(() => isScheduled(kernel.store.reader.connection, scene.clock.now()))
  assert.deepEqual(
    backup.list().filter(({ reason }) => reason === 'daily'),
    [],
  )
})

test('settings that change while the backup is made lose nothing of what came of it, and hold from then on', async (context) => {
  const scene = await openScene(context)
  const { kernel } = scene.running.app
  const { key } = await enrol(scene.running, scene.ann.token)
  await kernel.audit.flush()
  await tamper(kernel)
  scene.clock.advance(16 * HOUR_MS - 1)
  const token = await scene.signIn()
  let changed: Promise<unknown> | undefined
  const hour = { backups: { keep: 2, hour: 23, daily: true } }
  const wait = kernel.store.settled.bind(kernel.store)
  // The backup waits for this before it is made.
  kernel.store.settled = async () => {
    kernel.store.settled = wait
    changed = prove(scene.running, token, key, 'system.config', hour)
    await changed
    return wait()
  }
  scene.clock.advance(1)
  const reader: Reader = kernel.store.reader.connection
  await scene.until(() => changed !== undefined)
  await changed
  await scene.until(() => scene.running.logged.some((line) => line.includes('the daily backup failed')))
  await scene.until(() => isScheduled(reader, scene.clock.now()))
  await kernel.store.settled()
  const told = (await scene.told()).find((text) => text.startsWith('critical: '))
  assert.match(told ?? '', /^critical: The daily backup failed\. /)
  const [job] = reader.all(`SELECT run_at FROM jobs WHERE kind = 'backup.daily'`, [])
  assert.equal(new Date(Number(job?.['run_at'])).toISOString(), '2026-11-23T22:00:00.000Z')
})

test('what a process that died in the middle of a backup has left is gone after the next start', async (context) => {
  const scene = await openScene(context)
  const { name } = await scene.running.app.backup.make('asked')
  const all = join(scene.data_dir, 'backups')
  for (const left of ['.unfinished-2026-11-22T11-00-00-000Z-daily', '.unfinished-check-x', 'mine'])
    mkdirSync(join(all, left, 'audit'), { recursive: true })
  await scene.restart()
  assert.deepEqual(readdirSync(all).toSorted(), [name, 'mine'])
})

test('what is left is removed before anybody can be at work, and what is at work when the day begins stays', async (context) => {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-backup-'))
  const all = join(data_dir, 'backups')
  const place = (name: string) => mkdirSync(join(all, name), { recursive: true })
  place('.unfinished-left')
  const { app, close } = await openTestApp({ data_dir, backups: {} })
  context.after(async () => {
    await close()
    rmSync(data_dir, { recursive: true, force: true })
  })
  assert.deepEqual(readdirSync(all), [])
  place('.unfinished-at-work')
  await app.begin()
  assert.deepEqual(readdirSync(all), ['.unfinished-at-work'])
})

test('a server that was off all night makes its backup soon after it starts', async (context) => {
  const scene = await openScene(context)
  const { name } = await scene.running.app.backup.make('daily')
  scene.clock.jump(3 * DAY_MS)
  await scene.restore(name)
  const { connection } = scene.running.app.kernel.store.reader
  const [job] = connection.all(`SELECT run_at FROM jobs WHERE kind = 'backup.daily'`, [])
  assert.equal(Number(job?.['run_at']) - scene.clock.now(), 600_000)
})
