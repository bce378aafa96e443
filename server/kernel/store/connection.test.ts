import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { temporaryFolder } from '../rig.ts'
import { openConnection, rollBack } from './connection.ts'
import type { Connection } from './connection.ts'

type Options = Parameters<typeof openConnection>[1]

function open(t: TestContext, options: Options = { synchronous: 'NORMAL' }, folder = temporaryFolder(t)) {
  const connection = openConnection(join(folder, 'test.sqlite'), options)
  t.after(connection.close)
  return connection
}

const pragma = (connection: Connection, name: string) =>
  Object.values(connection.all(`PRAGMA ${name}`, [])[0] ?? {})[0]

test('every setting on which the promises rest is in force', (t) => {
  const connection = open(t)
  const settings = {
    journal_mode: 'wal',
    synchronous: 1,
    wal_autocheckpoint: 0,
    secure_delete: 1,
    foreign_keys: 1,
    fullfsync: 1,
    checkpoint_fullfsync: 1,
    temp_store: 2,
    journal_size_limit: 67_108_864,
    query_only: 0,
    busy_timeout: 5_000,
  }
  for (const [name, value] of Object.entries(settings)) assert.equal(pragma(connection, name), value, name)
  assert.equal(pragma(open(t, { synchronous: 'FULL' }), 'synchronous'), 2)
})

test('a database that cannot have a write-ahead log is refused', () => {
  assert.throws(
    () => openConnection(':memory:', { synchronous: 'NORMAL' }),
    /journal mode memory instead of wal/,
  )
})

test('a connection for reading cannot write', (t) => {
  const folder = temporaryFolder(t)
  open(t, { synchronous: 'NORMAL' }, folder).exec('CREATE TABLE one (n)')
  const reader = open(t, { synchronous: 'NORMAL', read_only: true }, folder)
  assert.throws(() => reader.run('INSERT INTO one VALUES (1)', []), /readonly/)
  assert.deepEqual(reader.all('SELECT * FROM one', []), [])
})

test('a reference to what is not there is refused', (t) => {
  const connection = open(t)
  connection.exec('CREATE TABLE parent (id INTEGER PRIMARY KEY)')
  connection.exec('CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent)')
  assert.throws(() => connection.run('INSERT INTO child VALUES (7)', []), /FOREIGN KEY/)
})

test('bytes in a column of text are read as text, and stay bytes where they belong', (t) => {
  const connection = open(t, { synchronous: 'NORMAL' })
  connection.exec('CREATE TABLE one (id INTEGER PRIMARY KEY, name TEXT, audio BLOB)')
  const bytes = new Uint8Array([0x7b, 0xff])
  connection.run('INSERT INTO one VALUES (1, ?, ?)', [bytes, bytes])
  const [row] = connection.all(`SELECT name, audio, coalesce(name, '') AS worked_out FROM one`, [])
  assert.deepEqual({ ...row }, { name: '{\uFFFD', audio: bytes, worked_out: '{\uFFFD' })
})

test('values come back as they went in, and run tells how many rows it changed', (t) => {
  const connection = open(t)
  connection.exec('CREATE TABLE one (a, b, c, d)')
  const values = ['naïve\u0000😀', 2 ** 53 - 1, null, new Uint8Array([0, 255])]
  assert.equal(connection.run('INSERT INTO one VALUES (?, ?, ?, ?)', values), 1)
  assert.deepEqual(Object.values(connection.all('SELECT * FROM one', [])[0] ?? {}), values)
  assert.equal(connection.run('INSERT INTO one SELECT * FROM one', []), 1)
  assert.equal(connection.run('UPDATE one SET a = 1', []), 2)
  assert.equal(connection.run('DELETE FROM one WHERE a = 3', []), 0)
})

test('a row id beyond what a number holds does not make a carried-out statement throw', (t) => {
  const connection = open(t)
  connection.exec('CREATE TABLE one (id INTEGER PRIMARY KEY)')
  assert.equal(connection.run('INSERT INTO one VALUES (9007199254740993)', []), 1)
})

test('more statements than are kept prepared go on working, the oldest too', (t) => {
  const connection = open(t)
  for (let round = 0; round < 2; round += 1) {
    for (let n = 0; n < 600; n += 1) {
      assert.equal(connection.all(`SELECT ${n} AS n`, [])[0]?.['n'], n)
    }
  }
})

test('a prepared statement notices that its table has changed', (t) => {
  const connection = open(t)
  connection.exec('CREATE TABLE one (a)')
  connection.run('INSERT INTO one VALUES (1)', [])
  assert.deepEqual({ ...connection.all('SELECT * FROM one', [])[0] }, { a: 1 })
  connection.exec('ALTER TABLE one ADD COLUMN b')
  assert.deepEqual({ ...connection.all('SELECT * FROM one', [])[0] }, { a: 1, b: null })
})

test('rolling back without a transaction is no mistake', (t) => {
  const connection = open(t)
  connection.exec('CREATE TABLE one (a)')
  rollBack(connection)
  connection.exec('BEGIN; INSERT INTO one VALUES (1)')
  rollBack(connection)
  assert.deepEqual(connection.all('SELECT * FROM one', []), [])
})

test('what was closed refuses', (t) => {
  const connection = openConnection(join(temporaryFolder(t), 'test.sqlite'), { synchronous: 'NORMAL' })
  connection.all('SELECT 1', [])
  connection.close()
  assert.throws(() => connection.all('SELECT 1', []), /not open/)
})
