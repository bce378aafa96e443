import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkpointKey, checkpointsPath } from '../../server/kernel/audit/checkpoints.ts'
import { verifySnapshot } from '../../server/kernel/audit/verify.ts'
import { openRootKey } from '../../server/kernel/crypto.ts'
import { openConnection } from '../../server/kernel/store/connection.ts'
import { listKept, openOfflineBackups } from '../../server/offline.ts'
import { seededRandom } from '../clock.ts'
import { differences } from './difference.ts'
import { FIXTURES, openOld, startToday } from './old.ts'
import type { Old, Today } from './old.ts'

/** What has become of an old answer in the meantime, and what nobody kept then. */
const EXPECTED = [
  /^\/approvals\/\d+\/status: "pending" is "expired"$/,
  // Users of earlier versions get the agents that came since.
  /^\/(?:total|active)_count: /,
  /^\/modifications\/\d+\/impact_assessment: .* is "Its impact was not worked out\."$/,
]
/** The fixture of the very first servers, whose audit was no chain and which knew no passkeys. */
const FIRST = 'schema-10'
/** Where those kept of a deleted agent what it had been, and promised to take back what they then refused to. */
const EXPECTED_OF_FIRST =
  /^\/modifications\/(?:\d+\/(?:\w+_state\/deleted_at|rollback_available)|0\/after_state\/\w+): /

interface Page {
  logs: { execution_id: string; details: { action: string } }[]
}
interface Memories {
  memories: { text: string }[]
}

/** Performs an action of an agent and answers its data. */
async function perform(today: Today, id: string, action: string, parameters: object): Promise<unknown> {
  const { id: user_id } = await today.ask(today.token, 'auth.me', {})
  const request_id = today.app.kernel.id()
  const command = { action, parameters: { ...parameters }, user_id, request_id, priority: 'normal' as const }
  const ended = await today.ask(today.token, 'agents.execute', { id, command, wait_for_completion: true })
  assert.ok('result' in ended && ended.result?.success, JSON.stringify(ended))
  return ended.result.data
}

/** What is answered otherwise than it was, and should not be. */
async function changed(old: Old, today: Today, fixture: string): Promise<string[]> {
  const patterns = fixture === FIRST ? [...EXPECTED, EXPECTED_OF_FIRST] : EXPECTED
  const found = await Promise.all(
    Object.entries(old.seen).map(async ([path, then]) =>
      differences(then, await today.get(path)).filter(
        (one) => !patterns.some((pattern) => pattern.test(one)),
      ),
    ),
  )
  return found.flat()
}

/** The agent of a number, and what it did last that is called this, as the old server knew it. */
function done(old: Old, action: string): { agent: string; execution: string } {
  for (const [path, answer] of Object.entries(old.seen)) {
    if (!path.endsWith('/logs')) continue
    const found = (answer as Page).logs.find(({ details }) => details.action === action)
    if (found !== undefined) return { agent: path.split('/')[2] ?? '', execution: found.execution_id }
  }
  throw new Error(`Nothing did ${action}.`)
}

test('there are fixtures of five schemas, and what one of them misses would be found', () => {
  assert.deepEqual(FIXTURES, ['schema-10', 'schema-14', 'schema-20', 'schema-26', 'schema-30'])
  const then = { agents: [{ id: 'a', n: 1 }], list: [1, 2], gone: null }
  assert.deepEqual(differences(then, { ...then, more: 1, agents: [{ id: 'b' }, { id: 'a', n: 1 }] }), [])
  assert.deepEqual(differences(then, { agents: [{ id: 'a', n: 2 }], list: [1] }), [
    '/agents/n: 1 is 2',
    '/list: 2 are 1',
    '/gone: null is missing',
  ])
})

test('lines that nothing proves any more are missed, if a checkpoint knows of them', async (t) => {
  const { data_dir } = openOld(t, 'schema-14')
  const keys = openRootKey({ key_file: join(data_dir, 'root.key') }, seededRandom(1), false)
  const connection = openConnection(join(data_dir, 'paios.sqlite'), { synchronous: 'NORMAL' })
  t.after(connection.close)
  connection.exec('ALTER TABLE audit DROP COLUMN mac')
  const report = await verifySnapshot({
    connection,
    key: keys.derive('audit'),
    signing_key: checkpointKey(keys),
    checkpoints_path: checkpointsPath(data_dir),
  })
  assert.deepEqual(report.problems, [{ seq: 1, what: 'lines 1 to 34 are missing at the end' }])
})

for (const fixture of FIXTURES) {
  test(`everything that a server with ${fixture} answered is answered today, and was backed up first`, async (t) => {
    const old = openOld(t, fixture)
    const today = await startToday(t, old.data_dir)
    assert.ok(Object.keys(old.seen).length >= 10)
    assert.deepEqual(await changed(old, today, fixture), [])
    const { ok, problems, checkpoints } = await today.app.kernel.audit.verify()
    assert.deepEqual([ok, problems, checkpoints], [true, [], fixture === FIRST ? 0 : 1])
    const backups = openOfflineBackups({ data_dir: old.data_dir, key_file: join(old.data_dir, 'root.key') })
    const [first, ...others] = listKept({ data_dir: old.data_dir })
    assert.deepEqual([first?.manifest.schema.length, others], [Number(fixture.slice(7)), []])
    assert.deepEqual((await backups.verify()).problems, [])
    await today.close()
    // What is brought up to date once stays as it is, and the backup is brought up to date as well.
    const again = await startToday(t, old.data_dir)
    assert.deepEqual(
      [listKept({ data_dir: old.data_dir }).length, (await again.app.kernel.audit.verify()).ok],
      [1, true],
    )
    await again.close()
    await backups.restore(first?.name ?? '')
    const restored = await startToday(t, old.data_dir)
    // Everybody was told to sign in again.
    const [told, ...more] = await changed(old, restored, fixture)
    assert.match(told ?? '', /^\/notifications: \d are \d$/)
    assert.deepEqual(
      more.filter((one) => !one.startsWith('/unread_count: ')),
      [],
    )
  })

  test(`what was done to daily data with ${fixture} is undone and done again, and notes are found`, async (t) => {
    const old = openOld(t, fixture)
    const today = await startToday(t, old.data_dir)
    const forget = done(old, 'forget')
    const recall = async (query: string) =>
      ((await perform(today, forget.agent, 'recall', { query })) as Memories).memories.map(({ text }) => text)
    assert.equal((await recall('where is the stone'))[0], 'The key is under the stone, says Zoë')
    const bins = async () => (await recall('bins')).includes('The bins go out on Tuesday')
    assert.equal(await bins(), false)
    const undone = await today.ask(today.token, 'agents.undo', { id: forget.execution })
    assert.equal(await bins(), true)
    await today.ask(today.token, 'agents.undo', { id: undone.execution_id })
    assert.equal(await bins(), false)
    const add = done(old, 'add')
    const items = async () => JSON.stringify(await perform(today, add.agent, 'list', { list: 'shopping' }))
    const before = await items()
    assert.match(before, /Brötchen.*coffee/)
    await today.ask(today.token, 'agents.undo', { id: add.execution })
    assert.notEqual(await items(), before)
  })
}
