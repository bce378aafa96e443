import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { execution, openServer } from '../fixture.ts'
import type { Server } from '../fixture.ts'
import type { Grant } from '../skills.ts'
import type { NetCapability } from '../../../skills/capabilities.ts'
import type { Meter } from './meter.ts'
import { FACTORIES, deed, skill } from '../probe/fixture.ts'

const PROBE = 19
const no_wait = { wait_for_completion: false }

interface Caller extends Server {
  /** Addresses that were really asked. */
  readonly made: string[]
  /** Of the executions that were given a network, oldest first. */
  readonly meters: Meter[]
  /** Lets the oldest action that waits go on. */
  release(): void
  /** Resolves once as many actions wait. */
  waiting(count: number): Promise<void>
}

/** A server whose probe calls other machines `count` times, and waits after that when it is told a label. */
async function openCaller(context: TestContext, budget?: object): Promise<Caller> {
  const made: string[] = []
  const meters: Meter[] = []
  const gates: (() => void)[] = []
  const pass = () => new Promise<void>((resolve) => gates.push(resolve))
  const call = deed('network', async (can, { count = 1, label }) => {
    const { net: web } = can
    for (let at = 0; at < count; at += 1) await web.request({ url: `https://host-${at}.example/` })
    if (label !== undefined) await pass()
    return { data: {}, text: `Called ${count}.` }
  })
  const net = ({ meter }: Grant): NetCapability => {
    meters.push(meter)
    const request: NetCapability['request'] = ({ url }) => {
      meter.call(`http:${new URL(url).host}`)
      made.push(url)
      return Promise.resolve({ status: 200, headers: {}, url, body: new Uint8Array() })
    }
    return { request, probe: () => Promise.reject(new Error('Nobody probes.')) }
  }
  const server = await openServer(context, {
    prepare: (app) => app.agents.skills.install([skill({ call }, ['net'])], { ...FACTORIES, net }),
  })
  const config = { preferences: { skill: 'probe', budget } }
  if (budget !== undefined) await server.ask(server.ann.token, 'agents.update', { id: '19', config })
  const waiting = async (count: number) => {
    while (gates.length < count) await new Promise((resolve) => setImmediate(resolve))
  }
  return Object.assign(server, { made, meters, release: () => gates.shift()?.(), waiting })
}

/** Calls by day. */
function spent({ app }: Pick<Server, 'app'>): unknown[] {
  const { connection } = app.kernel.store.reader
  const rows = connection.all('SELECT day, calls FROM agent_spending ORDER BY day', [])
  return rows.map(({ day, calls }) => `${String(day)}: ${Number(calls)}`)
}

test('the call beyond the budget ends the execution with AGENT_003 and is not made', async (context) => {
  const server = await openCaller(context, { calls: 4 })
  const { result } = await server.act(PROBE, 'call', { count: 9 })
  assert.equal(result?.error, 'AGENT_003: Agent 19 has used up its 4 calls of today.')
  assert.deepEqual(result?.metadata.resources_used, [
    'http:host-0.example',
    'http:host-1.example',
    'http:host-2.example',
  ])
  assert.equal(server.made.length, 3)
  assert.deepEqual(spent(server), ['2026-11-22: 4'])
})

test('without a budget calls are counted in the figures of the agent and nowhere else', async (context) => {
  const server = await openCaller(context)
  await server.done(PROBE, 'call', { count: 12 })
  const { status } = await server.ask(server.ann.token, 'agents.get', { id: '19' })
  assert.equal(status.resource_usage.api_calls_per_minute, 12)
  assert.deepEqual(spent(server), [])
})

test('parallel executions together make no more calls than the budget has left', async (context) => {
  const server = await openCaller(context, { calls: 20 })
  const all = await Promise.all([1, 2, 3, 4, 5].map(() => server.act(PROBE, 'call', { count: 10 })))
  assert.equal(server.made.length, 15)
  assert.deepEqual(spent(server), ['2026-11-22: 20'])
  assert.equal(all.filter(({ status }) => status === 'completed').length, 1)
})

test('calls of an execution that still runs are taken off what the others may use', async (context) => {
  const server = await openCaller(context, { calls: 5 })
  const first = server.act(PROBE, 'call', { count: 3, label: 'waits' })
  await server.waiting(1)
  const second = await server.act(PROBE, 'call')
  assert.equal(second.result?.error, 'AGENT_003: Agent 19 has used up its 5 calls of today.')
  server.release()
  assert.equal((await first).status, 'completed')
  assert.deepEqual([server.made.length, spent(server)], [3, ['2026-11-22: 5']])
})

test('a call while another execution is being accepted leaves that one its own, and nothing to one that is not', async (context) => {
  const server = await openCaller(context, { calls: 2 })
  await server.act(PROBE, 'call', { count: 0, label: 'waits' }, no_wait)
  await server.waiting(1)
  const { command } = execution(server.ann, PROBE, 'call', { count: 0 })
  const asked = { user_id: server.ann.user_id, ref: '19', command, timeout_ms: 1_000 }
  const [meter] = server.meters
  const call = () => meter?.call('http:late.example')
  const during = server.write(async (tx) => {
    server.app.agents.executions.accept(tx, asked)
    assert.throws(call, { code: 'AGENT_003' })
    await Promise.reject(new Error('taken back'))
  })
  await assert.rejects(during, { message: 'taken back' })
  assert.doesNotThrow(call)
  assert.throws(call, { code: 'AGENT_003' })
})

test('what a stopped execution has called is spent, today and not tomorrow', async (context) => {
  const server = await openCaller(context, { calls: 4 })
  const { execution_id } = await server.act(PROBE, 'call', { count: 2, label: 'waits' }, no_wait)
  await server.waiting(1)
  await server.ask(server.ann.token, 'agents.stop', { id: execution_id })
  const next = await server.act(PROBE, 'call', { count: 3 })
  assert.match(next.result?.error ?? '', /used up its 4 calls/)
  assert.deepEqual([server.made.length, spent(server)], [2, ['2026-11-22: 4']])
  server.clock.jump(86_400_000)
  await server.signIn()
  assert.equal((await server.act(PROBE, 'call', { count: 3 })).status, 'completed')
  assert.deepEqual([server.made.length, spent(server)], [5, ['2026-11-22: 4', '2026-11-23: 4']])
})

test('what a timed out or failed execution has called is spent', async (context) => {
  const server = await openCaller(context, { calls: 9 })
  const late = server.act(PROBE, 'call', { count: 2, label: 'waits' }, { timeout_ms: 50 })
  await server.waiting(1)
  server.clock.advance(50)
  assert.equal((await late).result?.error, 'AGENT_003: It took longer than 50 ms.')
  assert.deepEqual(spent(server), ['2026-11-22: 3'])
  await server.restart()
  await server.act(PROBE, 'call', { count: 5 })
  assert.deepEqual([server.made.length, spent(server)], [7, ['2026-11-22: 9']])
})

test('calls around midnight are of the day on which the execution ends, and none is lost', async (context) => {
  const server = await openCaller(context, { calls: 4 })
  const late = server.act(PROBE, 'call', { count: 3, label: 'waits' })
  await server.waiting(1)
  server.clock.jump(13 * 3_600_000)
  server.release()
  assert.equal((await late).status, 'completed')
  assert.deepEqual(spent(server), ['2026-11-22: 1', '2026-11-23: 3'])
})
