import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openOfflineBackups } from '../../server/offline.ts'
import { PASSWORD, START, openTestApp } from '../app.ts'
import type { TestApp } from '../app.ts'
import { fakeClock, seededRandom } from '../clock.ts'
import { outcomeOf } from '../passkeys.ts'
import { deathsDuring } from './deaths.ts'

let starts = 0

async function start(data_dir: string): Promise<TestApp> {
  starts += 1
  return openTestApp({ data_dir, clock: fakeClock(START + starts * 1_000), random: seededRandom(starts) })
}

/** Data with an agent that a backup knows, and one that was made since; the token is from before. */
async function openData(t: TestContext) {
  const data_dir = mkdtempSync(join(tmpdir(), 'paios-restore-'))
  t.after(() => rmSync(data_dir, { recursive: true, force: true }))
  const server = await start(data_dir)
  const { token } = await server.claim()
  await server.ask(token, 'agents.create', { name: 'Kept' })
  const { name } = await server.app.backup.make('asked')
  await server.ask(token, 'agents.create', { name: 'Later' })
  await server.close()
  return { data_dir, token, name }
}

/** What a server finds in some data: whose agents there are, who is still signed in, and how often it was restored. */
async function find(data_dir: string, token: string) {
  const server = await start(data_dir)
  const { connection } = server.app.kernel.store.reader
  const count = (what: string) => Number(connection.all(`SELECT count(*) AS n FROM ${what}`, [])[0]?.['n'])
  const found = {
    agents: connection
      .all(`SELECT name FROM agents WHERE agent_number >= 20 ORDER BY name`, [])
      .map((row) => String(row['name'])),
    token: outcomeOf(await server.call(token, 'auth.me', {})),
    restored: count(`audit WHERE operation = 'control.restore'`),
    told: count(`notifications WHERE text LIKE 'Everybody must sign in again%'`),
    ok: (await server.app.kernel.audit.verify()).ok,
  }
  const login = { email: 'ann@example.org', password: PASSWORD }
  const again = outcomeOf(await server.call(undefined, 'auth.login', login))
  await server.close()
  return { ...found, again, isOver: !existsSync(join(data_dir, 'restored.json')) }
}

const EITHER = { ok: true, again: 'ok', isOver: true }
const OLD = { agents: ['Kept', 'Later'], token: 'ok', restored: 0, told: 0, ...EITHER }
const NEW = { agents: ['Kept'], token: 'AUTH_001', restored: 1, told: 1, ...EITHER }

test('whatever statement a restore or the start after it dies at, all of it has happened or nothing', async (t) => {
  const { data_dir, token, name } = await openData(t)
  const restoring = await deathsDuring(t, data_dir, () =>
    openOfflineBackups({ data_dir, key_file: join(data_dir, 'root.key') }).restore(name),
  )
  const starting = await deathsDuring(t, data_dir, async () => (await start(data_dir)).close())
  assert.ok(restoring.statements > 20 && starting.statements > 20)
  const founds = []
  for (const image of [...restoring.images, ...starting.images]) founds.push(await find(image, token))
  const switched = founds.findIndex(({ restored }) => restored > 0)
  // A start that dies once it has ended everything, and before it knows so, does it once more and says so once more.
  const twice = founds.filter(({ restored }) => restored === 2)
  assert.deepEqual(
    twice.map(({ told }) => told),
    [2],
  )
  // What has happened once stays.
  assert.deepEqual(
    founds.map((found) => (twice.includes(found) ? { ...found, restored: 1, told: 1 } : found)),
    founds.map((_, nth) => (nth < switched ? OLD : NEW)),
  )
  assert.ok(switched > 0 && switched < restoring.images.length, `${switched} of ${restoring.images.length}`)
})
