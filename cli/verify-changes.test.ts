import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openConnection } from '../server/kernel/store/connection.ts'
import { defined } from '../server/domains/workflows/rig.ts'
import { openTestApp } from '../test/app.ts'
import { enrol, prove } from '../test/passkeys.ts'
import { EXIT } from './exit.ts'
import { openDesk } from './fixture.ts'

/** A server with three signed changes and the one of its user's first day, and the command line on its data. */
async function open(t: { after(work: () => Promise<void>): void }) {
  const server = await openTestApp()
  t.after(() => server.remove())
  const { token } = await server.claim()
  await server.ask(token, 'agents.create', { name: 'Unsigned' })
  const { key } = await enrol(server, token)
  const settings = {
    type: 'system_setting',
    description: 'Stricter.',
    after_state: { deleted_retention_days: 10 },
  }
  const replies = [
    await prove(server, token, key, 'agents.update', { id: '2', name: 'Diary' }),
    await prove(server, token, key, 'system.modify', settings as never),
    await prove(server, token, key, 'system.rollback', {}),
  ]
  assert.deepEqual(
    replies.map((reply) => reply.ok),
    [true, true, true],
  )
  const { data_dir } = server
  const desk = openDesk({})
  desk.environment['PAIOS_DATA_DIR'] = data_dir
  desk.environment['PAIOS_KEY_FILE'] = join(data_dir, 'root.key')
  t.after(() => Promise.resolve(rmSync(desk.folder, { recursive: true, force: true })))
  const damage = (sql: string): void => {
    const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'FULL' })
    connection.exec(sql)
    connection.close()
  }
  return {
    server,
    key,
    token,
    verify: () => desk.paios(['changes', 'verify', '--json'], { piped: '' }),
    damage,
  }
}

const reportOf = ({ stdout }: { stdout: string }) =>
  JSON.parse(stdout) as { ok: boolean; changes: number; signed: number; problems: { why: string }[] }

test('what passkeys have signed is checked beside a server that runs', async (t) => {
  const { verify } = await open(t)
  const { exit, ...told } = await verify()
  const { ok, changes, signed } = reportOf(told)
  assert.deepEqual([exit, ok, changes, signed], [EXIT.done, true, 4, 3])
})

test('a proof that was moved to another change, another user or another request does not hold', async (t) => {
  const { server, verify, damage } = await open(t)
  await server.close()
  const newest = '(SELECT id FROM modifications ORDER BY id DESC LIMIT 1)'
  const other = `(SELECT evidence FROM modifications WHERE evidence IS NOT NULL AND id <> ${newest} LIMIT 1)`
  damage(`UPDATE modifications SET evidence = ${other} WHERE id = ${newest}`)
  const moved = await verify()
  assert.deepEqual(
    [moved.exit, reportOf(moved).problems.map(({ why }) => why)],
    [EXIT.failed, ['it is not as it was recorded', 'what was signed is not what was done']],
  )
  damage(`UPDATE modifications SET user_id = 'somebody' WHERE evidence IS NOT NULL`)
  const stolen = reportOf(await verify())
  const found = new Set(stolen.problems.map(({ why }) => why))
  for (const why of [
    'it is not as it was recorded',
    'its proof was not sealed by this server for this user',
    'the user has 1 changes, and made 4',
    'the user has 4 changes, and made none',
  ])
    assert.ok(found.has(why), why)
})

test('what was signed and is too large to be kept beside each change still holds', async (t) => {
  const { server, key, token, verify, damage } = await open(t)
  const workflows = Array.from({ length: 40 }, (_, n) => ({
    name: `Number ${n}`,
    description: 'x'.repeat(1_900),
    definition: defined({ steps: [{ id: 's', agent_number: 0, action: 'set', parameters: { value: n } }] }),
  }))
  const reply = await prove(server, token, key, 'account.import', { workflows })
  assert.equal(reply.ok, true, JSON.stringify(reply))
  const { ok, signed } = reportOf(await verify())
  assert.deepEqual([ok, signed], [true, 43])
  await server.close()
  damage(`UPDATE modifications SET evidence = NULL WHERE signed_input IS NULL`)
  assert.equal(reportOf(await verify()).ok, false)
})

test('a state that was written over, and a signature that was taken away, are found', async (t) => {
  const { server, verify, damage } = await open(t)
  await server.close()
  damage(
    `UPDATE modifications SET after_state = '{"name":"Other"}' WHERE kind = 'agent' AND evidence IS NULL`,
  )
  damage(`UPDATE modifications SET evidence = NULL WHERE kind = 'setting'`)
  const report = reportOf(await verify())
  assert.equal(report.ok, false)
  assert.equal(report.problems.length, 3)
  assert.deepEqual(new Set(report.problems.map(({ why }) => why)), new Set(['it is not as it was recorded']))
})
