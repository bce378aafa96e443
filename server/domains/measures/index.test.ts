import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Performance } from '../../../contract/system.ts'
import { turn } from '../../kernel/rig.ts'
import { findIssues } from '../../kernel/validate.ts'
import { execution, openServer } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openStage, step } from '../workflows/rig.ts'

const performance = ({ ask, ann }: Server, token = ann.token) => ask(token, 'system.performance', {})
/** Something that agent 5 does, and something that it fails at. */
const calculate = (server: Server, expression: string) => server.act(5, 'calculate', { expression })

/** Everything that the owner was told of the server itself. */
async function alerts(server: Server): Promise<string[]> {
  const told = await server.told()
  return told
    .filter(({ name }) => name === 'system:performance_alert')
    .map(({ data }) => data as { alert_type: string; severity: string })
    .map(({ alert_type, severity }) => `${alert_type} ${severity}`)
}

test('calls and executions are counted with their failures, and the answer is what was promised', async (context) => {
  const server = await openServer(context)
  const { requests: before } = await performance(server)
  await calculate(server, '1 + 1')
  await calculate(server, '1 / x')
  await server.call(undefined, 'agents.list', {})
  const found = await performance(server)
  assert.deepEqual(findIssues(Performance, found), [])
  // The question itself is answered only after it has counted.
  assert.deepEqual([found.requests.count - before.count, found.requests.error_rate], [4, 0])
  assert.deepEqual([found.executions.count, found.executions.error_rate], [2, 0.5])
  assert.deepEqual([found.window_ms, found.queue], [300_000, { waiting: 0, running: 0 }])
  assert.ok(found.process.memory_rss > found.process.heap_used)
})

test('a user sees the whole server, and agents of their own alone', async (context) => {
  const server = await openServer(context)
  const bob = await server.bob()
  await calculate(server, '1 + 1')
  await server.ask(bob.token, 'agents.execute', {
    ...execution(bob, 6, 'summarise', { text: 'One.' }),
    wait_for_completion: true,
  })
  const agents = async (token: string) =>
    (await performance(server, token)).per_agent.map(({ agent_number, count }) => [agent_number, count])
  assert.deepEqual([await agents(server.ann.token), await agents(bob.token)], [[[5, 1]], [[6, 1]]])
  assert.equal((await performance(server, bob.token)).executions.count, 2)
})

test('performance is for those who are signed in, and part of the state of the system when asked for', async (context) => {
  const server = await openServer(context)
  assert.equal((await server.call(undefined, 'system.performance', {})).status, 401)
  const { ask, ann } = server
  const state = await ask(ann.token, 'system.state', { include_performance: true })
  assert.equal(state.performance?.window_ms, 300_000)
  assert.equal('performance' in (await ask(ann.token, 'system.state', {})), false)
})

test('a program that is an agent sees no figures of the other agents', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  const robot = {
    agent_number: 40,
    name: 'Robot',
    capabilities: ['echo'],
    voice_commands: [],
    config_schema: {},
  }
  const { token = '' } = await ask(ann.token, 'messages.register', robot)
  await calculate(server, '1 + 1')
  const state = await ask(token, 'system.state', { include_performance: true })
  assert.deepEqual([state.performance?.per_agent, state.performance?.executions.count], [[], 1])
})

test('the time that somebody asked to wait is none that the server took', async (context) => {
  const stage = await openStage(context)
  const { ask, ann } = stage
  const { id } = await stage.create({
    steps: [{ ...step('w'), agent_number: 0, action: 'wait', parameters: { seconds: 20 } }],
  })
  const waiting = ask(ann.token, 'workflows.execute', { id, wait_for_completion: true, timeout_ms: 60_000 })
  await turn()
  assert.equal((await performance(stage)).requests.p99, 0)
  await stage.settle()
  const { status } = await waiting
  const { count, p99 } = (await performance(stage)).requests
  assert.deepEqual([status, p99], ['completed', 0])
  assert.ok(count >= 4)
})

test('the owner is told once when an agent fails more often than not', async (context) => {
  const server = await openServer(context)
  server.app.measures.start()
  for (let n = 0; n < 3; n += 1) await calculate(server, '1 / x')
  assert.deepEqual(await alerts(server), [])
  for (let n = 0; n < 3; n += 1) {
    server.clock.advance(5_000)
    await turn()
  }
  assert.deepEqual(await alerts(server), ['agent_error critical'])
})

test('agents of others that fail are none of the owner’s business', async (context) => {
  const server = await openServer(context)
  const bob = await server.bob()
  server.app.measures.start()
  for (let n = 0; n < 4; n += 1)
    await server.ask(bob.token, 'agents.execute', {
      ...execution(bob, 5, 'calculate', { expression: '1 / x' }),
      wait_for_completion: true,
    })
  server.clock.advance(5_000)
  await turn()
  assert.deepEqual(await alerts(server), [])
})

test('nothing is looked at before the start and after the stop, and no timer is left', async (context) => {
  const server = await openServer(context)
  let samples = 0
  server.app.measures.onSample(() => (samples += 1))
  server.clock.advance(60_000)
  assert.equal(samples, 0)
  server.app.measures.start()
  server.clock.advance(60_000)
  assert.equal(samples, 12)
  await server.app.measures.stop()
  server.clock.advance(60_000)
  assert.equal(samples, 12)
})
