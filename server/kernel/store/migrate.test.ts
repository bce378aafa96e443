import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { temporaryFolder } from '../rig.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { NewerSchemaError, migrate } from './migrate.ts'

const NOW = '2026-11-22T10:00:00.000Z'
const FIRST = { name: 'area-1', statements: ['CREATE TABLE one (n INTEGER)', 'INSERT INTO one VALUES (1)'] }
const SECOND = { name: 'area-2', statements: ['ALTER TABLE one ADD COLUMN text TEXT'] }

function open(t: TestContext): Connection {
  const connection = openConnection(join(temporaryFolder(t), 'test.sqlite'), { synchronous: 'FULL' })
  t.after(connection.close)
  return connection
}

const names = (connection: Connection) =>
  connection.all('SELECT name FROM migrations ORDER BY rowid', []).map((row) => row['name'])
const tables = (connection: Connection) =>
  connection
    .all(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`, [])
    .map((row) => row['name'])

test('each migration is applied once, in order, with the time at which it was', (t) => {
  const connection = open(t)
  migrate(connection, [FIRST], NOW)
  migrate(connection, [FIRST, SECOND], '2026-11-23T10:00:00.000Z')
  migrate(connection, [FIRST, SECOND], '2026-11-24T10:00:00.000Z')
  assert.deepEqual(connection.all('SELECT * FROM migrations', []).map(Object.values), [
    ['area-1', NOW],
    ['area-2', '2026-11-23T10:00:00.000Z'],
  ])
  assert.deepEqual(
    connection.all('SELECT * FROM one', []).map((row) => ({ ...row })),
    [{ n: 1, text: null }],
  )
})

test('a new area that stands before known ones is applied too', (t) => {
  const connection = open(t)
  migrate(connection, [FIRST], NOW)
  migrate(connection, [{ name: 'early-1', statements: ['CREATE TABLE early (n)'] }, FIRST], NOW)
  assert.deepEqual(names(connection), ['area-1', 'early-1'])
})

test('a database with a migration that is not known is refused by name, and nothing is changed', (t) => {
  const connection = open(t)
  migrate(connection, [FIRST, SECOND], NOW)
  const third = { name: 'other-1', statements: ['CREATE TABLE other (n)'] }
  assert.throws(
    () => migrate(connection, [FIRST, third], NOW),
    (error) => {
      assert.ok(error instanceof NewerSchemaError)
      assert.match(error.message, /area-2/)
      return true
    },
  )
  assert.deepEqual(tables(connection), ['migrations', 'one'])
})

test('a migration that fails half-way leaves nothing, keeps those before it, and can be repaired', (t) => {
  const connection = open(t)
  const broken = {
    name: 'area-2',
    statements: ['CREATE TABLE two (n)', 'INSERT INTO one VALUES (2)', 'nonsense'],
  }
  assert.throws(
    () => migrate(connection, [FIRST, broken], NOW),
    (error) => {
      assert.ok(error instanceof Error && error.cause instanceof Error)
      assert.deepEqual(
        [error.message, /syntax/.test(error.cause.message)],
        ['Migration area-2 failed.', true],
      )
      return true
    },
  )
  assert.deepEqual([tables(connection), names(connection)], [['migrations', 'one'], ['area-1']])
  assert.equal(connection.all('SELECT count(*) AS n FROM one', [])[0]?.['n'], 1)
  migrate(connection, [FIRST, SECOND], NOW)
  assert.deepEqual(names(connection), ['area-1', 'area-2'])
})

test('a migration that the database itself has rolled back is told by its own cause', (t) => {
  const connection = open(t)
  const full = { name: 'area-1', statements: ['CREATE TABLE one (n)', 'ROLLBACK', 'nonsense'] }
  assert.throws(() => migrate(connection, [full], NOW), { message: 'Migration area-1 failed.' })
  migrate(connection, [FIRST], NOW)
  assert.deepEqual(names(connection), ['area-1'])
})

test('a migration that finds its work done is applied without it, by each database for itself', (t) => {
  const wanted = {
    name: 'area-2',
    unless: `SELECT 1 FROM pragma_table_info('one') WHERE name = 'text'`,
    statements: SECOND.statements,
  }
  const [without, beyond] = [open(t), open(t)]
  migrate(without, [FIRST], NOW)
  migrate(beyond, [{ ...FIRST, statements: ['CREATE TABLE one (n INTEGER, text TEXT)'] }], NOW)
  for (const connection of [without, beyond]) {
    migrate(connection, [FIRST, wanted], NOW)
    assert.deepEqual(names(connection), ['area-1', 'area-2'])
    const columns = connection.all(`SELECT name FROM pragma_table_info('one')`, [])
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['n', 'text'],
    )
  }
})
