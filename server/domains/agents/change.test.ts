import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refusal, refused } from './fixture.ts'
import { agentStore } from './store.ts'
import type { AgentTables } from './store.ts'

test('a change alters what it names, and the rest stays', async (context) => {
  const { ask, ann, own, clock } = await openServer(context)
  const config = { preferences: { tone: 'dry' }, voice_commands: [{ phrase: 'sum it', action: 'count' }] }
  const before = await own({ description: 'Old', config })
  clock.advance(5_000)
  const after = await ask(ann.token, 'agents.update', { id: '20', description: 'New', is_active: false })
  const { status, ...rest } = after
  assert.deepEqual(rest, {
    ...Object.fromEntries(Object.entries(before).filter(([key]) => key !== 'status')),
    description: 'New',
    is_active: false,
    updated_at: '2026-11-22T10:00:05.000Z',
  })
  assert.equal(status.state, 'disabled')
  assert.deepEqual(await ask(ann.token, 'agents.get', { id: '20' }), after)
})

test('a change of what was changed since it was looked at is refused, and one of what was not is made', async (context) => {
  const { ask, call, ann, own } = await openServer(context)
  const { updated_at: if_unmodified_since } = await own()
  const rename = { id: '20', name: 'Mine', if_unmodified_since }
  const { updated_at } = await ask(ann.token, 'agents.update', { ...rename, description: 'first' })
  const { status, code, details } = refusal(
    await call(ann.token, 'agents.update', { ...rename, name: 'Yours' }),
  )
  assert.deepEqual([status, code], [409, 'GENERAL_001'])
  assert.deepEqual(details, { updated_at, if_unmodified_since })
  const after = await ask(ann.token, 'agents.get', { id: '20' })
  assert.deepEqual([after.name, after.description], ['Mine', 'first'])
  const again = { ...rename, name: 'Yours', if_unmodified_since: updated_at }
  assert.equal((await ask(ann.token, 'agents.update', again)).name, 'Yours')
})

test('a part of the configuration is replaced as a whole, the other parts stay', async (context) => {
  const { ask, ann, own } = await openServer(context)
  await own({
    config: { preferences: { tone: 'dry', length: 3 }, voice_commands: [{ phrase: 'a', action: 'b' }] },
  })
  const { config } = await ask(ann.token, 'agents.update', {
    id: '20',
    config: { preferences: { tone: 'kind' } },
  })
  assert.deepEqual(config.preferences, { tone: 'kind' })
  assert.deepEqual(config.voice_commands, [{ phrase: 'a', action: 'b' }])
})

test('number, owner, times and status are not for clients to set', async (context) => {
  const { ask, call, ann, own } = await openServer(context)
  const before = await own()
  const given = { agent_number: 30, user_id: ann.user_id, created_at: 'x', status: {}, execution_count: 9 }
  for (const [field, value] of Object.entries(given)) {
    const { status, code, details } = refusal(
      await call(ann.token, 'agents.update', { id: '20', [field]: value }),
    )
    assert.deepEqual([status, code], [400, 'GENERAL_001'])
    assert.deepEqual(details['issues'], [{ path: `/${field}`, message: 'is not a known field' }])
  }
  assert.deepEqual(await ask(ann.token, 'agents.get', { id: '20' }), before)
})

test('an agent can be renamed, to its own name in other letters too, but not to that of another', async (context) => {
  const { ask, call, ann, own } = await openServer(context)
  await own({ name: 'Mine' })
  assert.equal((await ask(ann.token, 'agents.update', { id: '20', name: 'MINE' })).name, 'MINE')
  const taken = await call(ann.token, 'agents.update', { id: '20', name: 'data' })
  assert.deepEqual(refusal(taken), { status: 409, code: 'AGENT_004', details: { field: 'name' } })
  assert.equal((await ask(ann.token, 'agents.get', { id: '20' })).name, 'MINE')
})

test('a refused change leaves no modification behind, nor does one that changes nothing', async (context) => {
  const { ask, call, ann } = await openServer(context)
  const unknown = { preferences: { skill: 'magic' } }
  const reply = await call(ann.token, 'agents.update', { id: '5', name: 'Numbers', config: unknown })
  assert.equal(refused(reply), '422 AGENT_004')
  await ask(ann.token, 'agents.update', { id: '5' })
  await ask(ann.token, 'agents.update', { id: '5', name: 'Data', is_active: true })
  assert.equal((await ask(ann.token, 'agents.get', { id: '5' })).name, 'Data')
  assert.deepEqual((await ask(ann.token, 'system.modifications', {})).modifications, [])
})

test('a deleted agent is gone from every list and answer, and its name is free', async (context) => {
  const { ask, call, ann, own } = await openServer(context)
  const { id } = await own({ name: 'Brief' })
  assert.deepEqual(await ask(ann.token, 'agents.delete', { id }), {})
  for (const ref of [id, '20'])
    assert.equal(refused(await call(ann.token, 'agents.get', { id: ref })), '404 AGENT_001')
  assert.equal(refused(await call(ann.token, 'agents.delete', { id })), '404 AGENT_001')
  const { agents, total_count } = await ask(ann.token, 'agents.list', {})
  assert.deepEqual([agents.length, total_count], [9, 9])
  assert.notEqual((await own({ name: 'brief' })).id, id)
})

test('what memories and executions a deleted agent has is kept for its return', async (context) => {
  const { app, ask, ann, done, write } = await openServer(context)
  await done(2, 'remember', { text: 'the key is under the stone' })
  const { id } = await ask(ann.token, 'agents.get', { id: '2' })
  await ask(ann.token, 'agents.delete', { id: '2' })
  await write((tx) => app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  const back = await ask(ann.token, 'agents.get', { id: '2' })
  assert.deepEqual([back.id, back.execution_count], [id, 1])
  assert.equal((await ask(ann.token, 'agents.memory', { id: '2' })).total_count, 1)
})

test('switching an agent on again forgives its last error', async (context) => {
  const { ask, ann, act } = await openServer(context)
  await act(5, 'calculate', { expression: '1 / x' })
  const failed = await ask(ann.token, 'agents.get', { id: '5' })
  assert.equal(failed.status.state, 'error')
  assert.match(failed.status.last_error ?? '', /^AGENT_002: /)
  await ask(ann.token, 'agents.update', { id: '5', is_active: false })
  assert.equal((await ask(ann.token, 'agents.get', { id: '5' })).status.state, 'disabled')
  const { status } = await ask(ann.token, 'agents.update', { id: '5', is_active: true })
  assert.deepEqual([status.state, status.last_error], ['idle', null])
})

test('a deleted agent comes back only while there is room for it', async (context) => {
  const { app, ask, ann, write } = await openServer(context)
  const { id } = await ask(ann.token, 'agents.get', { id: '2' })
  await ask(ann.token, 'agents.delete', { id: '2' })
  await write(async (tx) => {
    const db = tx.tables<AgentTables>()
    const kept = await agentStore.anyById(db, ann.user_id, id)
    assert.ok(kept)
    for (let agent_number = 100; agent_number < 600; agent_number += 1) {
      const name_key = `other ${agent_number}`
      await agentStore.insert(db, { ...kept, id: app.kernel.id(), name_key, agent_number, deleted_at: null })
    }
  })
  const [deletion] = (await ask(ann.token, 'system.modifications', {})).modifications
  assert.equal(deletion?.rollback_available, false)
  const named = { modification_id: deletion.id }
  await assert.rejects(
    write((tx) => app.changes.rollBack(tx, ann.user_id, named, ann.user_id)),
    { name: 'ROLLBACK_FAILED', message: 'There are already 500 agents.' },
  )
})
