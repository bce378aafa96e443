import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { search as searchIn } from './search.ts'
import type { Ranker } from './search.ts'

/** Each entry is stored long after the one before, so that nothing stands beside it. */
const keep = async ({ ask, signIn, clock }: Server, content: unknown, tags: string[] = [], id = '2') => {
  clock.advance(1_800_001)
  return ask(await signIn(), 'agents.memory_store', { id, memory_type: 'note', content, tags })
}
const search = async ({ ask, signIn }: Server, q: string, filter: object = {}) => {
  const found = await ask(await signIn(), 'agents.memory', { id: '2', q, ...filter })
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
  await keep(server, 'boiler of mine')
  await keep(server, 'boiler of another agent', [], '5')
  const { token } = await bob()
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
  const since = new Date(server.clock.now() + 1).toISOString()
  for (let index = 0; index < 30; index += 1) await keep(server, ['boiler', { index }], ['noise'])
  const { found, total } = await search(server, 'boiler', { tags: ['house'], limit: 1 })
  assert.deepEqual([found.length, total], [1, 1])
  assert.deepEqual(await search(server, 'boiler', { limit: 3 }), {
    found: [29, 28, 27].map((index) => ['boiler', { index }]),
    total: 31,
  })
  assert.equal((await search(server, 'boiler', { since })).total, 30)
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

test('what was said in one breath comes along behind the match, and what was said later does not', async (context) => {
  const server = await openServer(context)
  await keep(server, 'Did the garage call about the exhaust?')
  server.clock.advance(240_000)
  const { ask, ann } = server
  const answer = { id: '2', memory_type: 'note', content: 'Ready tonight for 119 euros.' }
  await ask(await server.signIn(), 'agents.memory_store', answer)
  await keep(server, 'The tulips are out.')
  const { found, total } = await search(server, 'exhaust')
  assert.deepEqual(found, ['Did the garage call about the exhaust?', 'Ready tonight for 119 euros.'])
  assert.equal(total, 2)
  assert.notEqual(ann.token, '')
})

test('a word that is nowhere finds those that begin so, or those one letter away', async (context) => {
  const server = await openServer(context)
  await keep(server, 'The physiotherapist is called Jana')
  await keep(server, 'The thermostat broke')
  for (const q of ['physio', 'phisiotherapist', 'pyhsiotherapist'])
    assert.deepEqual((await search(server, q)).found, ['The physiotherapist is called Jana'], q)
  assert.deepEqual((await search(server, 'termostat')).found, ['The thermostat broke'])
  for (const q of ['jan9', 'thermos flask', 'cat']) {
    const { found } = await search(server, q)
    assert.ok(!found.includes('The tulips are out.'), q)
  }
  assert.deepEqual((await search(server, 'xyz')).found, [])
})

test('a time in a question is the time of the entry', async (context) => {
  const server = await openServer(context)
  await keep(server, 'We met the plumber')
  server.clock.advance(9 * 86_400_000)
  await keep(server, 'The plumber came again')
  assert.equal((await search(server, 'plumber in November')).found[0], 'We met the plumber')
  assert.equal((await search(server, 'plumber in December')).found[0], 'The plumber came again')
  assert.deepEqual((await search(server, 'what did I note in november')).found, ['We met the plumber'])
  assert.deepEqual((await search(server, '1 December 2026')).found, ['The plumber came again'])
  assert.deepEqual((await search(server, 'im Dezember')).found, ['The plumber came again'])
  assert.deepEqual((await search(server, 'in March')).found, [])
})

test('pictures, right-to-left words, NUL and a very long text are found and harm nothing', async (context) => {
  const server = await openServer(context)
  await keep(server, 'the fox 🦊 sleeps')
  await keep(server, 'הדוד נמצא במרתף')
  await keep(server, 'before\u0000after')
  await keep(server, `${'padding '.repeat(12_000)} needle`)
  assert.deepEqual((await search(server, '🦊')).found, ['the fox 🦊 sleeps'])
  assert.deepEqual((await search(server, 'במרתף')).found, ['הדוד נמצא במרתף'])
  for (const q of ['before', 'after', 'before\u0000after'])
    assert.equal((await search(server, q)).total, 1, q)
  assert.equal((await search(server, 'needle')).total, 1)
})

test('a ranker puts what the words found into its own order and can add nothing', async (context) => {
  const server = await openServer(context)
  for (const text of ['bike one', 'bike two', 'bike three']) await keep(server, text)
  const { app, ann, ask } = server
  const { id: agent_id } = await ask(await server.signIn(), 'agents.get', { id: '2' })
  const ranker: Ranker = {
    rank: async (_query, entries) => ['made-up', entries.find(({ text }) => text === 'bike one')?.id ?? ''],
  }
  const owner = { user_id: ann.user_id, agent_id }
  const filter = { limit: 2, now: app.kernel.now() }
  const { rows } = await searchIn(app.kernel.store.reader, owner, 'bike', filter, ranker)
  assert.deepEqual(
    rows.map(({ content }) => content),
    ['"bike one"', '"bike three"'],
  )
})
