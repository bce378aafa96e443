import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { iso } from './clock.ts'
import { Fault } from './fault.ts'
import { idempotency, idempotencyMigrations } from './idempotency.ts'
import type { Once } from './idempotency.ts'
import { START, openTestStore } from './rig.ts'

const ONCE: Once = { user_id: 'ann', operation: 'agents.execute', key: 'k', digest: 'd' }

function open(t: TestContext) {
  const opened = openTestStore(t, { migrations: idempotencyMigrations })
  const { store } = opened
  return {
    ...opened,
    keep: (once: Once, receipt: unknown, at = START) =>
      store.write((tx) => Promise.resolve(idempotency.keep(tx.connection, once, receipt, iso(at)))),
    find: (once: Once) => idempotency.find(store.reader.connection, once),
  }
}

test('a receipt comes back as it was given, whatever it is', async (t) => {
  const { keep, find } = open(t)
  const receipts = [{ execution_id: 'x', nested: [1, null, 'naïve 😀'] }, null, false, 0, '', []]
  for (const [n, receipt] of receipts.entries()) {
    const once = { ...ONCE, key: `${n}` }
    assert.equal(find(once), undefined)
    await keep(once, receipt)
    assert.deepEqual(find(once), { receipt })
  }
})

test('a key belongs to one user and one operation', async (t) => {
  const { keep, find } = open(t)
  await keep(ONCE, 1)
  const others = [{ user_id: 'bob' }, { operation: 'agents.undo' }, { key: 'K' }, { key: 'k ' }]
  for (const other of others) assert.equal(find({ ...ONCE, ...other }), undefined, JSON.stringify(other))
})

test('a key that was used for another input is a conflict', async (t) => {
  const { keep, find } = open(t)
  await keep(ONCE, 1)
  assert.throws(
    () => find({ ...ONCE, digest: 'other' }),
    (error) => {
      assert.ok(error instanceof Fault)
      assert.deepEqual([error.name, error.status, error.details], ['VALIDATION_ERROR', 409, { key: 'k' }])
      return true
    },
  )
})

test('a key is kept once: keeping it again is refused, and the first receipt stays', async (t) => {
  const { keep, find } = open(t)
  await keep(ONCE, 'first')
  await assert.rejects(keep(ONCE, 'second'), /UNIQUE/)
  assert.deepEqual(find(ONCE), { receipt: 'first' })
})

test('receipts are kept for 24 hours, and go when others come later', async (t) => {
  const { keep, find, rows } = open(t)
  const DAY_MS = 86_400_000
  for (let n = 0; n < 5; n += 1) await keep({ ...ONCE, key: `${n}` }, n)
  await keep({ ...ONCE, key: 'a day later' }, 'a', START + DAY_MS)
  assert.deepEqual(find({ ...ONCE, key: '0' }), { receipt: 0 })
  await keep({ ...ONCE, key: 'and a moment' }, 'b', START + DAY_MS + 1)
  assert.equal(find({ ...ONCE, key: '0' }), undefined)
  assert.deepEqual(rows('SELECT key FROM idempotency ORDER BY key'), [
    { key: 'a day later' },
    { key: 'and a moment' },
  ])
})
