import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openStage, step } from '../workflows/rig.ts'
import { arrowsOf } from './rig.ts'

const look = async ({ ask, signIn }: Pick<Server, 'ask' | 'signIn'>) =>
  ask(await signIn(), 'system.architecture', {})
type Drawn = Awaited<ReturnType<typeof look>>
const DAY = 86_400_000

/** The nodes that a connection joins, by number or id. */
function named(architecture: Drawn): Map<string, string> {
  return new Map(
    architecture.agents.map(({ id, agent_number }) => [id, agent_number === 0 ? id : String(agent_number)]),
  )
}

/** Connections of some types as `source > target`, by number. */
function arrows(architecture: Drawn, ...types: string[]): string[] {
  const names = named(architecture)
  return arrowsOf(architecture)
    .filter((arrow) => types.some((type) => arrow.startsWith(type)))
    .map((arrow) => arrow.replaceAll(/[^ ]+/g, (word) => names.get(word) ?? word))
}

function figuresOf(architecture: Drawn, arrow: string) {
  const names = named(architecture)
  return architecture.connections.find(
    ({ type, source, target }) => `${type} ${names.get(source)} > ${names.get(target)}` === arrow,
  )?.metadata
}

test('a new user’s agents are there with the services that they use, and nothing has happened yet', async (context) => {
  const architecture = await look(await openServer(context))
  assert.deepEqual(
    architecture.agents.filter(({ type }) => type === 'service').map(({ name }) => name),
    ['Audit', 'Internet access', 'Files', 'Language', 'Memory', 'Notifications'],
  )
  assert.ok(arrows(architecture, 'dependency').includes('dependency 2 > service:memory'))
  assert.deepEqual(arrows(architecture, 'data_flow', 'trigger'), [])
  assert.ok(architecture.connections.every(({ metadata }) => Object.keys(metadata).length === 0))
  assert.deepEqual(architecture.workflows, [])
})

test('what an agent remembers is a use of the memory, for 24 hours', async (context) => {
  const server = await openServer(context)
  await server.done(2, 'remember', { text: 'the sky is blue' })
  const last_used = new Date(server.clock.now()).toISOString()
  const used = figuresOf(await look(server), 'dependency 2 > service:memory')
  assert.deepEqual([used?.frequency, used?.last_used], [0.042, last_used])
  assert.ok((used?.data_volume ?? 0) > 50)
  server.clock.advance(DAY)
  assert.deepEqual(figuresOf(await look(server), 'dependency 2 > service:memory'), used)
  server.clock.advance(1_000)
  assert.deepEqual(figuresOf(await look(server), 'dependency 2 > service:memory'), {})
})

test('a workflow that ran has carried what its steps gave, and a step that was skipped carried nothing', async (context) => {
  const stage = await openStage(context)
  await stage.own({ agent_number: 21, name: 'Second', config: { preferences: { skill: 'actor' } } })
  const steps = [step('a'), step('b', { agent_number: 21, condition: 'input.go' }), step('n', told())]
  const { id } = await stage.create({
    steps,
    trigger: { type: 'schedule', conditions: { every_ms: 3_600_000 } },
  })
  await stage.start(id, { go: true })
  await stage.settle(0)
  await stage.start(id, { go: false })
  await stage.settle(0)
  const architecture = await look(stage)
  assert.deepEqual(arrows(architecture, 'data_flow', 'trigger'), [
    'data_flow 20 > 21',
    'data_flow 21 > service:notifications',
    'trigger service:schedules > 20',
  ])
  const given = JSON.stringify({ step: 'a' }).length
  const { frequency, data_volume } = figuresOf(architecture, 'data_flow 20 > 21') ?? {}
  assert.deepEqual([frequency, data_volume], [0.042, given])
  assert.equal(figuresOf(architecture, 'data_flow 21 > service:notifications')?.frequency, 0.083)
  assert.deepEqual(figuresOf(architecture, 'trigger service:schedules > 20'), {})
  const [workflow] = architecture.workflows
  assert.deepEqual(
    [
      workflow?.id,
      workflow?.trigger_type,
      workflow?.success_rate,
      workflow?.steps.map((one) => one.agent_number),
    ],
    [id, 'schedule', 1, [20, 21, 0]],
  )
})

