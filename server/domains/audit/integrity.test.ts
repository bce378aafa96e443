import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openOfflineAudit } from '../../kernel/audit/offline.ts'
import { databasePath } from '../../kernel/store/open.ts'
import { ActionError } from '../../skills/skill.ts'
import { openScene } from './fixture.ts'

/** What a check finds after somebody has written to the database behind the server's back. */
async function spoilt(t: TestContext, statements: string, lines = 20) {
  const { server, guard, ann, write } = await openScene(t)
  await write(Array.from({ length: lines }, () => ({})))
  const database = new DatabaseSync(databasePath(server.kernel.settings.data_dir), { defensive: false })
  database.exec(statements)
  database.close()
  return guard(ann.user_id).integrity()
}

test('a whole database and a whole chain are found whole, with the lines that there are', async (t) => {
  const { guard, ann, server, write } = await openScene(t)
  await write([{}, {}])
  const lines = server.kernel.audit.lines(undefined, 10_000).length
  assert.deepEqual(await guard(ann.user_id).integrity(), { ok: true, problems: [], lines, checked_ms: 0 })
})

test('a changed line, a broken reference and a broken index are each named', async (t) => {
  const cases: Readonly<Record<string, RegExp>> = {
    "UPDATE audit SET ip = '9.9.9.9' WHERE seq = 7": /^audit: line 7 was changed/,
    'DELETE FROM audit WHERE seq = 7': /^audit: lines 7 to 7 are missing/,
    'PRAGMA foreign_keys = OFF; DELETE FROM users':
      /^database: a row of \w+ names a row of users that is not there/,
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'actor, seq', 'ip, seq') WHERE name = 'audit_actor'; PRAGMA writable_schema = RESET":
      /^database: .*(?:missing from index audit_actor|wrong # of entries)/,
  }
  for (const [statements, expected] of Object.entries(cases)) {
    const { ok, problems } = await spoilt(t, statements)
    assert.equal(ok, false, statements)
    assert.match(problems[0] ?? 'nothing was noticed', expected, statements)
  }
})

test('of very many problems a hundred are told of each kind, and that there are more', async (t) => {
  const { problems } = await spoilt(t, "UPDATE audit SET ip = '9.9.9.9' WHERE seq > 1", 150)
  const told = problems.filter((what) => what.startsWith('audit:'))
  assert.equal(told.length, 101)
  assert.match(told.at(-1) ?? '', /^audit: and 49 more$/)
})

test('others have their turns while 100,000 lines are verified', async (t) => {
  const { guard, ann, write } = await openScene(t)
  for (let part = 0; part < 10; part += 1) await write(Array.from({ length: 10_000 }, () => ({})))
  let turns = 0
  const spinning = new AbortController()
  const spin = async (): Promise<void> => {
    for (; !spinning.signal.aborted; turns += 1) await nextTurn()
  }
  const spun = spin()
  const { ok, lines } = await guard(ann.user_id).integrity()
  spinning.abort()
  await spun
  assert.deepEqual([ok, lines], [true, 100_000])
  // Verified here, page by page, there would be a turn for each thousand lines.
  assert.ok(turns > 1_000, `${turns} turns`)
})

test('who asks while a check runs joins it, an answer is good for a minute, and then all is checked again', async (t) => {
  const { guard, ann, add, server, write } = await openScene(t)
  const bob = await add('bob@example.org')
  const [first, second] = await Promise.all([guard(ann.user_id).integrity(), guard(bob).integrity()])
  assert.equal(first, second)
  await write([{}])
  server.clock.advance(59_999)
  assert.equal(await guard(bob).integrity(), first)
  server.clock.advance(1)
  await server.kernel.audit.flush()
  const later = await guard(bob).integrity()
  assert.equal(later.lines > first.lines, true)
})

test('a check that takes too long, or is not over when the server closes, is told to who waits, and another can follow', async (t) => {
  const { guard, ann, reader, server } = await openScene(t)
  const slow = guard(ann.user_id).integrity()
  server.clock.advance(600_000)
  await assert.rejects(slow, new ActionError('The check took too long.'))
  const late = guard(ann.user_id).integrity()
  await reader.close()
  await assert.rejects(late, new ActionError('The check was stopped before its end.'))
  assert.equal((await guard(ann.user_id).integrity()).ok, true)
})

test('lines that are sealed between two pages of a check are not missed', async (t) => {
  const { write, server } = await openScene(t)
  await write(Array.from({ length: 9_000 }, () => ({})))
  server.clock.advance(2_000)
  await write([{}])
  const beside = openOfflineAudit(server.kernel.settings)
  const checking = beside.verify()
  assert.equal(await server.kernel.audit.sealOld(1_000), 8_192)
  const { problems, rows } = await checking
  beside.close()
  assert.deepEqual([problems, rows], [[], 9_001])
})
