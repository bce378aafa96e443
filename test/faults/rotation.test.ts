import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { performAs } from '../../server/domains/changes/fixture.ts'
import { openTestApp } from '../app.ts'
import { killRotations } from './rotation-kill.ts'
import { fillVault, findWrong, slotsOf } from './rotation-state.ts'

/** Those of the torture are 50 and 10,000. */
const KILLS = 5
const CREDENTIALS = 300
const folder = mkdtempSync(join(tmpdir(), 'paios-rotation-'))
after(() => rmSync(folder, { recursive: true }))

test(`${KILLS} kills while the key of ${CREDENTIALS} secrets is changed leave each of them open, and no old key`, async (t) => {
  const figures = await killRotations(join(folder, 'killed'), {
    seed: 1,
    kills: KILLS,
    credentials: CREDENTIALS,
  })
  t.diagnostic(JSON.stringify(figures))
  assert.deepEqual(figures.violations, [])
  assert.equal(figures.kills, KILLS)
  assert.ok(figures.midway > 0)
  assert.ok(figures.reads > 0)
})

/** What is done to a vault whose key was changed, and what is then said of it. */
const DEFECTS: readonly (readonly [string, RegExp])[] = [
  [`UPDATE credentials SET envelope = 'v1' WHERE id = $id`, /^service 0 opens to .*not as it was stored/],
  [`UPDATE credentials SET key_id = 'kek_other' WHERE id = $id`, /^service 0 is sealed under kek_other$/],
  ['DELETE FROM credentials WHERE id = $id', /^service 0 is gone$/],
  [`UPDATE credentials SET updated_at = 'now' WHERE id = $id`, /^rows are not what they were$/],
  ['DELETE FROM credential_grants WHERE credential_id = $id', /^grants are not what they were$/],
  [`UPDATE credential_pins SET pins = '{}'`, /^pinned are not what they were$/],
  ['UPDATE credentials SET usage_count = 0', /^of 1 uses 0 were counted$/],
]

const TABLES = ['credentials', 'credential_grants', 'credential_pins'] as const

test('what is wrong after a change of keys is found: one left behind, one damaged, and whatever else is another', async (t) => {
  const root = mkdtempSync(join(folder, 'checked-'))
  const server = await openTestApp({ data_dir: join(root, 'data') })
  t.after(() => server.close())
  const book = await fillVault(server, root, 3)
  assert.deepEqual(await findWrong(server, book, 0), ['there is no new key'])
  const run = (statements: readonly string[]) =>
    server.app.kernel.store.write((tx) => {
      for (const sql of statements) tx.connection.run(sql, [])
      return Promise.resolve()
    })
  const ann = { user_id: book.user_id, token: '' }
  const [{ id } = { id: '' }] = book.credentials
  await performAs({ ...server, ann }, ann, 'credentials.rotate', {})
  for (let turn = 0; turn < 2_000 && slotsOf(server).all().length > 1; turn += 1) {
    server.clock.advance(10)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await performAs({ ...server, ann }, ann, 'credentials.get', { id })
  assert.deepEqual(await findWrong(server, book, 1), [])
  await run(TABLES.map((table) => `CREATE TABLE kept_${table} AS SELECT * FROM ${table}`))
  for (const [sql, said] of DEFECTS) {
    await run([sql.replace('$id', `'${id}'`)])
    const problems = await findWrong(server, book, 1)
    assert.ok(
      problems.some((problem) => said.test(problem)),
      `${sql}: ${problems.join('; ')}`,
    )
    await run(
      TABLES.flatMap((table) => [`DELETE FROM ${table}`, `INSERT INTO ${table} SELECT * FROM kept_${table}`]),
    )
  }
  assert.deepEqual(await findWrong(server, book, 1), [])
})
