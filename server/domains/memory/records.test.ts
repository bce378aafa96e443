import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import type { Step } from '../changes/kinds.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { bindMemory, bindRecords } from './capabilities.ts'
import type { Binding } from './capabilities.ts'

/** Works with the capabilities of agent 2 of Ann, unless told otherwise, and keeps what they note. */
async function openBound(context: TestContext): Promise<Server & Bound> {
  const server = await openServer(context)
  const { app, ask, ann } = server
  const { id: agent_id } = await ask(ann.token, 'agents.get', { id: '2' })
  const steps: Step[] = []
  const bind = (tx: Tx): Binding => ({
    owner: { user_id: ann.user_id, agent_id },
    now: server.clock.now(),
    id: app.kernel.id,
    db: tx,
    note: (step) => void steps.push(step),
  })
  return Object.assign(server, {
    steps,
    bound: <T>(work: (binding: Binding) => Promise<T>) => server.write((tx) => work(bind(tx))),
  })
}
interface Bound {
  steps: Step[]
  bound<T>(work: (binding: Binding) => Promise<T>): Promise<T>
}

test('documents are listed in the order of their place, bounded on both sides', async (context) => {
  const { bound } = await openBound(context)
  const found = await bound(async (binding) => {
    const records = bindRecords(binding)
    for (const at of [30, 10, 20]) await records.put('item', { group: 'a', at, body: at })
    await records.put('item', { group: 'b', at: 15, body: 15 })
    await records.put('other', { group: 'a', at: 1, body: 1 })
    const list = async (filter?: object) => (await records.list('item', filter)).map(({ body }) => body)
    return [
      await list(),
      await list({ group: 'a' }),
      await list({ from: 15, to: 30 }),
      await list({ limit: 1 }),
    ]
  })
  assert.deepEqual(found, [[10, 15, 20, 30], [10, 20, 30], [15, 20], [10]])
})

test('a document that is put again keeps its id, its place and its birthday unless told otherwise', async (context) => {
  const { bound, clock } = await openBound(context)
  const { id, at, group } = await bound((binding) => bindRecords(binding).put('item', { body: 'a' }))
  assert.deepEqual([at, group], [clock.now(), ''])
  clock.advance(5)
  const again = await bound((binding) => bindRecords(binding).put('item', { id, group: 'x', body: 'b' }))
  assert.deepEqual(again, { id, at, group: 'x', body: 'b', created_at: '2026-11-22T10:00:00.000Z' })
  const stranger = await bound((binding) => bindRecords(binding).put('item', { id: 'made-up', body: 'c' }))
  assert.notEqual(stranger.id, 'made-up')
})

test('every change is noted with both states, and removing what is not there changes nothing', async (context) => {
  const { bound, steps } = await openBound(context)
  await bound(async (binding) => {
    const records = bindRecords(binding)
    const { id } = await records.put('item', { at: 1, body: 'a' })
    await records.put('item', { id, at: 2, body: 'b' })
    assert.equal(await records.remove('item', id), true)
    assert.equal(await records.remove('item', id), false)
    assert.equal(await records.get('item', id), undefined)
  })
  const states = steps.map(({ before, after }) => [before?.['body'], after?.['body']])
  assert.deepEqual(states, [
    [undefined, '"a"'],
    ['"a"', '"b"'],
    ['"b"', undefined],
  ])
})

test('a document of another agent or collection is out of reach', async (context) => {
  const { bound } = await openBound(context)
  await bound(async (binding) => {
    const { id } = await bindRecords(binding).put('item', { body: 'a' })
    const foreign = bindRecords({ ...binding, owner: { ...binding.owner, agent_id: 'other' } })
    const stranger = bindRecords({ ...binding, owner: { ...binding.owner, user_id: 'other' } })
    for (const records of [foreign, stranger]) {
      assert.equal(await records.get('item', id), undefined)
      assert.equal(await records.remove('item', id), false)
      assert.deepEqual(await records.list('item'), [])
    }
    assert.equal(await bindRecords(binding).get('other', id), undefined)
  })
})

test('a document holds 256 KiB and a collection 10,000 of them', async (context) => {
  const { bound } = await openBound(context)
  await bound(async (binding) => {
    const records = bindRecords(binding)
    await records.put('item', { body: 'x'.repeat(262_142) })
    await assert.rejects(records.put('item', { body: 'x'.repeat(262_143) }), { code: 'GENERAL_001' })
    const { connection } = binding.db
    const { user_id, agent_id } = binding.owner
    connection.run(
      `INSERT INTO records WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        SELECT 'r' || i, ?, ?, 'item', '', i, '1', '' FROM n`,
      [user_id, agent_id],
    )
    const full = bindRecords(binding)
    await assert.rejects(full.put('item', { body: 1 }), { message: /already 10000 entries/ })
    await full.put('item', { id: 'r1', body: 2 })
    await full.put('other', { body: 1 })
    assert.equal(await full.remove('item', 'r2'), true)
    await full.put('item', { body: 3 })
    await assert.rejects(full.put('item', { body: 4 }), { message: /already 10000 entries/ })
  })
})

test('what only reads cannot write, not even through a capability', async (context) => {
  const { bound } = await openBound(context)
  await bound(async (binding) => {
    const reading = { ...binding, note: undefined }
    const { id } = await bindMemory(binding).store({ memory_type: 'note', content: 'a' })
    await assert.rejects(bindMemory(reading).store({ memory_type: 'note', content: 'b' }), /tried to write/)
    await assert.rejects(bindMemory(reading).forget([id]), /tried to write/)
    await assert.rejects(bindMemory(reading).retag(id, ['x']), /tried to write/)
    await assert.rejects(bindRecords(reading).put('item', { body: 1 }), /tried to write/)
    await assert.rejects(bindRecords(reading).remove('item', 'x'), /tried to write/)
    assert.equal((await bindMemory(reading).get(id))?.content, 'a')
    assert.deepEqual(await bindRecords(reading).list('item'), [])
  })
})

test('a memory is forgotten once, given new tags with its text kept, and neither after its time', async (context) => {
  const { bound, clock } = await openBound(context)
  const { id } = await bound((binding) =>
    bindMemory(binding).store({ memory_type: 'note', content: 'a', tags: ['x'], ttl: 10 }),
  )
  const tagged = await bound((binding) => bindMemory(binding).retag(id, ['y', 'y']))
  assert.deepEqual([tagged?.content, tagged?.tags], ['a', ['y']])
  assert.equal(await bound((binding) => bindMemory(binding).forget([id, id, 'unknown'])), 1)
  const { id: late } = await bound((binding) =>
    bindMemory(binding).store({ memory_type: 'note', content: 'b', ttl: 10 }),
  )
  clock.advance(10_000)
  await bound(async (binding) => {
    assert.equal(await bindMemory(binding).get(late), undefined)
    assert.equal(await bindMemory(binding).retag(late, ['z']), undefined)
    assert.equal(await bindMemory(binding).forget([late]), 0)
    assert.deepEqual(await bindMemory(binding).list({}), [])
  })
})
