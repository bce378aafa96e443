import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Memory } from '../../../contract/agents.ts'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer, refusal, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

type Entry = Omit<Input<Operations['agents.memory_store']>, 'id'>
type Query = Omit<Input<Operations['agents.memory']>, 'id'>

const store = ({ ask, ann }: Server, entry: Partial<Entry>, id = '2') =>
  ask(ann.token, 'agents.memory_store', { id, memory_type: 'note', content: '', ...entry })
const query = ({ ask, ann }: Server, filter: Query = {}, id = '2') =>
  ask(ann.token, 'agents.memory', { id, ...filter })
const contents = async (server: Server, filter?: Query) =>
  (await query(server, filter)).memories.map(({ content }) => content)

test('what is stored is answered as it is read back, whatever JSON it is', async (context) => {
  const server = await openServer(context)
  const values = ['text', '', 7, 0, null, false, [1, ['ü']], { deep: { '1': null }, emoji: '🦊' }]
  for (const content of values) {
    const stored = await store(server, { content, memory_type: 'any' })
    assert.deepEqual(findIssues(Memory, stored), [])
    assert.deepEqual((await query(server, { limit: 1 })).memories, [stored])
    assert.deepEqual(stored.content, content)
  }
  const { id: _, content: _content, ...rest } = (await query(server)).memories[0] ?? {}
  const created_at = '2026-11-22T10:00:00.000Z'
  assert.deepEqual(rest, {
    agent_number: 2,
    memory_type: 'any',
    tags: [],
    source: { kind: 'user' },
    trust: 'trusted',
    pinned: false,
    superseded_by: null,
    created_at,
    updated_at: created_at,
    expires_at: null,
  })
})

test('entries are listed newest first, of this agent alone', async (context) => {
  const server = await openServer(context)
  for (const content of ['a', 'b', 'c']) await store(server, { content })
  await store(server, { content: 'elsewhere' }, '5')
  assert.deepEqual(await contents(server), ['c', 'b', 'a'])
  assert.equal((await query(server)).total_count, 3)
})

test('a type is matched exactly, and of tags all must be there', async (context) => {
  const server = await openServer(context)
  await store(server, { content: 'a', memory_type: 'fact', tags: ['x', 'y', 'x'] })
  await store(server, { content: 'b', memory_type: 'Fact', tags: ['x'] })
  await store(server, { content: 'c', tags: ['y', 'X'] })
  assert.deepEqual(await contents(server, { memory_type: 'fact' }), ['a'])
  assert.deepEqual(await contents(server, { tags: ['x'] }), ['b', 'a'])
  assert.deepEqual(await contents(server, { tags: ['y', 'x'] }), ['a'])
  assert.deepEqual(await contents(server, { tags: ['x', 'z'] }), [])
  assert.deepEqual(await contents(server, { tags: [] }), ['c', 'b', 'a'])
  assert.deepEqual((await query(server, { memory_type: 'fact' })).memories[0]?.tags, ['x', 'y'])
  assert.equal((await query(server, { tags: ['x'], limit: 1 })).total_count, 2)
})

test('the time since is inclusive, and the same moment in every zone', async (context) => {
  const server = await openServer(context)
  for (const content of ['a', 'b']) {
    await store(server, { content })
    server.clock.advance(1_000)
  }
  for (const since of ['2026-11-22T10:00:01Z', '2026-11-22T10:00:01.000Z', '2026-11-22T11:00:01+01:00'])
    assert.deepEqual(await contents(server, { since }), ['b'], since)
  assert.deepEqual(await contents(server, { since: '2026-11-21T23:59:60Z' }), ['b', 'a'])
  assert.deepEqual(await contents(server, { since: '2026-11-22T10:00:01.0001Z' }), [])
})

test('pages follow each other without a gap, although something is stored in between', async (context) => {
  const server = await openServer(context)
  for (let index = 0; index < 5; index += 1) await store(server, { content: index })
  const first = await query(server, { limit: 2 })
  await store(server, { content: 'new' })
  const second = await query(server, { limit: 2, cursor: first.next_cursor ?? '' })
  const third = await query(server, { limit: 2, cursor: second.next_cursor ?? '' })
  const all = [first, second, third].flatMap(({ memories }) => memories.map(({ content }) => content))
  assert.deepEqual(all, [4, 3, 2, 1, 0])
  assert.equal(third.next_cursor, undefined)
  assert.equal(third.total_count, 6)
})

