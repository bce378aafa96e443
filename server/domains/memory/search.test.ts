import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

const keep = ({ ask, ann }: Server, content: unknown, tags: string[] = [], id = '2') =>
  ask(ann.token, 'agents.memory_store', { id, memory_type: 'note', content, tags })
const search = async ({ ask, ann }: Server, q: string, filter: object = {}) => {
  const found = await ask(ann.token, 'agents.memory', { id: '2', q, ...filter })
  return { found: found.memories.map(({ content }) => content), total: found.total_count }
}

test('a search finds words in any form, case and accent, the best match first', async (context) => {
  const server = await openServer(context)
  await keep(server, 'The boiler was serviced in March.')
  await keep(server, 'Café Müller has good bread')
  await keep(server, 'boiler boiler boiler')
  assert.deepEqual((await search(server, 'BOILERS')).found, [
    'boiler boiler boiler',
    'The boiler was serviced in March.',
  ])
  for (const q of ['cafe', 'muller', 'ＭÜLLER', 'breads'])
    assert.deepEqual((await search(server, q)).found, ['Café Müller has good bread'], q)
  assert.deepEqual(await search(server, 'dishwasher'), { found: [], total: 0 })
})

test('any of the words is enough, and what has more of them comes first', async (context) => {
  const server = await openServer(context)
  for (const text of ['red bicycle', 'blue bicycle', 'red kite']) await keep(server, text)
  const { found, total } = await search(server, 'my red bicycle')
  assert.equal(found[0], 'red bicycle')
  assert.deepEqual([found.length, total], [3, 3])
})

test('strings and numbers of any JSON are searched, keys are not, tags are', async (context) => {
  const server = await openServer(context)
  await keep(server, { place: ['Lyon', { year: 1998 }], flag: true }, ['travel plans'])
  for (const q of ['lyon', '1998', 'travel']) assert.equal((await search(server, q)).total, 1, q)
  for (const q of ['place', 'year', 'flag', 'true']) assert.equal((await search(server, q)).total, 0, q)
})

test('the syntax of the search engine is only text', async (context) => {
  const server = await openServer(context)
  await keep(server, 'plain words')
  const hostile = [
    '"',
    'plain"',
    "'; DROP TABLE memories; --",
    'NEAR(plain words)',
    'scope:*',
    '*',
    'plain*',
    '^',
    '-plain',
    'a AND',
    'text : plain',
    '(',
    '\u0000',
  ]
  for (const q of hostile) await search(server, q)
  assert.deepEqual(await search(server, 'plain" OR "x'), { found: ['plain words'], total: 1 })
  assert.deepEqual(await search(server, '!?'), { found: [], total: 0 })
})

test('a search stays inside its agent and its user', async (context) => {
  const server = await openServer(context)
  const { ask, bob } = server
  const { token } = await bob()
  await keep(server, 'boiler of mine')
  await keep(server, 'boiler of another agent', [], '5')
  await ask(token, 'agents.memory_store', { id: '2', memory_type: 'note', content: 'boiler of Bob' })
  assert.deepEqual(await search(server, 'boiler'), { found: ['boiler of mine'], total: 1 })
  const theirs = await ask(token, 'agents.memory', { id: '2', q: 'boiler' })
  assert.deepEqual(
    theirs.memories.map(({ content }) => content),
    ['boiler of Bob'],
  )
})

test('the other filters hold for a search, however many better matches they leave out', async (context) => {
  const server = await openServer(context)
  await keep(server, 'the boiler, as far as I remember, stands somewhere in the cellar', ['house'])
  server.clock.advance(1_000)
  for (let index = 0; index < 30; index += 1) await keep(server, 'boiler', ['noise'])
  const { found, total } = await search(server, 'boiler', { tags: ['house'], limit: 1 })
  assert.deepEqual([found.length, total], [1, 1])
  assert.deepEqual(await search(server, 'boiler', { limit: 3 }), {
    found: Array(3).fill('boiler'),
    total: 31,
  })
  assert.equal((await search(server, 'boiler', { since: '2026-11-22T10:00:01Z' })).total, 30)
  assert.equal((await search(server, 'boiler', { memory_type: 'fact' })).total, 0)
  const { memories } = (await server.done(2, 'recall', { query: 'boiler', tags: ['house'], limit: 1 })) as {
    memories: object[]
  }
  assert.equal(memories.length, 1)
})

test('of equal matches the newer comes first', async (context) => {
  const server = await openServer(context)
  for (const place of ['cellar', 'garage', 'shed']) await keep(server, `bike ${place}`)
  assert.deepEqual((await search(server, 'bike')).found, ['bike shed', 'bike garage', 'bike cellar'])
})

test('an entry with new tags is found by these and no longer by the old ones', async (context) => {
  const server = await openServer(context)
  const { memory_id } = await server.done(2, 'remember', { text: 'bike code 1234' })
  await server.done(2, 'tag', { memory_id, tags: ['security'] })
  assert.equal((await search(server, 'security')).total, 1)
  await server.write((tx) => server.app.changes.undo.undo(tx, server.ann.user_id))
  assert.equal((await search(server, 'security')).total, 0)
  assert.equal((await search(server, 'bike')).total, 1)
})
