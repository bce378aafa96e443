import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNLIMITED } from '../../../../test/app.ts'
import type { AgentResponse } from '../../../../contract/agents.ts'
import { agentStore } from '../../agents/store.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { HOUR, MINUTE, REST, SET, pass, runsOf, triggered } from './rig.ts'

const TOO_DEEP = 'Workflows have started each other 8 times: this one was not run.'

/** A workflow that acts by one agent when another is done. */
function link(stage: Stage, source_agent: number, agent_number: number) {
  const trigger = { type: 'agent_completion' as const, conditions: {}, source_agent }
  return stage.create({ trigger, steps: [step('a', { agent_number })] })
}

/** What became of the runs, each by how deep it was. */
async function chainOf(stage: Stage, workflow_id?: string) {
  return (await runsOf(stage, workflow_id)).map(({ depth, status, error }) => [depth, status, error])
}

const completed = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, 'completed', null])

test('a workflow that starts itself is refused after the eighth time, and that is in its history', async (context) => {
  const stage = await openStage(context)
  const { id } = await link(stage, 20, 20)
  await stage.act(20, 'act', { step: 'first' })
  await pass(stage, 0)
  assert.deepEqual(await chainOf(stage), [...completed(0, 8), [9, 'failed', TOO_DEEP]])
  assert.equal(stage.performed.length, 10)
  const { executions } = await stage.ask(stage.ann.token, 'workflows.history', { id, status: 'failed' })
  assert.deepEqual(
    executions.map(({ error, trigger_source, started_at }) => [error, trigger_source, started_at]),
    [[TOO_DEEP, 'agent:20', null]],
  )
  const told = (await stage.told()).filter(({ name }) => name === 'workflow:completed')
  const failed = told.filter(({ data }) => !(data as { success: boolean }).success)
  assert.deepEqual([told.length, failed.length], [10, 1])
})

test('workflows that start each other by turns count together, from one that was started by hand', async (context) => {
  const stage = await openStage(context)
  await stage.own({ name: 'Second', config: { preferences: { skill: 'actor' } } })
  const [there, back] = [await link(stage, 20, 21), await link(stage, 21, 20)]
  const { execution_id } = await stage.start(back.id)
  await pass(stage, 0)
  const odd = (await chainOf(stage, there.id)).map(([depth]) => depth)
  const even = (await chainOf(stage, back.id)).map(([depth]) => depth)
  assert.deepEqual(
    [odd, even],
    [
      [1, 3, 5, 7, 9],
      [0, 2, 4, 6, 8],
    ],
  )
  assert.equal((await chainOf(stage)).filter(([, status]) => status === 'failed').length, 1)
  assert.equal((await runsOf(stage))[0]?.id, execution_id)
})

test('how deep it is survives the end of the process amid the chain, and a wait', async (context) => {
  const stage = await openStage(context)
  stage.script = () => ({ ms: MINUTE })
  const wait = { id: 'w', agent_number: 0, action: 'wait', parameters: { seconds: 600 } }
  const trigger = { type: 'agent_completion' as const, conditions: {}, source_agent: 20 }
  const { id } = await stage.create({ trigger, steps: [wait, step('a', { timeout_ms: HOUR })] })
  await stage.start(id)
  for (const ms of [32 * MINUTE + 30_000, 30 * MINUTE]) {
    await pass(stage, ms)
    await stage.restart()
  }
  await pass(stage, 3 * HOUR)
  assert.deepEqual(await chainOf(stage), [...completed(0, 8), [9, 'failed', TOO_DEEP]])
})

/** What is stored of the memories of agent 20. */
function countMemories({ app }: Stage): number {
  const sql = `SELECT count(*) AS found FROM memories WHERE memory_type = 'act'`
  const [row] = app.kernel.store.reader.connection.all(sql, []) as { found: number }[]
  return row?.found ?? 0
}