test('fifty entries are a page unless more are asked for, up to 500', async (context) => {
  const server = await openServer(context)
  for (let index = 0; index < 51; index += 1) await store(server, { content: index })
  const page = await query(server)
  assert.deepEqual([page.memories.length, page.next_cursor === undefined], [50, false])
  assert.equal((await query(server, { limit: 500 })).memories.length, 51)
  const { call, ann } = server
  for (const limit of [0, 501])
    assert.equal(refused(await call(ann.token, 'agents.memory', { id: '2', limit })), '400 GENERAL_001')
})

test('an entry lives for its seconds, and is gone for everybody from then on', async (context) => {
  const server = await openServer(context)
  const { expires_at } = await store(server, { content: 'brief words', ttl: 60, tags: ['x'] })
  assert.equal(expires_at, '2026-11-22T10:01:00.000Z')
  server.clock.advance(59_999)
  assert.deepEqual(await contents(server, { q: 'brief' }), ['brief words'])
  server.clock.advance(1)
  for (const filter of [{}, { q: 'brief' }, { tags: ['x'] }]) {
    const found = await query(server, filter)
    assert.deepEqual([found.memories, found.total_count], [[], 0], JSON.stringify(filter))
  }
  assert.deepEqual(await server.done(2, 'recall', { query: 'brief' }), { memories: [] })
})

test('what has expired is removed from the store soon after, with its words and tags', async (context) => {
  const server = await openServer(context)
  await store(server, { content: 'brief', ttl: 1, tags: ['x'] })
  await store(server, { content: 'lasting', ttl: 600, tags: ['x'] })
  server.clock.advance(61_000)
  for (let turn = 0; turn < 30; turn += 1) await server.write(() => Promise.resolve())
  const { connection } = server.app.kernel.store.reader
  const count = (table: string) => connection.all(`SELECT count(*) AS n FROM ${table}`, [])[0]?.['n']
  assert.deepEqual(['memories', 'memory_tags', 'memory_words_docsize'].map(count), [1, 1, 1])
  assert.deepEqual(await contents(server), ['lasting'])
})

test('bounds of an entry: type, tags, lifetime and 256 KiB of content', async (context) => {
  const { call, ann } = await openServer(context)
  const outcome = async (entry: Partial<Entry>) => {
    const reply = await call(ann.token, 'agents.memory_store', {
      id: '2',
      memory_type: 'note',
      content: '',
      ...entry,
    })
    return reply.ok ? reply.status : refused(reply)
  }
  const tags = Array.from({ length: 33 }, (_, index) => `t${index}`)
  const wrong: Partial<Entry>[] = [
    { memory_type: '' },
    { memory_type: 'x'.repeat(65) },
    { tags },
    { tags: [''] },
    { tags: ['x'.repeat(65)] },
    ...[0, -1, 1.5, 315_360_001].map((ttl) => ({ ttl })),
    { content: 'x'.repeat(262_143) },
    { content: 'é'.repeat(131_072) },
  ]
  for (const entry of wrong)
    assert.equal(await outcome(entry), '400 GENERAL_001', JSON.stringify(entry).slice(0, 80))
  for (const entry of [{ tags: tags.slice(1) }, { ttl: 315_360_000 }, { content: 'x'.repeat(262_142) }])
    assert.equal(await outcome(entry), 201)
})

test('an entry without content is malformed, and one sent again under its key is stored once', async (context) => {
  const { ask, call, ann } = await openServer(context)
  const without = { id: '2', memory_type: 'note' } as Input<Operations['agents.memory_store']>
  const { details } = refusal(await call(ann.token, 'agents.memory_store', without))
  assert.deepEqual(details['issues'], [{ path: '/content', message: 'is required' }])
  for (let turn = 0; turn < 2; turn += 1)
    await call(ann.token, 'agents.memory_store', { id: '2', memory_type: 'note', content: 'once' }, 'key')
  assert.equal((await ask(ann.token, 'agents.memory', { id: '2' })).total_count, 1)
})

test('the number of a type leaves out what has expired, of this type alone, and keeps what is pinned', async (context) => {
  const server = await openServer(context)
  await store(server, { content: 'brief', memory_type: 'fact', ttl: 1 })
  const kept = await store(server, { content: 'kept', memory_type: 'fact', ttl: 1 })
  await store(server, { content: 'lasting', memory_type: 'fact' })
  await store(server, { content: 'other brief', memory_type: 'note', ttl: 1 })
  const { ask, ann } = server
  await ask(ann.token, 'agents.memory_update', { id: '2', memory_id: kept.id, pinned: true })
  const total = async (memory_type: string) => (await query(server, { memory_type })).total_count
  assert.deepEqual([await total('fact'), await total('note')], [3, 1])
  server.clock.advance(2_000)
  assert.deepEqual([await total('fact'), await total('note'), await total('none')], [2, 0, 0])
})
