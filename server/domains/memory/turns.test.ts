import assert from 'node:assert/strict'
import { test } from 'node:test'
import { turnsDuring } from '../../kernel/rig.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { keepEntry } from './keep.ts'

/** A server on which agent 2 of Ann remembers so many things, and whose clock then goes on a millisecond at each look. */
async function openFull(context: Parameters<typeof openServer>[0], count: number): Promise<Server> {
  const server = await openServer(context)
  const { app, ann, ask, clock, write } = server
  const { id: agent_id } = await ask(ann.token, 'agents.get', { id: '2' })
  const owner = { user_id: ann.user_id, agent_id }
  const source = { kind: 'user' } as const
  const moment = { owner, source, now: clock.now(), id: app.kernel.id, changed: () => {} }
  await write(async (tx) => {
    for (let index = 0; index < count; index += 1)
      await keepEntry(tx, moment, { memory_type: 'note', content: `thing ${index}`, ttl: 60 })
  })
  const { elapsed } = clock
  let looks = 0
  clock.elapsed = () => elapsed() + (looks += 1)
  return server
}
const clear = ({ ask, ann }: Server) =>
  ask(ann.token, 'agents.memory_clear', { id: '2', memory_type: 'note' })
const kept = async ({ ask, ann }: Server) =>
  (await ask(ann.token, 'agents.memory', { id: '2', limit: 1 })).total_count

test('forgetting 500 things at once lets others in again and again, and forgets the oldest 500', async (context) => {
  const server = await openFull(context, 510)
  let forgotten = 0
  const turns = await turnsDuring(async () => (forgotten = (await clear(server)).forgotten))
  assert.equal(forgotten, 500)
  // Both what forgets and what notes it for an undo look at the clock once for each thing.
  assert.ok(turns >= 80, `${turns} turns`)
  assert.equal(await kept(server), 10)
  const { memories } = await server.ask(server.ann.token, 'agents.memory', { id: '2', limit: 1 })
  assert.equal(memories[0]?.content, 'thing 509')
  assert.deepEqual([(await clear(server)).forgotten, (await clear(server)).forgotten], [10, 0])
})

test('taking it back, and doing it again, lets others in as well, and brings back each thing', async (context) => {
  const server = await openFull(context, 120)
  const { forgotten, execution_id: id = '' } = await clear(server)
  assert.equal(forgotten, 120)
  let undone = { execution_id: '' }
  // Read, compared, put back and noted: each of them for each thing.
  const turns = await turnsDuring(async () => {
    undone = await server.ask(server.ann.token, 'agents.undo', { id })
  })
  assert.ok(turns >= 40, `${turns} turns`)
  assert.equal(await kept(server), 120)
  await server.ask(server.ann.token, 'agents.undo', { id: undone.execution_id })
  assert.equal(await kept(server), 0)
})

test('what has expired is swept away in turns, too', async (context) => {
  const server = await openFull(context, 300)
  const rows = () => server.app.kernel.store.reader.connection.all('SELECT id FROM memories', []).length
  assert.equal(rows(), 300)
  const turns = await turnsDuring(async () => {
    server.clock.advance(60_000)
    while (rows() > 0) await new Promise((resolve) => setImmediate(resolve))
  })
  assert.ok(turns >= 25, `${turns} turns`)
})
