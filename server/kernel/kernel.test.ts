import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { fakeClock, seededRandom } from '../../test/clock.ts'
import { KeyFileError } from './ring.ts'
import type { Told } from './events.ts'
import { openKernel } from './kernel.ts'
import type { KernelOptions } from './kernel.ts'
import { openLog } from './log.ts'
import { START, idleSyncer, temporaryFolder, turn } from './rig.ts'
import { readSettings } from './settings.ts'
import { LockedFolderError } from './store/lock.ts'

const PETS = { name: 'pets-1', statements: ['CREATE TABLE pets (name TEXT PRIMARY KEY NOT NULL)'] }

function open(t: TestContext, folder: string, changed: Partial<KernelOptions> = {}) {
  const clock = fakeClock(START)
  const logged: string[] = []
  const kernel = openKernel({
    settings: readSettings({
      PAIOS_DATA_DIR: join(folder, 'data'),
      PAIOS_KEY_FILE: join(folder, 'root.key'),
    }),
    clock,
    random: seededRandom(1),
    log: openLog('info', clock, (line) => logged.push(line)),
    migrations: [PETS],
    onFatal: (error) => assert.fail(String(error)),
    syncer: () => idleSyncer,
    ...changed,
  })
  let closed: Promise<void> | undefined
  const close = () => (closed ??= kernel.close())
  t.after(close)
  return { kernel, clock, logged, close }
}

test('an effect, its event, its job and its audit line are one: all of it is there, or nothing', async (t) => {
  const { kernel } = open(t, temporaryFolder(t))
  const { store, events, jobs, audit } = kernel
  const heard: Told[] = []
  events.hear((event) => heard.push(event))
  const bounds = { concurrency_max: 1, per_user_max: 9, total_max: 9, lease_ms: 1_000, attempts_max: 1 }
  jobs.handle('feed', { ...bounds, run: () => new Promise(() => {}), giveUp: () => Promise.resolve() })
  const add = (name: string, end: () => Promise<void>) =>
    store.write((tx) => {
      tx.connection.run('INSERT INTO pets VALUES (?)', [name])
      events.tell(tx, 'agent:error', 'ann', { agent_id: '7', error: name })
      jobs.enqueue(tx, { kind: 'feed', key: name, user_id: 'ann', payload: {} })
      audit.write(tx, {
        request_id: name,
        actor: 'ann',
        session_id: null,
        transport: 'http',
        operation: 'pets.add',
        target: null,
        status: 200,
        outcome: 'ok',
        ip: '::1',
        counted: 0,
        duration_ms: 1,
      })
      return end()
    })
  await assert.rejects(add('Tom', () => Promise.reject(new Error('no'))))
  await add('Ida', () => Promise.resolve())
  await turn()
  const counts = ['pets', 'events', 'jobs', 'audit'].map(
    (table) => store.reader.connection.all(`SELECT count(*) AS n FROM ${table}`, [])[0]?.['n'],
  )
  assert.deepEqual([counts, heard.map(({ seq }) => seq)], [[1, 1, 1, 1], [1]])
})

test('a second kernel on the folder is refused and leaves the first as it was; after its end there is room', async (t) => {
  const folder = temporaryFolder(t)
  const first = open(t, folder)
  assert.throws(() => open(t, folder), LockedFolderError)
  await first.kernel.store.write((tx) =>
    Promise.resolve(tx.connection.run('INSERT INTO pets VALUES (?)', ['Tom'])),
  )
  const mac = first.kernel.keys.mac('audit', 'x')
  await first.close()
  const second = open(t, folder, { random: seededRandom(2) })
  assert.equal(second.kernel.store.reader.connection.all('SELECT * FROM pets', []).length, 1)
  assert.equal(second.kernel.keys.mac('audit', 'x'), mac)
})

test('without a good key nothing is opened', (t) => {
  const folder = temporaryFolder(t)
  const settings = readSettings({ PAIOS_DATA_DIR: join(folder, 'data'), PAIOS_KEY_FILE: '/dev/null' })
  assert.throws(() => open(t, folder, { settings }), KeyFileError)
  assert.equal(existsSync(join(folder, 'data')), false)
})

test('a migration of a domain that fails lets go of the folder', (t) => {
  const folder = temporaryFolder(t)
  assert.throws(() => open(t, folder, { migrations: [{ name: 'bad-1', statements: ['nonsense'] }] }), /bad-1/)
  open(t, folder)
})

test('closing writes the audit lines that wait, lets go of the folder, and can be done twice', async (t) => {
  const folder = temporaryFolder(t)
  const { kernel, logged } = open(t, folder)
  kernel.audit.note({
    request_id: 'last',
    actor: null,
    session_id: null,
    transport: 'http',
    operation: 'unknown',
    target: null,
    status: 404,
    outcome: 'GENERAL_001',
    ip: '::1',
    counted: 0,
    duration_ms: 1,
  })
  await kernel.close()
  await kernel.close()
  const { kernel: next } = open(t, folder)
  assert.equal(
    next.store.reader.connection.all('SELECT request_id FROM audit', [])[0]?.['request_id'],
    'last',
  )
  assert.deepEqual(logged, [])
})

test('a disk that is full at the end does not keep the folder locked', async (t) => {
  const folder = temporaryFolder(t)
  let full: string | undefined = undefined
  const { kernel, close } = open(t, folder, { refuseWrites: () => full })
  await kernel.store.write((tx) => Promise.resolve(tx.connection.run('INSERT INTO pets VALUES (?)', ['Tom'])))
  full = 'The disk is full.'
  await close()
  assert.equal(open(t, folder).kernel.store.reader.connection.all('SELECT * FROM pets', []).length, 1)
})

test('time and ids come from what was handed in', (t) => {
  const { kernel, clock } = open(t, temporaryFolder(t))
  assert.equal(kernel.now(), '2026-11-22T10:00:00.000Z')
  clock.advance(1)
  assert.equal(kernel.now(), '2026-11-22T10:00:00.001Z')
  const [a, b] = [kernel.id(), kernel.id()]
  assert.ok(a < b && a.startsWith((START + 1).toString(16).padStart(12, '0').slice(0, 8)))
})
