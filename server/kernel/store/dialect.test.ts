import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { sql } from 'kysely'
import { temporaryFolder } from '../rig.ts'
import { openConnection } from './connection.ts'
import { hot, queries } from './dialect.ts'

interface Tables {
  pets: { id: number; name: string; age: number | null }
}

/** Rows without a prototype are equal to none with one. */
const plain = (rows: readonly object[]) => rows.map((row) => ({ ...row }))

function open(t: TestContext) {
  const connection = openConnection(join(temporaryFolder(t), 'test.sqlite'), { synchronous: 'NORMAL' })
  t.after(connection.close)
  connection.exec('CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER)')
  connection.exec(`INSERT INTO pets VALUES (1, 'Tom', 3), (2, 'Ida', NULL), (3, 'O''Neil', 9)`)
  return { connection, db: queries<Tables>(connection) }
}

test('a selection answers rows, also one with common tables, one in capitals and a union', async (t) => {
  const { db } = open(t)
  const old = db
    .with('old', (q) => q.selectFrom('pets').selectAll().where('age', '>', 2))
    .selectFrom('old')
    .select('name')
  assert.deepEqual(plain(await old.orderBy('name').execute()), [{ name: "O'Neil" }, { name: 'Tom' }])
  const raw = await sql<{ n: number }>`  SELECT count(*) AS n FROM pets`.execute(db)
  assert.deepEqual(plain(raw.rows), [{ n: 3 }])
  const one = db.selectFrom('pets').select('name').where('id', '=', 1)
  const two = db.selectFrom('pets').select('name').where('id', '=', 2)
  assert.deepEqual(plain(await one.union(two).execute()), [{ name: 'Ida' }, { name: 'Tom' }])
})

test('a change answers how many rows it changed, or the rows that it is asked to return', async (t) => {
  const { db } = open(t)
  const { numUpdatedRows } = await db
    .updateTable('pets')
    .set({ age: 1 })
    .where('id', '<', 3)
    .executeTakeFirstOrThrow()
  assert.equal(numUpdatedRows, 2n)
  const removed = await db.deleteFrom('pets').where('id', '=', 2).returning(['id', 'name']).execute()
  assert.deepEqual(plain(removed), [{ id: 2, name: 'Ida' }])
  const inserted = await db
    .insertInto('pets')
    .values({ id: 9, name: 'selected', age: null })
    .executeTakeFirstOrThrow()
  assert.equal(inserted.numInsertedOrUpdatedRows, 1n)
})

test('a limit and an offset are expressions, which SQLite does not plan for anew at each call', async (t) => {
  const { db } = open(t)
  const second = db.selectFrom('pets').select('name').orderBy('id').limit(1).offset(1)
  assert.match(second.compile().sql, /limit \+\? offset \+\?$/)
  assert.deepEqual(plain(await second.execute()), [{ name: 'Ida' }])
})

test('a value is never read as SQL', async (t) => {
  const { db } = open(t)
  const name = `'; DROP TABLE pets; -- returning`
  await db.updateTable('pets').set({ name }).where('id', '=', 1).execute()
  assert.deepEqual(plain(await db.selectFrom('pets').select('name').where('name', '=', name).execute()), [
    { name },
  ])
})

test('transactions and streams are refused: they belong to the store', async (t) => {
  const { db } = open(t)
  await assert.rejects(
    db.transaction().execute(() => Promise.resolve()),
    /belong to the store/,
  )
  await assert.rejects(async () => {
    for await (const row of db.selectFrom('pets').selectAll().stream()) assert.fail(JSON.stringify(row))
  }, /never streamed/)
})

test('a failing query is a rejection and never thrown', async (t) => {
  const { db } = open(t)
  const failing = db.insertInto('pets').values({ id: 1, name: 'twice', age: null }).execute()
  await assert.rejects(failing, /UNIQUE/)
})

test('a hot statement takes its values by name, the same one several times, and keeps constants', (t) => {
  const { connection } = open(t)
  let built = 0
  const find = hot<Tables, { age: number; name: string }, { name: string }>((db, value) => {
    built += 1
    return db
      .selectFrom('pets')
      .select('name')
      .where((eb) => eb.or([eb('age', '=', value('age')), eb('name', '=', value('name'))]))
      .where((eb) => eb.or([eb('age', '=', value('age')), eb('id', '>', 1)]))
      .orderBy('id')
      .limit(2)
  })
  assert.equal(built, 0)
  const names = (parameters: { age: number; name: string }) =>
    find.all(connection, parameters).map(({ name }) => name)
  assert.deepEqual(names({ age: 3, name: 'Ida' }), ['Tom', 'Ida'])
  assert.deepEqual(names({ name: `O'Neil`, age: 4 }), ["O'Neil"])
  assert.deepEqual([names({ age: 5, name: '?' }), built], [[], 1])
})

test('a hot statement serves several connections, and a value that was left out finds nothing', (t) => {
  const [one, two] = [open(t), open(t)]
  const rename = hot<Tables, { id: number; name: string }>((db, value) =>
    db
      .updateTable('pets')
      .set({ name: value('name') })
      .where('id', '=', value('id')),
  )
  assert.equal(rename.run(one.connection, { id: 1, name: 'Max' }), 1)
  assert.equal(rename.run(two.connection, { id: 7, name: 'Max' }), 0)
  assert.equal(two.connection.all('SELECT name FROM pets WHERE id = 1', [])[0]?.['name'], 'Tom')
  assert.equal(rename.run(one.connection, { name: 'Max' } as { id: number; name: string }), 0)
})

test('a hot statement asked through tables answers the same, compiled once, and what it returns of a change', async (t) => {
  const { db } = open(t)
  let built = 0
  const find = hot<Tables, { id: number }, { name: string }>((tables, value) => {
    built += 1
    return tables.selectFrom('pets').select('name').where('id', '=', value('id'))
  })
  const age = hot<Tables, { id: number; age: number }, { id: number }>((tables, value) =>
    tables
      .updateTable('pets')
      .set({ age: value('age') })
      .where('id', '=', value('id'))
      .returning('id'),
  )
  assert.deepEqual(plain(await find.on(db, { id: 2 })), [{ name: 'Ida' }])
  assert.deepEqual([await find.on(db, { id: 9 }), built], [[], 1])
  assert.deepEqual(plain(await age.on(db, { id: 3, age: 10 })), [{ id: 3 }])
  assert.deepEqual(await age.on(db, { id: 9, age: 10 }), [])
  const { id, age: kept } = await db
    .selectFrom('pets')
    .selectAll()
    .where('age', '=', 10)
    .executeTakeFirstOrThrow()
  assert.deepEqual([id, kept], [3, 10])
})