test('an action, its end and the runs that it starts are one transaction: all of it happens, or nothing', async (context) => {
  const stage = await openStage(context)
  const trigger = { type: 'agent_completion' as const, conditions: {}, source_agent: 20 }
  const first = await triggered(stage, trigger)
  const last = await triggered(stage, trigger)
  const sql = `CREATE TRIGGER broken BEFORE INSERT ON workflow_runs WHEN NEW.workflow_id = '${last.id}'
    BEGIN SELECT RAISE(ABORT, 'It is broken.'); END`
  await stage.write((tx) => Promise.resolve(tx.connection.run(sql, [])))
  const { execution_id } = await stage.act(20, 'remember', { step: 'a' }, UNAWAITED)
  await pass(stage, 1_000)
  assert.deepEqual([countMemories(stage), await runsOf(stage)], [0, []])
  assert.ok(!(await stage.told()).some(({ name }) => name === 'agent:execution_completed'))
  await stage.write((tx) => Promise.resolve(tx.connection.run('DROP TRIGGER broken', [])))
  await pass(stage, 5_000)
  const result = resultOf(stage, execution_id)
  assert.deepEqual([result?.success, countMemories(stage)], [true, 1])
  assert.deepEqual(
    (await runsOf(stage)).map(({ id, workflow_id }) => [id, workflow_id]),
    result?.metadata.workflow_triggered?.map((id, index) => [id, [first.id, last.id][index]]),
  )
})

/** How an execution has ended, if it has. */
function resultOf({ app, ann }: Stage, execution_id: string): AgentResponse | undefined {
  const { connection } = app.kernel.store.reader
  const result = agentStore.execution(connection, ann.user_id, execution_id)?.result ?? null
  return result === null ? undefined : (JSON.parse(result) as AgentResponse)
}

const UNAWAITED = { wait_for_completion: false }

/** Acts where nothing can be started any more: whether the action succeeds, and what is in the history. */
async function actRefused(stage: Stage, name: string): Promise<[boolean | undefined, number, unknown[]]> {
  const { execution_id } = await stage.act(20, 'remember', { step: name }, UNAWAITED)
  await pass(stage, 0)
  const result = resultOf(stage, execution_id)
  const ids = result?.metadata.workflow_triggered ?? []
  const runs = (await runsOf(stage)).filter(({ id }) => ids.includes(id))
  return [result?.success, countMemories(stage), runs.map(({ status, error }) => [status, error])]
}

test('a full queue is recorded as refused runs, and the action of the agent succeeds', async (context) => {
  const stage = await openStage(context, { limits: { runs_per_user_max: 2 } })
  const wait = { id: 'wait', agent_number: 0, action: 'wait', parameters: { seconds: 80_000 } }
  const long = await stage.create({ steps: [wait], timeout_ms: 86_400_000 })
  const trigger = { type: 'agent_completion' as const, conditions: {}, source_agent: 20 }
  for (const name of ['One', 'Two']) await stage.create({ trigger, steps: [SET, REST] }, name)
  await stage.start(long.id)
  const full = ['failed', 'SYSTEM_001: The queue is full.']
  assert.deepEqual(await actRefused(stage, 'act 1'), [true, 1, [['completed', null], full]])
  await stage.start(long.id)
  assert.deepEqual(await actRefused(stage, 'act 2'), [true, 2, [full, full]])
})

test('a quota that is used up is recorded as refused runs, and the action of the agent succeeds', async (context) => {
  const enterprise = { ...UNLIMITED.tiers.enterprise, workflow_executions_per_day: 1 }
  const stage = await openStage(context, { limits: { tiers: { ...UNLIMITED.tiers, enterprise } } })
  await link(stage, 20, 20)
  const refusal = 'GENERAL_002: Too many calls: 1 workflow executions per day. Try again in 86400 s.'
  assert.deepEqual(await actRefused(stage, 'act 1'), [true, 1, [['completed', null]]])
  assert.deepEqual(await actRefused(stage, 'act 2'), [true, 2, [['failed', refusal]]])
  assert.equal(
    (await runsOf(stage)).length,
    2,
    'what is refused within an hour leaves one line in the history',
  )
})

test('workflows that start each other in breadth leave half of the runs of a day to others', async (context) => {
  const enterprise = { ...UNLIMITED.tiers.enterprise, workflow_executions_per_day: 40 }
  const stage = await openStage(context, { limits: { tiers: { ...UNLIMITED.tiers, enterprise } } })
  const trigger = { type: 'agent_completion' as const, conditions: {}, source_agent: 20 }
  const steps = ['a', 'b', 'c'].map((id) => step(id, { agent_number: 20, depends_on: [] }))
  for (let count = 0; count < 4; count += 1) await stage.create({ trigger, steps })
  const { id } = await stage.create({ steps: [step('one', { agent_number: 20 })] })
  await stage.start(id)
  await pass(stage, 0)
  const runs = await runsOf(stage)
  const refused = runs.filter(({ error }) => error?.includes('more than half of the') === true)
  assert.ok(refused.length > 0 && refused.length <= 4, String(refused.length))
  assert.ok(runs.length - refused.length <= 21, String(runs.length))
  const { execution_id } = await stage.start(id)
  assert.equal((await stage.look(execution_id)).status, 'completed')
})
