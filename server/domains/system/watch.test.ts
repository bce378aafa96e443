import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { SystemHealth } from '../../../contract/system.ts'
import { turn } from '../../kernel/rig.ts'
import { openServer } from '../agents/fixture.ts'
import { watchHealth } from './watch.ts'

type Status = SystemHealth['status']

/** A server whose health and disk are as the test says, sampled by hand. */
async function open(context: TestContext) {
  const server = await openServer(context)
  const { app, ann, ask } = server
  const well = (await ask(ann.token, 'system.health', {})) as SystemHealth
  const facts = { status: 'healthy' as Status, full: false, owners: [ann.user_id] }
  const listeners: (() => void)[] = []
  const { kernel } = app
  const write: typeof kernel.store.write = (work) =>
    facts.full ? Promise.reject(new Error('The disk is full.')) : kernel.store.write(work)
  watchHealth(
    { ...kernel, store: Object.assign(Object.create(kernel.store) as typeof kernel.store, { write }) },
    {
      measures: { onSample: (listener) => listeners.push(listener) },
      owners: () => facts.owners,
      health: () => Promise.resolve({ ...well, status: facts.status }),
    },
  )
  const sample = async (status: Status) => {
    facts.status = status
    for (const listen of listeners) listen()
    await turn()
  }
  const told = async (user_id = ann.user_id) =>
    (await server.told(user_id))
      .filter(({ name }) => name === 'system:health_changed')
      .map(({ data }) => data as { old_health: SystemHealth; new_health: SystemHealth })
      .map(({ old_health, new_health }) => `${old_health.status} ${new_health.status}`)
  return { server, facts, sample, told }
}

test('the owner is told when the status changes, and of nothing else', async (context) => {
  const { server, sample, told } = await open(context)
  const bob = await server.bob()
  for (const status of ['healthy', 'healthy', 'degraded', 'degraded', 'unhealthy', 'healthy'] as const)
    await sample(status)
  assert.deepEqual(await told(), ['healthy degraded', 'degraded unhealthy', 'unhealthy healthy'])
  assert.deepEqual(await told(bob.user_id), [])
})

test('what the first sample finds is no change', async (context) => {
  const { sample, told } = await open(context)
  await sample('unhealthy')
  assert.deepEqual(await told(), [])
})

test('what a full disk kept from being told is told in order once there is room', async (context) => {
  const { facts, sample, told } = await open(context)
  await sample('healthy')
  facts.full = true
  await sample('unhealthy')
  await sample('unhealthy')
  assert.deepEqual(await told(), [])
  facts.full = false
  await sample('healthy')
  await sample('healthy')
  assert.deepEqual(await told(), ['healthy unhealthy', 'unhealthy healthy'])
})

test('a server without an owner tells nobody, and goes on', async (context) => {
  const { facts, sample, told } = await open(context)
  const [ann = ''] = facts.owners
  facts.owners = []
  await sample('unhealthy')
  facts.owners = [ann]
  await sample('healthy')
  await sample('degraded')
  assert.deepEqual(await told(), ['healthy degraded'])
})
