import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SystemHealth } from '../../../contract/system.ts'
import type { SystemHealth as Health } from '../../../contract/system.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import type { Gauge } from './health.ts'
import { openSystem } from './index.ts'

const health = async ({ ask, ann }: Server, token = ann.token) =>
  (await ask(token, 'system.health', {})) as Health

/** A system on a server's agents whose machine is as the test says. */
function openOn({ app }: Server, gauge: Partial<Gauge> = {}, latency = () => Promise.resolve(1)) {
  const resources = { cpu_usage: 0, memory_usage: 0, disk_usage: 0 }
  const well: Gauge = { read: () => resources, diskRefusal: () => undefined }
  return openSystem(app.kernel, {
    agents: app.agents,
    workflows: app.workflows,
    gauge: { ...well, ...gauge },
    version: '1.2.3',
    latency,
  })
}

test('a user sees the whole health, with the seconds since the start and a measured round trip', async (context) => {
  const server = await openServer(context)
  server.clock.advance(61_400)
  const found = await health(server)
  assert.deepEqual(findIssues(SystemHealth, found), [])
  assert.deepEqual([found.uptime, found.version, found.external_services], [61, '0.0.0', []])
  assert.deepEqual(found.agents, { total: 9, active: 9, error: 0 })
  assert.equal(found.resources.network_latency, 1)
})

test('strangers see the status word alone, also those with a stale token', async (context) => {
  const { ask, ann, clock } = await openServer(context)
  const words = async (token: string | undefined) => Object.keys(await ask(token, 'system.health', {}))
  assert.deepEqual(await words(undefined), ['status'])
  assert.deepEqual(await words('forged'), ['status'])
  clock.advance(901_000)
  assert.deepEqual(await words(ann.token), ['status'])
})

test('an agent is active, in error or neither: one that is switched off is in no error', async (context) => {
  const server = await openServer(context)
  const { ask, ann, act, own } = server
  await own({ config: { preferences: { skill: 'data' } } })
  for (const id of [5, 20]) await act(id, 'calculate', { expression: '1 / x' })
  assert.deepEqual((await health(server)).agents, { total: 10, active: 8, error: 2 })
  assert.equal((await health(server)).status, 'degraded')
  await ask(ann.token, 'agents.update', { id: '5', is_active: false })
  assert.deepEqual((await health(server)).agents, { total: 10, active: 8, error: 1 })
})

test('the agents of others do not count, nor does their health', async (context) => {
  const server = await openServer(context)
  const { token } = await server.bob()
  await server.act(5, 'calculate', { expression: '1 / x' })
  const theirs = await health(server, token)
  assert.deepEqual(theirs.agents, { total: 9, active: 9, error: 0 })
})

test('a server that cannot write is unhealthy, and its strangers may know', async (context) => {
  const server = await openServer(context)
  const full = openOn(server, { diskRefusal: () => 'The disk is nearly full.' })
  assert.equal((await full.health(server.ann.user_id)).status, 'unhealthy')
  assert.equal((await openOn(server).health(server.ann.user_id)).status, 'healthy')
})

test('the round trip is measured once a minute, however often health is asked for', async (context) => {
  const server = await openServer(context)
  let measured = 0
  const system = openOn(server, {}, () => Promise.resolve((measured += 1)))
  const latency = async () => (await system.health(server.ann.user_id)).resources.network_latency
  assert.deepEqual(await Promise.all([latency(), latency()]), [1, 1])
  server.clock.advance(60_000)
  assert.equal(await latency(), 1)
  server.clock.advance(1)
  assert.equal(await latency(), 2)
})

test('the uptime is not moved by setting the wall clock', async (context) => {
  const server = await openServer(context)
  const system = openOn(server)
  server.clock.jump(86_400_000)
  const { uptime, version } = await system.health(server.ann.user_id)
  assert.deepEqual([uptime, version], [0, '1.2.3'])
})
