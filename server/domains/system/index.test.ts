import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SystemHealth } from '../../../contract/system.ts'
import type { SystemHealth as Health } from '../../../contract/system.ts'
import { turn } from '../../kernel/rig.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import type { Condition } from '../measures/condition.ts'
import { openSystem } from './index.ts'

const health = async ({ ask, ann }: Server, token = ann.token) =>
  (await ask(token, 'system.health', {})) as Health

/** A system on a server's agents whose machine is as the test says. */
function openOn({ app }: Server, condition: Partial<Condition> = {}, latency = () => Promise.resolve(1)) {
  const well: Condition = { writable: true, stalled: false, strained: false }
  return openSystem(app.kernel, {
    agents: app.agents,
    workflows: app.workflows,
    measures: { ...app.measures, condition: () => ({ ...well, ...condition }) },
    auth: app.auth,
    integrations: { services: () => Promise.resolve([]) },
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

test('a server that cannot write or does not work is unhealthy, one that is strained degraded', async (context) => {
  const server = await openServer(context)
  const status = async (condition: Partial<Condition>) =>
    (await openOn(server, condition).health(server.ann.user_id)).status
  assert.equal(await status({ writable: false }), 'unhealthy')
  assert.equal(await status({ stalled: true }), 'unhealthy')
  assert.equal(await status({ strained: true }), 'degraded')
  assert.equal(await status({}), 'healthy')
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

test('the owner hears within a sample that an agent is in error, and that it is not any more', async (context) => {
  const server = await openServer(context)
  const pass = async () => {
    server.clock.advance(5_000)
    await turn()
  }
  server.app.measures.start()
  await pass()
  await server.act(5, 'calculate', { expression: '1 / x' })
  await pass()
  await server.act(5, 'calculate', { expression: '1 + 1' })
  await pass()
  const told = (await server.told()).filter(({ name }) => name === 'system:health_changed')
  const changes = told.map(({ data }) => data as { old_health: Health; new_health: Health })
  assert.deepEqual(
    changes.map(({ old_health, new_health }) => [
      old_health.status,
      new_health.status,
      new_health.agents.error,
    ]),
    [
      ['healthy', 'degraded', 1],
      ['degraded', 'healthy', 0],
    ],
  )
  for (const { new_health } of changes) assert.deepEqual(findIssues(SystemHealth, new_health), [])
})

test('an enabled integration is looked at while others go on, one that is off or has no address is not', async (context) => {
  const server = await openServer(context)
  const integration = { type: 'http' as const, allowed_hosts: [], enabled: true }
  await server.own({
    config: {
      external_integrations: [
        { ...integration, id: 'a', name: 'Near', base_url: 'http://127.0.0.1:1/' },
        { ...integration, id: 'b', name: 'Off', base_url: 'http://127.0.0.1:1/', enabled: false },
        { ...integration, id: 'c', name: 'Nowhere', type: 'mcp' },
      ],
    },
  })
  assert.deepEqual((await health(server)).external_services, [])
  await turn()
  const found = await health(server)
  assert.deepEqual(
    found.external_services.map(({ name, status }) => `${name} ${status}`),
    ['Near offline'],
  )
  assert.deepEqual([found.status, found.resources.network_latency], ['degraded', 1])
})
