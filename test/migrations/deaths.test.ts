import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { MIGRATIONS } from '../../server/migrations.ts'
import { openKernel } from '../../server/kernel/kernel.ts'
import type { Kernel } from '../../server/kernel/kernel.ts'
import { openLog } from '../../server/kernel/log.ts'
import { idleSyncer, temporaryFolder } from '../../server/kernel/rig.ts'
import { readSettings } from '../../server/kernel/settings.ts'
import { openConnection } from '../../server/kernel/store/connection.ts'
import type { Connection } from '../../server/kernel/store/connection.ts'
import { migrate } from '../../server/kernel/store/migrate.ts'
import { listKept, openOfflineBackups } from '../../server/offline.ts'
import { fakeClock, seededRandom } from '../clock.ts'
import { deathsDuring } from './deaths.ts'
import { TODAY } from './history.ts'
import { openOld } from './old.ts'
import { dump, schemaOf } from './rows.ts'

const NOW = Date.UTC(2026, 10, 26, 9, 0, 0)

/** The oldest data whose audit is a chain, so that a backup of it is more than its files. */
const OLDEST = 'schema-14'
/** Statements of the migrations that it lacks. */
const PENDING_MIN = 75

/** The kernel of today on some data, `later` minutes later. */
function open(data_dir: string, later = 0): Kernel {
  const clock = fakeClock(NOW + later * 60_000)
  return openKernel({
    settings: readSettings({ PAIOS_DATA_DIR: data_dir, PAIOS_KEY_FILE: join(data_dir, 'root.key') }),
    clock,
    random: seededRandom(1 + later),
    log: openLog('error', clock, () => {}),
    migrations: MIGRATIONS,
    version: '1.2.3',
    onFatal: (error) => {
      throw error
    },
    syncer: () => idleSyncer,
  })
}

function inside<T>(data_dir: string, look: (connection: Connection) => T): T {
  const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'NORMAL' })
  try {
    return look(connection)
  } finally {
    connection.close()
  }
}

const namesIn = (connection: Connection) =>
  connection.all('SELECT name FROM migrations', []).map(({ name }) => String(name))

/** What the database is after each number of the migrations that are to come. */
function statesOf(t: TestContext, data_dir: string): ReturnType<typeof dump>[] {
  const folder = join(temporaryFolder(t), 'data')
  cpSync(data_dir, folder, { recursive: true })
  return inside(folder, (connection) => {
    const there = new Set(namesIn(connection))
    const states = [dump(connection)]
    for (const migration of TODAY) {
      if (there.has(migration.name)) continue
      there.add(migration.name)
      migrate(
        connection,
        TODAY.filter(({ name }) => there.has(name)),
        '2026-11-26T09:00:00.000Z',
      )
      states.push(dump(connection))
    }
    return states
  })
}

test('whatever statement of its migrations a start dies at, the data is of one schema, was backed up, and comes up whole', async (t) => {
  const { data_dir } = openOld(t, OLDEST)
  const states = statesOf(t, data_dir).map((state) => JSON.stringify(state))
  const { statements, images } = await deathsDuring(t, data_dir, () => open(data_dir).close())
  const whole = () => inside(data_dir, dump)
  assert.equal(JSON.stringify(whole()), states.at(-1))
  assert.ok(statements > PENDING_MIN, `${statements} statements`)
  const met = new Set<number>()
  for (const [nth, image] of images.entries()) {
    const at = states.indexOf(JSON.stringify(inside(image, dump)))
    assert.notEqual(at, -1, `death ${nth} left something between two schemas`)
    // Nothing is changed before the backup is there, whole.
    const backups = openOfflineBackups({ data_dir: image, key_file: join(image, 'root.key') })
    if (at > 0)
      assert.deepEqual(
        listKept({ data_dir: image }).map(({ manifest }) => manifest.schema.length),
        [14],
      )
    if (at > 0 && !met.has(1)) assert.deepEqual((await backups.verify()).problems, [])
    met.add(at)
    const kernel = open(image, 1)
    assert.equal((await kernel.audit.verify()).ok, true)
    await kernel.close()
    assert.deepEqual(inside(image, dump), whole())
  }
  assert.deepEqual(Array.from(met), Array.from(states.keys()))
})

test('whatever statement the very first start dies at, the next one makes what a whole one makes', async (t) => {
  const root = temporaryFolder(t)
  const { images } = await deathsDuring(t, root, () => open(join(root, 'data')).close())
  const schema = inside(join(root, 'data'), schemaOf)
  assert.ok(images.length > TODAY.length)
  for (const [nth, image] of images.entries()) {
    const left = join(image, 'data')
    // Most are brought up by the migrations alone, which is what differs between them.
    if (nth % 8 === 0) await open(left, 1).close()
    else inside(left, (connection) => migrate(connection, TODAY, 'now'))
    assert.deepEqual(inside(left, schemaOf), schema)
  }
})
