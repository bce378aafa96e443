import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Memory } from '../../../contract/agents.ts'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer, refusal, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { keepEntry } from './keep.ts'

type Entry = Partial<Omit<Input<Operations['agents.memory_store']>, 'id'>>
type Change = Omit<Input<Operations['agents.memory_update']>, 'id' | 'memory_id'>

const store = ({ ask, ann }: Server, content: unknown, more: Entry = {}) =>
  ask(ann.token, 'agents.memory_store', { id: '2', memory_type: 'note', content, ...more })
const edit = ({ call, ann }: Server, memory_id: string, change: Change) =>
  call(ann.token, 'agents.memory_update', { id: '2', memory_id, ...change })
const contents = async ({ ask, ann }: Server, filter: object = {}) =>
  (await ask(ann.token, 'agents.memory', { id: '2', ...filter })).memories.map(({ content }) => content)
const UNKNOWN = '01a202e9-b382-762e-9d99-1e5514559f4e'

test('saying the same again refreshes the entry: its tags are joined and it lasts as long as the longer', async (context) => {
  const server = await openServer(context)
  const first = await store(server, { a: ' x  y' }, { tags: ['one'], ttl: 60 })
  server.clock.advance(1_000)
  const second = await store(server, { a: 'x y' }, { tags: ['two', 'one'], ttl: 10 })
  assert.deepEqual(second, { ...first, tags: ['one', 'two'], updated_at: '2026-11-22T10:00:01.000Z' })
  assert.equal((await store(server, { a: 'x y' })).expires_at, null)
  assert.deepEqual(await contents(server, { tags: ['two'] }), [{ a: ' x  y' }])
  assert.deepEqual(await contents(server, { q: 'two' }), [{ a: ' x  y' }])
})

test('what differs in case, type or agent, or has expired or been superseded, is not the same', async (context) => {
  const server = await openServer(context)
  const { id } = await store(server, 'code aB')
  const others = [await store(server, 'code AB'), await store(server, 'code aB', { memory_type: 'fact' })]
  others.push(await store(server, 'brief', { ttl: 1 }))
  server.clock.advance(1_000)
  others.push(await store(server, 'brief'), await store(server, 'code is 7', { supersedes: id }))
  others.push(await store(server, 'code aB'))
  assert.equal(new Set([id, ...others.map((entry) => entry.id)]).size, 7)
})

const tagsFrom = (from: number) => Array.from({ length: 32 }, (_, index) => `t${from + index}`)

test('joined tags stay within their number', async (context) => {
  const server = await openServer(context)
  await store(server, 'x', { tags: tagsFrom(0) })
  assert.deepEqual((await store(server, 'x', { tags: tagsFrom(20) })).tags, tagsFrom(0))
})

test('what is superseded stays readable when it is asked for, and is found no more', async (context) => {
  const server = await openServer(context)
  const old = await store(server, 'address: Elm Street')
  const { id } = await store(server, 'address: Oak Lane', { supersedes: old.id })
  for (const filter of [{}, { q: 'address' }, { memory_type: 'note' }])
    assert.deepEqual(await contents(server, filter), ['address: Oak Lane'], JSON.stringify(filter))
  const all = { include_superseded: true }
  for (const filter of [all, { q: 'address', ...all }])
    assert.equal((await contents(server, filter)).length, 2, JSON.stringify(filter))
  const { memories } = await server.ask(server.ann.token, 'agents.memory', { id: '2', ...all })
  assert.equal(memories.find((entry) => entry.id === old.id)?.superseded_by, id)
  assert.equal((await edit(server, old.id, { superseded_by: null })).status, 200)
  assert.equal((await contents(server, { q: 'elm' }))[0], 'address: Elm Street')
})

test('nothing takes its own place, directly or around a corner, nor that of what is not there', async (context) => {
  const server = await openServer(context)
  const a = await store(server, 'a')
  const b = await store(server, 'b', { supersedes: a.id })
  const c = await store(server, 'c', { supersedes: b.id })
  assert.equal(refused(await edit(server, a.id, { superseded_by: a.id })), '400 GENERAL_001')
  assert.equal(refused(await edit(server, c.id, { superseded_by: a.id })), '400 GENERAL_001')
  assert.equal(refused(await edit(server, c.id, { superseded_by: UNKNOWN })), '404 GENERAL_001')
  assert.equal((await store(server, 'c', { supersedes: c.id })).superseded_by, null)
  const missing = { id: '2', memory_type: 'note', content: 'd', supersedes: UNKNOWN }
  assert.equal(
    refused(await server.call(server.ann.token, 'agents.memory_store', missing)),
    '404 GENERAL_001',
  )
  assert.deepEqual(await contents(server), ['c'])
})

test('what is pinned outlives its time, and ends when it is let go', async (context) => {
  const server = await openServer(context)
  const { id } = await store(server, 'passport AB12', { ttl: 60 })
  await edit(server, id, { pinned: true })
  server.clock.advance(121_000)
  for (let turn = 0; turn < 30; turn += 1) await server.write(() => Promise.resolve())
  for (const filter of [{}, { q: 'passport' }])
    assert.deepEqual(await contents(server, filter), ['passport AB12'])
  await edit(server, id, { pinned: false })
  for (const filter of [{}, { q: 'passport' }]) assert.deepEqual(await contents(server, filter), [])
  assert.equal(refused(await edit(server, id, { pinned: true })), '404 GENERAL_001')
})

