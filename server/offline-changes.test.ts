import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openServer } from './domains/agents/fixture.ts'
import { verifyChanges } from './offline-changes.ts'

/** Changes of a server, and what a check finds after somebody wrote into the database. */
async function openForged(context: Pick<TestContext, 'after'>) {
  const server = await openServer(context)
  const { ask, ann, app, write } = server
  await server.own({ name: 'One' })
  for (const name of ['Two', 'Three', 'Four']) await ask(ann.token, 'agents.update', { id: '20', name })
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  const data_dir = server.data_dir()
  return {
    ...server,
    run: (sql: string, values: string[] = []) =>
      write((tx) => Promise.resolve(tx.connection.run(sql, values))),
    check: async () => {
      await app.kernel.store.settled()
      return verifyChanges({ data_dir, key_file: join(data_dir, 'root.key') })
    },
    nth: (n: number) =>
      String(
        app.kernel.store.reader.connection.all('SELECT id FROM modifications ORDER BY id', [])[n]?.['id'],
      ),
  }
}

test('what was changed and taken back holds, and so do the changes of each user by themselves', async (context) => {
  const { check, bob, ask } = await openForged(context)
  const { token } = await bob()
  await ask(token, 'agents.update', { id: '5', name: 'Numbers' })
  assert.deepEqual(await check(), { ok: true, changes: 6, signed: 0, unproven: 0, problems: [] })
})

const FORGERIES: readonly [what: string, sql: string, why: RegExp][] = [
  [
    'a state',
    `UPDATE modifications SET after_state = '{"name":"Evil"}' WHERE id = ?`,
    /not as it was recorded/,
  ],
  ['a type', `UPDATE modifications SET type = 'system_setting' WHERE id = ?`, /not as it was recorded/],
  ['an impact', `UPDATE modifications SET impact = '{}' WHERE id = ?`, /not as it was recorded/],
  ['a hash', `UPDATE modifications SET state_hash = 'x' WHERE id = ?`, /not as it was recorded/],
  ['a seal that is gone', 'UPDATE modifications SET seal = NULL WHERE id = ?', /carries no seal/],
  [
    'a change that is said to be of an earlier version',
    'UPDATE modifications SET seal = NULL, ordinal = NULL WHERE id = ?',
    /number none after 1/,
  ],
  ['a change that is gone', 'DELETE FROM modifications WHERE id = ?', /number 3 after 1/],
  [
    'who took it back',
    `UPDATE modifications SET rolled_back_by = id WHERE id = ?`,
    /nothing says that it took it back/,
  ],
  [
    'a change that nobody made',
    `INSERT INTO modifications SELECT id || 'x', user_id, type, kind, target, description, before_state, after_state,
      applied_by, applied_at, rolled_back_by, rolls_back, passkey_id, evidence, signed_input, impact, state_hash, seal,
      ordinal FROM modifications WHERE id = ?`,
    /not as it was recorded.*number 2 after 2/,
  ],
]

for (const [what, sql, why] of FORGERIES)
  test(`what somebody wrote into the database is found: ${what}`, async (context) => {
    const { check, run, nth } = await openForged(context)
    await run(sql, [nth(1)])
    const { ok, problems } = await check()
    assert.equal(ok, false)
    assert.match(problems.map((one) => one.why).join('; '), why)
  })

test('the last changes cannot be left out, nor the rollback hidden, nor the count be set to fit', async (context) => {
  const { check, run, nth } = await openForged(context)
  await run('UPDATE modifications SET rolled_back_by = NULL WHERE id = ?', [nth(3)])
  assert.match((await check()).problems.map(({ why }) => why).join(), /does not say that it was taken back/)
  await run('DELETE FROM modifications WHERE id = ?', [nth(4)])
  assert.match((await check()).problems.map(({ why }) => why).join(), /has 4 changes, and made 5/)
  await run('UPDATE change_heads SET ordinal = 4')
  assert.match(
    (await check()).problems.map(({ why }) => why).join(),
    /number of changes .* not as it was recorded/,
  )
})

test('changes cannot be passed off as those of an earlier version, not even all of them', async (context) => {
  const { check, run, nth } = await openForged(context)
  const why = async () => (await check()).problems.map((one) => one.why).join('; ')
  await run(
    `INSERT INTO modifications (id, user_id, type, kind, target, description, applied_by, applied_at)
      SELECT substr(id, 1, 34) || '00', user_id, type, kind, target, 'Forged.', applied_by, applied_at
      FROM modifications WHERE id = ?`,
    [nth(0)],
  )
  assert.match(await why(), /number none after/)
  await run('UPDATE modifications SET ordinal = NULL, seal = NULL')
  await run('DELETE FROM change_heads')
  assert.match(await why(), /nothing says which are of an earlier version/)
})