test('what a schedule starts is a use of the schedule, of the agent whose trigger it is, or of the workflow’s own', async (context) => {
  const stage = await openStage(context)
  const trigger = { type: 'schedule', conditions: { every_ms: 3_600_000 } } as const
  const own = await stage.create({ steps: [step('a')], trigger })
  const conditions = { workflow_id: own.id, every_ms: 7_200_000 }
  await stage.own({
    agent_number: 22,
    name: 'Holder',
    config: { workflow_triggers: [{ type: 'schedule', conditions }] },
  })
  for (let hour = 0; hour < 4; hour += 1) {
    stage.clock.advance(3_600_000)
    await stage.settle(0)
  }
  const architecture = await look(stage)
  const frequency = (arrow: string) => figuresOf(architecture, arrow)?.frequency
  assert.equal(frequency('trigger service:schedules > 20'), 0.167)
  assert.equal(frequency('trigger service:schedules > 22'), 0.083)
  assert.equal(frequency('trigger 22 > 20'), 0.083)
})

test('a replay counts what it performs again and not what it begins with', async (context) => {
  const stage = await openStage(context)
  await stage.own({ agent_number: 21, name: 'Second', config: { preferences: { skill: 'actor' } } })
  await stage.own({ agent_number: 22, name: 'Third', config: { preferences: { skill: 'actor' } } })
  const steps = [step('a'), step('b', { agent_number: 21 }), step('c', { agent_number: 22 })]
  const { execution_id } = await stage.run({ steps })
  stage.clock.advance(1_000)
  await stage.ask(await stage.signIn(), 'workflows.replay', { id: execution_id, from_step: 'c' })
  await stage.settle(0)
  const architecture = await look(stage)
  assert.equal(figuresOf(architecture, 'data_flow 20 > 21')?.frequency, 0.042)
  assert.equal(figuresOf(architecture, 'data_flow 21 > 22')?.frequency, 0.083)
})

test('an agent that is switched off or failed says so, and a deleted one is not there', async (context) => {
  const server = await openStage(context)
  server.script = () => ({ error: 'No.' })
  const { ask, ann } = server
  const [off, gone] = [await server.own(), await server.own({ name: 'Gone' })]
  await ask(ann.token, 'agents.update', { id: off.id, is_active: false })
  await ask(ann.token, 'agents.delete', { id: gone.id })
  await server.act(20, 'act', { step: 'x' })
  const { agents } = await look(server)
  const statusOf = (id: string) => agents.find((one) => one.id === id)?.status
  assert.deepEqual([statusOf(off.id), statusOf(gone.id)], ['inactive', undefined])
  assert.equal(agents.find(({ agent_number }) => agent_number === 20)?.status, 'error')
})

test('an integration of an agent is a node with its host, and what is no address is none', async (context) => {
  const server = await openServer(context)
  const given = { type: 'mcp', enabled: true } as const
  const base_url = 'https://user:secret@API.example.org:8443/v1?key=secret'
  const external_integrations = [
    { ...given, allowed_hosts: [], id: 'w', name: 'Weather', base_url },
    { ...given, allowed_hosts: [], id: 'n', name: 'No address', base_url: 'not an address' },
  ]
  await server.own({ config: { external_integrations } })
  const architecture = await look(server)
  const outside = architecture.agents.filter(({ type }) => type === 'external_api')
  assert.deepEqual(
    outside.map(({ name }) => name),
    ['api.example.org:8443', 'No address'],
  )
  assert.equal(JSON.stringify(architecture).includes('secret'), false)
})

test('nobody sees anything of another user, and no secret of their own', async (context) => {
  const server = await openServer(context)
  const bob = await server.bob()
  await server.own({ name: 'Only Ann’s', config: { preferences: { note: 'hidden-word' } } })
  await server.done(2, 'remember', { text: 'hidden-word' })
  const others = JSON.stringify(await server.ask(bob.token, 'system.architecture', {}))
  const own = JSON.stringify(await look(server))
  assert.equal(others.includes('Only Ann'), false)
  assert.equal(own.includes('Only Ann'), true)
  assert.equal(own.includes('hidden-word'), false)
  const ids = (await look(server)).agents.filter(({ type }) => type === 'agent').map(({ id }) => id)
  assert.ok(ids.every((id) => !others.includes(id)))
})

/** A step that tells the user something. */
function told() {
  return { agent_number: 0, action: 'notify', parameters: { text: 'Done.' } }
}
