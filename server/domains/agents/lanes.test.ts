import assert from 'node:assert/strict'
import { test } from 'node:test'
import { execution, openServer, refusal, refused } from './fixture.ts'
import type { Person } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

const PROBE = 19
const no_wait = { wait_for_completion: false }

test('an agent that hangs in all its slots holds up neither another agent nor another user', async (context) => {
  const probe = openProbe()
  const server = await openServer(context, { prepare: probe.install })
  const bob = await server.bob()
  const hung = []
  for (let at = 0; at < 12; at += 1) hung.push(await server.act(PROBE, 'wait', {}, no_wait))
  await probe.waiting(8)
  assert.deepEqual(
    hung.map(({ status }) => status),
    [...Array<string>(8).fill('executing'), ...Array<string>(4).fill('queued')],
  )
  assert.equal((await server.act(4, 'add', { items: ['milk'] })).status, 'completed')
  assert.equal((await server.act(5, 'calculate', { expression: '6 * 7' })).status, 'completed')
  const theirs = execution(bob, PROBE, 'echo', { label: 'bob' }, { wait_for_completion: true })
  assert.equal((await server.ask(bob.token, 'agents.execute', theirs)).status, 'completed')
  // Everything else went by, and the queue of the agent has not moved.
  assert.deepEqual(probe.performed, ['bob'])
  assert.equal(server.app.agents.executions.running(server.ann.user_id), 12)
})

test('one that ends lets the next of its agent start, in its order, and a stop frees all', async (context) => {
  const probe = openProbe()
  const limits = { executions_per_agent_at_once: 2 }
  const server = await openServer(context, { limits, prepare: probe.install })
  for (const label of ['a', 'b', 'c']) await server.act(PROBE, 'wait', { label }, no_wait)
  const last = server.act(PROBE, 'echo', { label: 'd' })
  await probe.waiting(2)
  probe.release()
  await probe.waiting(2)
  probe.release()
  assert.equal((await last).status, 'completed')
  assert.deepEqual(probe.performed, ['a', 'b', 'd'])
  await server.ask(server.ann.token, 'system.stop', {})
  assert.equal((await server.act(PROBE, 'echo', { label: 'e' })).status, 'completed')
})

test('a sentence to another agent is answered while one hangs', async (context) => {
  const probe = openProbe()
  const server = await openServer(context, { prepare: probe.install })
  for (let at = 0; at < 20; at += 1) await server.act(PROBE, 'wait', {}, no_wait)
  const said = { text_fallback: 'what is 6 times 7' }
  const { response } = await server.ask(server.ann.token, 'voice.process', said)
  assert.match(response.text, /42/)
})

test('the queue of an agent is bounded: more is refused, nothing of it is kept, and others still may', async (context) => {
  const probe = openProbe()
  const limits = { executions_per_agent_at_once: 1, executions_per_agent_max: 3 }
  const server = await openServer(context, { limits, prepare: probe.install })
  const { ann, call, app } = server
  for (let at = 0; at < 3; at += 1) await server.act(PROBE, 'wait', {}, no_wait)
  const [before, jobs] = [await server.told(), jobsOf(server.app)]
  const reply = await call(ann.token, 'agents.execute', execution(ann, PROBE, 'echo'))
  const { status, code, details } = refusal(reply)
  assert.deepEqual([status, code, details], [503, 'SYSTEM_001', { waiting: 3, per_lane_max: 3 }])
  assert.equal(!reply.ok && reply.retry_after_s, 1)
  assert.deepEqual([await server.told(), jobsOf(app)], [before, jobs])
  assert.equal((await server.ask(ann.token, 'agents.get', { id: '19' })).execution_count, 3)
  assert.equal((await server.act(4, 'list')).status, 'completed')
  await probe.waiting(1)
  probe.release()
  await probe.waiting(1)
  assert.equal((await server.act(PROBE, 'echo', {}, no_wait)).status, 'queued')
})

function jobsOf({ kernel }: Awaited<ReturnType<typeof openServer>>['app']): unknown[] {
  const { connection } = kernel.store.reader
  return [
    connection.all('SELECT kind, key FROM jobs ORDER BY key', []),
    connection.all('SELECT id, status FROM executions ORDER BY id', []),
  ]
}

test('the bound of an agent holds for requests at the same moment and for those of another user alone', async (context) => {
  const probe = openProbe()
  const limits = { executions_per_agent_max: 4 }
  const server = await openServer(context, { limits, prepare: probe.install })
  const bob = await server.bob()
  const ask = (who: Person) => server.call(who.token, 'agents.execute', execution(who, PROBE, 'wait'))
  const replies = await Promise.all(
    [server.ann, bob].flatMap((who) => Array.from({ length: 10 }, () => ask(who))),
  )
  const outcomes = replies.map((reply) => (reply.ok ? reply.status : refused(reply)))
  const ofEach = [...Array<number>(4).fill(202), ...Array<string>(6).fill('503 SYSTEM_001')]
  assert.deepEqual(outcomes, [...ofEach, ...ofEach])
})

test('the queues of agents are as full after a restart as before it', async (context) => {
  const probe = openProbe()
  const limits = { executions_per_agent_at_once: 1, executions_per_agent_max: 2 }
  const server = await openServer(context, { limits, prepare: probe.install })
  for (let at = 0; at < 2; at += 1) await server.act(PROBE, 'wait', {}, no_wait)
  await probe.waiting(1)
  await server.restart()
  await probe.waiting(2)
  const { ann, call } = server
  assert.equal(
    refused(await call(ann.token, 'agents.execute', execution(ann, PROBE, 'echo'))),
    '503 SYSTEM_001',
  )
  assert.equal((await server.act(4, 'list')).status, 'completed')
})
