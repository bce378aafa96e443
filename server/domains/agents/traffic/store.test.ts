import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestStore } from '../../../kernel/rig.ts'
import { trafficMigrations, trafficStore } from './store.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const NOON = Date.UTC(2026, 10, 22, 12)
const row = (more: object = {}) => ({ user_id: 'ann', source: 'a', target: 'b', uses: 1, bytes: 10, ...more })

function open(t: Parameters<typeof openTestStore>[0]) {
  const { store } = openTestStore(t, { migrations: trafficMigrations })
  const { connection } = store.reader
  return {
    add: (now: number, more?: object) =>
      store.write((tx) => Promise.resolve(trafficStore.add(tx.connection, row(more), now))),
    since: (from: number, user_id = 'ann') => trafficStore.since(connection, user_id, from),
    rows: () => Number(connection.all('SELECT count(*) AS n FROM agent_traffic', [])[0]?.['n']),
  }
}

test('what passes between two is added up, in rows of ten minutes', async (t) => {
  const { add, since, rows } = open(t)
  await add(NOON)
  await add(NOON + 10 * MINUTE - 1, { uses: 3, bytes: 5 })
  assert.equal(rows(), 1)
  await add(NOON + 10 * MINUTE)
  assert.equal(rows(), 2)
  assert.deepEqual(
    since(NOON).map((one) => ({ ...one })),
    [{ source: 'a', target: 'b', uses: 5, bytes: 25, last_used: NOON + 10 * MINUTE }],
  )
})

test('each direction, pair and user stands alone, the most used pair first', async (t) => {
  const { add, since } = open(t)
  await add(NOON)
  await add(NOON, { source: 'b', target: 'a', uses: 2 })
  await add(NOON, { target: 'http:b', uses: 9 })
  await add(NOON, { user_id: 'bob', uses: 100 })
  assert.deepEqual(
    since(NOON).map(({ source, target, uses }) => `${source} ${target} ${uses}`),
    ['a http:b 9', 'b a 2', 'a b 1'],
  )
  assert.deepEqual(
    since(NOON, 'bob').map(({ uses }) => uses),
    [100],
  )
  assert.deepEqual(since(NOON, 'eve'), [])
})

test('what was last used before a time is not told, and after a day and an hour it goes', async (t) => {
  const { add, since, rows } = open(t)
  await add(NOON + 5 * MINUTE)
  assert.equal(since(NOON + 5 * MINUTE).length, 1)
  assert.deepEqual(since(NOON + 5 * MINUTE + 1), [])
  await add(NOON + DAY, { target: 'c' })
  assert.equal(rows(), 2)
  await add(NOON + DAY + 60 * MINUTE + 1, { user_id: 'bob' })
  assert.equal(rows(), 3)
  await add(NOON + DAY + 60 * MINUTE + 1, { target: 'c' })
  assert.equal(rows(), 3)
  assert.deepEqual(
    since(0).map(({ target }) => target),
    ['c'],
  )
})
