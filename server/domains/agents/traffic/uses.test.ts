import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../fixture.ts'
import type { Server } from '../fixture.ts'
import { FACTORIES, deed, skill } from '../probe/fixture.ts'
import { action, shape } from '../../../skills/skill.ts'
import { Type } from 'typebox'

const PROBE = 19
const DAY = 86_400_000

/** A network that only counts: each request is 100 bytes on the wire. */
const net: typeof FACTORIES.net = ({ meter }) => ({
  request: ({ url }) => {
    const name = `http:${new URL(url).host}`
    meter.call(name)
    meter.add({ bytes: 100 }, name)
    return Promise.resolve({ status: 200, headers: {}, url, body: new Uint8Array() })
  },
  probe: () => Promise.reject(new Error('Nobody probes.')),
})

const calls = deed('network', async (can, { label }) => {
  for (const host of ['b.example', 'a.example:8443', 'b.example'])
    await can.net.request({ url: `https://${host}/` })
  if (label === 'fail') throw new Error('No.')
  return { data: {}, text: '' }
})
/** Uses the memory and answers as many characters. */
const remembers = action({
  summary: 'Remembers.',
  parameters: shape({ characters: Type.Integer() }),
  result: Type.Object({}),
  effect: 'write',
  phrases: [],
  examples: [],
  perform: async ({ memory }, { characters }) => {
    await memory.store({ memory_type: 'note', content: `note ${characters}` })
    return { data: { a: 'x'.repeat(characters) }, text: '' }
  },
})
const says = deed('read', () => ({ data: { said: ['memory'] }, text: '"resources_used":["memory"]' }))

const open = (context: Parameters<typeof openServer>[0]) =>
  openServer(context, {
    prepare: (app) =>
      app.agents.skills.install([skill({ calls, remembers, says }, ['memory', 'net'])], {
        ...FACTORIES,
        net,
      }),
  })

async function usesOf({ app, ann, clock }: Server, user_id = ann.user_id, since = clock.now() - DAY) {
  const probe = await app.agents.refer(ann.user_id, String(PROBE))
  const id = probe?.id ?? ''
  const found = await app.agents.uses(user_id, [id], since)
  return {
    executions: found.executions.get(id),
    memory: found.memory.get(id),
    hosts: found.between.map(({ source, target, uses, bytes }) => [source === id, target, uses, bytes]),
  }
}

test('executions are counted with what was asked and answered, and those that used the memory apart', async (context) => {
  const server = await open(context)
  assert.deepEqual(await usesOf(server), { executions: undefined, memory: undefined, hosts: [] })
  await server.act(PROBE, 'says')
  await server.act(PROBE, 'remembers', { characters: 10 })
  server.clock.advance(5_000)
  await server.act(PROBE, 'remembers', { characters: 1_000 })
  const { executions, memory } = await usesOf(server)
  const now = server.clock.now()
  assert.deepEqual([executions?.uses, executions?.last_used], [3, now])
  assert.deepEqual([memory?.uses, memory?.last_used], [2, now])
  assert.ok((memory?.bytes ?? 0) > 1_010 && (memory?.bytes ?? 0) < (executions?.bytes ?? 0))
})

test('a result that is too large to be looked into counts as an execution alone', async (context) => {
  const server = await open(context)
  await server.act(PROBE, 'remembers', { characters: 20_000 })
  const { executions, memory } = await usesOf(server)
  assert.deepEqual([executions?.uses, memory], [1, undefined])
  assert.ok((executions?.bytes ?? 0) > 20_000)
})

test('hosts are counted by what went to and came from each, also when the action failed', async (context) => {
  const server = await open(context)
  await server.act(PROBE, 'calls')
  await server.act(PROBE, 'calls', { label: 'fail' })
  assert.deepEqual((await usesOf(server)).hosts, [
    [true, 'http:b.example', 4, 400],
    [true, 'http:a.example:8443', 2, 200],
  ])
})

test('only what lies within the time counts, and nothing of another user', async (context) => {
  const server = await open(context)
  await server.act(PROBE, 'remembers', { characters: 1 })
  const began = server.clock.now()
  server.clock.advance(1)
  await server.act(PROBE, 'remembers', { characters: 2 })
  const { ann } = server
  assert.equal((await usesOf(server, ann.user_id, began)).executions?.uses, 2)
  assert.equal((await usesOf(server, ann.user_id, began + 1)).executions?.uses, 1)
  assert.equal((await usesOf(server, ann.user_id, began + 2)).executions, undefined)
  const bob = await server.bob()
  assert.deepEqual(await usesOf(server, bob.user_id), { executions: undefined, memory: undefined, hosts: [] })
})

test('more executions than one page holds are all counted', async (context) => {
  const server = await open(context)
  const { app, ann, clock } = server
  const { id = '' } = (await app.agents.refer(ann.user_id, String(PROBE))) ?? {}
  await server.write(async (tx) => {
    for (let index = 0; index < 4_100; index += 1)
      tx.connection.run(
        `INSERT INTO executions (id, user_id, agent_id, agent_number, action, command, status, timeout_ms, result, created_at)
          VALUES (?, ?, ?, 19, 'x', '12345', 'completed', 1, '67', '')`,
        [app.kernel.id(), ann.user_id, id],
      )
  })
  assert.deepEqual((await usesOf(server)).executions, {
    uses: 4_100,
    bytes: 28_700,
    last_used: clock.now() + 1,
  })
})

test('messages between agents are counted, those of users and to oneself are not', async (context) => {
  const server = await openServer(context)
  const { ask, ann, app } = server
  const [one, two] = [await register(server, 40), await register(server, 41)]
  const said = { message_type: 'hello', data: { n: 1 }, requires_response: false }
  await ask(one.token, 'messages.to', { id: '41', ...said })
  await ask(one.token, 'messages.to', { id: '40', ...said })
  await ask(ann.token, 'messages.to', { id: '41', ...said })
  await ask(two.token, 'messages.broadcast', { message_type: 'all', data: 'é', target_agents: [40, 2] })
  const notes = await app.agents.refer(ann.user_id, '2')
  const { between } = await app.agents.uses(ann.user_id, [], server.clock.now() - DAY)
  const last_used = server.clock.now()
  assert.deepEqual(
    new Set(between.map((row) => JSON.stringify(row))),
    new Set(
      [
        { source: one.id, target: two.id, uses: 1, bytes: 7, last_used },
        { source: two.id, target: one.id, uses: 1, bytes: 4, last_used },
        { source: two.id, target: notes?.id, uses: 1, bytes: 4, last_used },
      ].map((row) => JSON.stringify(row)),
    ),
  )
})

async function register({ ask, ann }: Server, agent_number: number): Promise<{ id: string; token: string }> {
  const { token = '', agent_id } = await ask(ann.token, 'messages.register', {
    agent_number,
    name: `Robot ${agent_number}`,
    capabilities: [],
    voice_commands: [],
    config_schema: { type: 'object' },
  })
  return { id: agent_id ?? '', token }
}
