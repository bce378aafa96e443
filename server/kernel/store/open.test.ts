import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTestStore, temporaryFolder } from '../rig.ts'
import { NewerSchemaError } from './migrate.ts'
import { LockedFolderError } from './lock.ts'

/** The permissions of a file, as they are written. */
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('the data folder and everything in it that holds data is for its user alone', async (t) => {
  const data_dir = join(temporaryFolder(t), 'a', 'b')
  const { add } = openTestStore(t, { data_dir })
  await add('a')
  assert.equal(mode(data_dir), '700')
  for (const name of ['paios.sqlite', 'paios.sqlite-wal'])
    assert.equal(mode(join(data_dir, name)), '600', name)
})

test('a folder that is open cannot be opened again, and can be once it is closed', async (t) => {
  const data_dir = temporaryFolder(t)
  const first = openTestStore(t, { data_dir })
  await first.add('a')
  assert.throws(
    () => openTestStore(t, { data_dir }),
    (error) => {
      assert.ok(error instanceof LockedFolderError)
      assert.match(error.message, new RegExp(data_dir))
      return true
    },
  )
  await first.add('b')
  await first.close()
  assert.deepEqual(openTestStore(t, { data_dir }).items(), ['a', 'b'])
})

test('another process is kept out of the folder, and its death lets go of it', async (t) => {
  const data_dir = temporaryFolder(t)
  const program = `
    import { openStore } from ${JSON.stringify(new URL('./open.ts', import.meta.url).href)}
    const idle = () => Promise.resolve()
    const { store } = openStore({ data_dir: ${JSON.stringify(data_dir)}, now: '', clock: { elapsed: () => 0 },
      migrations: [{ name: 'items-1', statements: ['CREATE TABLE items (id TEXT PRIMARY KEY NOT NULL)'] }],
      onFatal: () => {}, syncer: () => ({ sync: idle, checkpoint: idle, close: idle }) })
    await store.write((tx) => Promise.resolve(tx.connection.run('INSERT INTO items VALUES (?)', ['theirs'])))
    console.log('open')
    process.stdin.resume()`
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => other.kill('SIGKILL'))
  await once(other.stdout, 'data')
  assert.throws(() => openTestStore(t, { data_dir }), LockedFolderError)
  other.kill('SIGKILL')
  await once(other, 'exit')
  assert.deepEqual(openTestStore(t, { data_dir }).items(), ['theirs'])
})

test('a start takes everything out of the log that a crash left in it', async (t) => {
  const data_dir = temporaryFolder(t)
  const crashed = openTestStore(t, { data_dir })
  await crashed.add('a')
  const log = join(data_dir, 'paios.sqlite-wal')
  assert.ok(statSync(log).size > 0)
  await crashed.close()
  openTestStore(t, { data_dir })
  assert.equal(existsSync(log) ? statSync(log).size : 0, 0)
})

test('a folder of a newer version is refused, and can still be opened by that version', async (t) => {
  const data_dir = temporaryFolder(t)
  const migrations = [{ name: 'later-1', statements: ['CREATE TABLE later (n)'] }]
  await openTestStore(t, { data_dir, migrations }).close()
  assert.throws(() => openTestStore(t, { data_dir }), NewerSchemaError)
  await openTestStore(t, { data_dir, migrations }).add('a')
})

test('a migration that fails lets go of the folder', async (t) => {
  const data_dir = temporaryFolder(t)
  const migrations = [{ name: 'later-1', statements: ['nonsense'] }]
  assert.throws(() => openTestStore(t, { data_dir, migrations }), /Migration later-1 failed/)
  assert.deepEqual(openTestStore(t, { data_dir }).items(), [])
})

test('what is no database, or no folder, is refused and left as it is', (t) => {
  const data_dir = temporaryFolder(t)
  writeFileSync(join(data_dir, 'paios.sqlite'), 'This is a diary. '.repeat(1_000))
  assert.throws(() => openTestStore(t, { data_dir }), /not a database/)
  assert.equal(statSync(join(data_dir, 'paios.sqlite')).size, 17_000)
  writeFileSync(join(data_dir, 'file'), '')
  assert.throws(() => openTestStore(t, { data_dir: join(data_dir, 'file', 'data') }), /ENOTDIR/)
  mkdirSync(join(data_dir, 'lock', 'lock.sqlite'), { recursive: true })
  assert.throws(() => openTestStore(t, { data_dir: join(data_dir, 'lock') }), /unable to open/)
})