test('one entry is forgotten, and an undo brings it back as it was', async (context) => {
  const server = await openServer(context)
  const { ask, call, ann } = server
  const entry = await store(server, 'boiler code 7', { tags: ['x'] })
  const { execution_id, ...gone } = await ask(ann.token, 'agents.memory_forget', {
    id: '2',
    memory_id: entry.id,
  })
  assert.deepEqual(gone, { forgotten: 1, memory_ids: [entry.id] })
  assert.deepEqual(await contents(server, { q: 'boiler' }), [])
  const again = await call(ann.token, 'agents.memory_forget', { id: '2', memory_id: entry.id })
  assert.equal(refused(again), '404 GENERAL_001')
  await ask(ann.token, 'agents.undo', { id: execution_id ?? '' })
  const { memories } = await ask(ann.token, 'agents.memory', { id: '2', q: 'boiler', tags: ['x'] })
  assert.deepEqual(memories, [entry])
})

test('a filter forgets what all of it fits but what is pinned, and no filter forgets nothing', async (context) => {
  const server = await openServer(context)
  const { ask, call, ann, clock } = server
  await store(server, 'old', { tags: ['x'] })
  await edit(server, (await store(server, 'pinned', { tags: ['x'] })).id, { pinned: true })
  await store(server, 'other')
  clock.advance(1_000)
  await store(server, 'new', { tags: ['x'] })
  const before = '2026-11-22T11:00:01+01:00'
  for (const filter of [{}, { tags: [] }, { include_pinned: true }])
    assert.equal(
      refused(await call(ann.token, 'agents.memory_clear', { id: '2', ...filter })),
      '400 GENERAL_001',
    )
  const clear = (filter: object) => ask(ann.token, 'agents.memory_clear', { id: '2', ...filter })
  assert.deepEqual(await clear({ tags: ['y'] }), { forgotten: 0, memory_ids: [] })
  const { execution_id } = await clear({ tags: ['x'], before })
  assert.deepEqual(await contents(server), ['new', 'other', 'pinned'])
  await ask(ann.token, 'agents.undo', { id: execution_id ?? '' })
  assert.equal((await contents(server)).length, 4)
  assert.equal((await clear({ memory_type: 'note', trust: 'trusted', include_pinned: true })).forgotten, 4)
})

test('an export has everything, oldest first, in pages without a gap', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const first = await store(server, 0)
  for (let index = 1; index < 5; index += 1) await store(server, index)
  await store(server, 5, { supersedes: first.id })
  const pages: unknown[][] = []
  let cursor: string | undefined
  do {
    const page = await ask(ann.token, 'agents.memory_export', {
      id: '2',
      limit: 4,
      ...(cursor && { cursor }),
    })
    for (const entry of page.memories) assert.deepEqual(findIssues(Memory, entry), [])
    pages.push(page.memories.map(({ content }) => content))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  assert.deepEqual(pages, [
    [0, 1, 2, 3],
    [4, 5],
  ])
  assert.deepEqual(await ask(ann.token, 'agents.memory_export', { id: '5' }), { memories: [] })
})

test('a change keeps the bounds of an entry, and reaches no other agent’s or user’s', async (context) => {
  const server = await openServer(context)
  const { call, bob } = server
  const { id: memory_id } = await store(server, 'mine')
  const tags = Array.from({ length: 33 }, (_, index) => `t${index}`)
  for (const change of [{ tags }, { tags: [''] }, { memory_type: '' }, { memory_type: 'x'.repeat(65) }])
    assert.equal(refused(await edit(server, memory_id, change)), '400 GENERAL_001', JSON.stringify(change))
  const { token } = await bob()
  for (const name of ['agents.memory_update', 'agents.memory_forget'] as const) {
    assert.equal(refused(await call(token, name, { id: '2', memory_id })), '404 GENERAL_001')
    assert.equal(refused(await call(server.ann.token, name, { id: '5', memory_id })), '404 GENERAL_001')
  }
  assert.deepEqual(await contents(server), ['mine'])
})

test('a full memory says so, still refreshes what it has, and has room again after forgetting', async (context) => {
  const { write, ann, app, ask, call } = await openServer(context)
  const { id: agent_id } = await ask(ann.token, 'agents.get', { id: '2' })
  const moment = {
    owner: { user_id: ann.user_id, agent_id },
    source: { kind: 'user' as const },
    now: 0,
    id: app.kernel.id,
  }
  const keep = (content: string) =>
    write((tx) =>
      keepEntry(tx, { ...moment, changed: () => {}, entries_max: 2 }, { memory_type: 'note', content }),
    )
  const { id } = await keep('a')
  await keep('b')
  await assert.rejects(keep('c'), { status: 409, details: { reason: 'memory_full', entries_max: 2 } })
  await keep('a')
  await ask(ann.token, 'agents.memory_forget', { id: '2', memory_id: id })
  await keep('c')
  await write(async (tx) => void tx.connection.run('UPDATE memory_scopes SET entries = 100000', []))
  const { status, details } = refusal(
    await call(ann.token, 'agents.memory_store', { id: '2', memory_type: 'note', content: 'd' }),
  )
  assert.deepEqual([status, details['entries_max']], [409, 100_000])
})
