import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START } from '../auth/fixture.ts'
import { ActionError } from '../../skills/skill.ts'
import type { CallFilter } from '../../skills/capabilities.ts'
import { openScene } from './fixture.ts'
import type { Scene } from './fixture.ts'

const HOUR = 3_600_000
const at = (ms: number) => new Date(START + ms).toISOString()

/** Bob, who made five calls, one an hour, and the owner's beside them. */
async function openBob(
  scene: Scene,
): Promise<{ bob: string; ask: (filter?: CallFilter) => Promise<number[]> }> {
  const { ann, server, write } = scene
  const bob = await scene.add('bob@example.org')
  for (const [target, operation, status, outcome] of [
    ['1', 'agents.list', 200, 'ok'],
    ['2', 'agents.get', 404, 'AGENT_001'],
    ['3', 'agents.list', 200, 'ok'],
    ['4', 'workflows.get', 403, 'AUTH_002'],
    ['5', 'agents.list', 429, 'GENERAL_002'],
  ] as const) {
    const call = { target, operation, status, outcome }
    await write([{ ...call, actor: bob }, { ...call, actor: ann.user_id }, call])
    server.clock.advance(HOUR)
  }
  const ask = async (filter: CallFilter = {}) =>
    (await scene.guard(bob).calls(filter)).calls.map(({ target }) => Number(target))
  return { bob, ask }
}

test("calls are the user's own, newest first, also for the owner, and nobody's are shown to nobody", async (t) => {
  const scene = await openScene(t)
  const { bob, ask } = await openBob(scene)
  assert.deepEqual(await ask(), [5, 4, 3, 2, 1])
  const { calls } = await scene.guard(bob).calls({ limit: 1 })
  const [first] = scene.server.kernel.audit.lines(undefined, 3)
  const { actor: _a, mac: _m, session_id: _s, request_id: _r, counted: _c, ...shown } = first ?? assert.fail()
  assert.deepEqual(calls, [shown])
  const owner = await scene.guard(scene.ann.user_id).calls({})
  assert.deepEqual(
    owner.calls.map(({ target }) => target),
    ['5', '4', '3', '2', '1'],
  )
  assert.equal(
    owner.calls.some(({ seq }) => seq === first?.seq),
    false,
  )
  for (const nobody of ['', 'null', '%', "' OR 1=1 --"])
    assert.deepEqual(await scene.guard(nobody).calls({}), { calls: [], complete: true })
})

test('each part of a filter leaves out what it does not mean', async (t) => {
  const { ask } = await openBob(await openScene(t))
  const cases: readonly [CallFilter, number[]][] = [
    [{ operation: 'agents.list' }, [5, 3, 1]],
    [{ operation: 'agents' }, []],
    [{ outcome: 'AUTH_002' }, [4]],
    [{ outcome: 'ok' }, [3, 1]],
    [{ failed: true }, [5, 4, 2]],
    [{ failed: false }, [3, 1]],
    [{ failed: true, operation: 'agents.list' }, [5]],
    [{ since: at(HOUR) }, [5, 4, 3, 2]],
    [{ since: at(HOUR + 1) }, [5, 4, 3]],
    [{ until: at(HOUR) }, [1]],
    [{ until: at(HOUR + 1) }, [2, 1]],
    [{ since: at(HOUR), until: at(3 * HOUR), failed: true }, [2]],
    [{ since: '2026-05-04T12:00:00+01:00' }, [5, 4, 3, 2]],
    [{ since: at(3 * HOUR), until: at(HOUR) }, []],
    [{ since: at(1_000 * HOUR) }, []],
    [{ until: at(-1_000 * HOUR) }, []],
  ]
  for (const [filter, expected] of cases)
    assert.deepEqual(await ask(filter), expected, JSON.stringify(filter))
})

test('what is left out is said, and no filter asks for more than 500 or for none', async (t) => {
  const scene = await openScene(t)
  const bob = await scene.add('bob@example.org')
  await scene.write(Array.from({ length: 1_201 }, (_, index) => ({ actor: bob, target: String(index) })))
  const ask = async (limit?: number) => {
    const { calls, complete } = await scene.guard(bob).calls(limit === undefined ? {} : { limit })
    return [calls.length, complete, calls[0]?.target]
  }
  assert.deepEqual(await ask(), [50, false, '1200'])
  assert.deepEqual(await ask(0), [1, false, '1200'])
  assert.deepEqual(await ask(10_000), [500, false, '1200'])
  const { calls, complete } = await scene.guard(bob).calls({ outcome: 'none' })
  assert.deepEqual([calls, complete], [[], true])
})

test('of very many calls only so many are looked at, and the answer says that there may be more', async (t) => {
  const scene = await openScene(t)
  const bob = await scene.add('bob@example.org')
  await scene.write([{ actor: bob, operation: 'rare' }])
  await scene.write(Array.from({ length: 50_000 }, () => ({ actor: bob })))
  assert.deepEqual(await scene.guard(bob).calls({ operation: 'rare' }), { calls: [], complete: false })
  scene.server.clock.advance(48 * HOUR)
  await scene.write([{ actor: bob, operation: 'rare', target: 'new' }])
  const { calls, complete } = await scene.guard(bob).calls({ operation: 'rare', since: at(25 * HOUR) })
  assert.deepEqual([calls.map(({ target }) => target), complete], [['new'], true])
})

test('calls of long ago are found behind more than are looked at, and after a clock was set back', async (t) => {
  const scene = await openScene(t)
  const bob = await scene.add('bob@example.org')
  await scene.write([{ actor: bob, target: 'old' }])
  scene.server.clock.advance(30 * 24 * HOUR)
  await scene.write(Array.from({ length: 50_100 }, () => ({ actor: bob })))
  scene.server.clock.jump(-12 * HOUR)
  await scene.write([{ actor: bob, target: 'back' }])
  const ask = async (filter: CallFilter) =>
    (await scene.guard(bob).calls(filter)).calls.map(({ target }) => target)
  assert.deepEqual(await ask({ until: at(HOUR) }), ['old'])
  const [first, second] = await ask({ since: at(30 * 24 * HOUR), limit: 2 })
  assert.deepEqual([first, second], [null, null])
  assert.deepEqual(await ask({ since: at(29 * 24 * HOUR), until: at(30 * 24 * HOUR) }), ['back'])
})

test('a time that is none is refused, and never compared as a text', async (t) => {
  const { guard, ann } = await openScene(t)
  for (const since of [
    '',
    'yesterday',
    '99999',
    '+010000-01-01T00:00:00Z',
    '0999-01-01T00:00:00Z',
    '2026-13-01',
  ])
    await assert.rejects(guard(ann.user_id).calls({ since }), ActionError, since)
})

test('the store finds the lines of a user by the index, without looking at the others', async (t) => {
  const { server } = await openScene(t)
  const plan = server.kernel.store.reader.connection.all(
    'EXPLAIN QUERY PLAN SELECT * FROM audit WHERE actor = ? AND seq < ? AND seq > 0 ORDER BY seq DESC LIMIT ?',
    ['a', 1, 1],
  )
  assert.deepEqual(
    plan.map(({ detail }) => detail),
    ['SEARCH audit USING INDEX audit_actor (actor=? AND seq>? AND seq<?)'],
  )
})
