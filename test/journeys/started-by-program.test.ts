import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defined } from '../../server/domains/workflows/rig.ts'
import { enterRemote } from './remote.ts'
import type { RemoteAgent } from './remote.ts'
import { openWhole } from './rig.ts'

const whole = await openWhole()
after(() => whole.remove())
const { ann, ask } = whole

const createFor = (agent_number: number) =>
  ask(ann.token, 'workflows.create', {
    name: `Work of ${agent_number}`,
    definition: defined({ steps: [{ id: 'a', agent_number, action: 'echo', parameters: {} }] }),
  })

/** Starts a workflow again from within each of its runs, until no run comes of that. */
async function startFromWithin(robot: RemoteAgent, workflow_id: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const { id } = await robot.next()
    await robot.say('workflow.execute', { workflow_id })
    robot.answer(id, {})
  }
}

test('a run that a program starts says so, and one that it starts of its own accord counts from the beginning', async () => {
  const robot = await enterRemote(whole, ann, 20)
  const { id } = await createFor(20)
  const started = await robot.say('workflow.execute', { workflow_id: id })
  const { execution_id = '' } = (started.result ?? {}) as { execution_id?: string }
  robot.answer((await robot.next()).id, {})
  const { trigger_source } = await ask(ann.token, 'workflows.execution', { id: execution_id })
  assert.equal(trigger_source, 'agent:20')
  const { execution_id: by_hand } = await ask(ann.token, 'workflows.execute', { id })
  robot.answer((await robot.next()).id, {})
  const own = await ask(ann.token, 'workflows.execution', { id: by_hand })
  assert.equal(own.trigger_source, `manual:${ann.user_id}`)
})

test('a program that starts a workflow from within its own step is stopped after the eighth time', async () => {
  const robot = await enterRemote(whole, ann, 21)
  const { id } = await createFor(21)
  await ask(ann.token, 'workflows.execute', { id })
  await startFromWithin(robot, id, 9)
  const { executions } = await ask(ann.token, 'workflows.history', { id })
  const refused = executions.filter(({ error }) => error?.startsWith('Workflows have started each other'))
  assert.deepEqual([executions.length, refused.length], [10, 1])
  assert.equal(robot.heard().filter(({ method }) => method === 'agent.execute').length, 9)
})

test('a program starts no workflow of agents that have not granted it that, by a message either', async () => {
  const robot = await enterRemote(whole, ann, 23)
  await enterRemote(whole, ann, 22)
  const { id: workflow_id } = await createFor(22)
  const { error } = await robot.say('workflow.execute', { workflow_id })
  assert.deepEqual([error?.code, (error?.data as { code?: string } | undefined)?.code], [-32_000, 'AUTH_001'])
  const { executions } = await ask(ann.token, 'workflows.history', { id: workflow_id })
  assert.deepEqual(executions, [])
})
