import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentResponse, Execution } from '../../../../contract/agents.ts'
import type { Input } from '../../../../contract/operation.ts'
import type { workflows } from '../../../../contract/workflows.ts'
import { execution } from '../../agents/fixture.ts'
import { defined, openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { MINUTE, SET, dataOf, pass, rollBack, runsOf, signIn, triggered } from './rig.ts'

/** A workflow that starts when agent 20, or another one, is done. */
function after(stage: Stage, conditions: Record<string, unknown>, source_agent = 20, name?: string) {
  return triggered(stage, { type: 'agent_completion', conditions, source_agent }, name)
}

/** The workflows that an execution says it has started, by name. */
async function startedBy(stage: Stage, { result }: Pick<Execution, 'result'>): Promise<string[]> {
  const runs = await runsOf(stage)
  const names = new Map(
    (await stage.app.workflows.shown(stage.ann.user_id)).map(({ id, name }) => [id, name]),
  )
  const ids = result?.metadata.workflow_triggered ?? []
  return ids.map((id) => names.get(runs.find((run) => run.id === id)?.workflow_id ?? '') ?? '?').toSorted()
}

const act = (stage: Stage, name: string, action = 'act') => stage.act(20, action, { step: name })

test('what is asked of the action, of its success and of its result decides whether it starts', async (context) => {
  const stage = await openStage(context)
  const RESULTS: Record<string, AgentResponse['data']> = {
    plain: { count: 3, tags: ['a', 'b'], page: { title: 'Ä', links: [] }, gone: null },
    text: 'count',
    list: [{ count: 3 }],
    none: null,
  }
  stage.script = (name) => (name in RESULTS ? { result: RESULTS[name] } : { error: 'It broke.' })
  const CONDITIONS = {
    all: {},
    act: { action: 'act' },
    otherCase: { action: 'Act' },
    good: { success: true },
    bad: { success: false },
    sendBad: { action: 'send', success: false },
    part: { match: { count: 3 } },
    other: { match: { count: '3' } },
    deep: { match: { page: { title: 'Ä' }, tags: ['a', 'b'] } },
    short: { match: { tags: ['a'] } },
    gone: { match: { gone: null } },
    absent: { match: { absent: null } },
    empty: { match: {} },
  }
  for (const [name, conditions] of Object.entries(CONDITIONS)) await after(stage, conditions, 20, name)
  await after(stage, {}, 2, 'agent 2')
  const started = async (name: string, action?: string) =>
    (await startedBy(stage, await act(stage, name, action))).join(' ')
  assert.equal(await started('plain'), 'act all deep empty gone good part')
  assert.equal(await started('plain', 'send'), 'all deep empty gone good part')
  assert.equal(await started('text'), 'act all good')
  assert.equal(await started('list'), 'act all good')
  assert.equal(await started('none', 'remember'), 'all empty good')
  assert.equal(await started('broken'), 'act all bad')
  assert.equal(await started('broken', 'send'), 'all bad sendBad')
  assert.deepEqual(await startedBy(stage, await stage.act(2, 'recall', { query: 'milk' })), ['agent 2'])
})

test('a run knows the execution that it follows, which names it, and both are told', async (context) => {
  const stage = await openStage(context)
  stage.script = () => ({ result: { n: 1 } })
  const ids = [(await after(stage, {})).id, (await after(stage, { success: true })).id]
  const { execution_id, result } = await act(stage, 'a')
  await pass(stage, 0)
  const runs = await runsOf(stage)
  assert.deepEqual(runs.map(({ workflow_id }) => workflow_id).toSorted(), ids.toSorted())
  assert.deepEqual(
    result?.metadata.workflow_triggered,
    runs.map(({ id }) => id),
  )
  const { workflow_triggered: _, ...metadata } = result?.metadata ?? {}
  const seen = { success: true, data: { n: 1 }, text: 'a', metadata }
  for (const run of runs) {
    const data = { type: 'agent_completion', source: 'agent:20', agent_number: 20, action: 'act' }
    assert.deepEqual(dataOf(run), { ...data, execution_id, result: seen })
    assert.deepEqual([run.status, run.trigger_source, run.depth], ['completed', 'agent:20', 0])
  }
  const told = (await stage.told()).filter(({ name }) => name === 'agent:execution_completed')
  assert.deepEqual(
    told.map(({ data }) => (data as { result: unknown }).result),
    [result],
  )
})

test('what a step of a workflow does starts others, and its execution names them', async (context) => {
  const stage = await openStage(context)
  const next = await after(stage, { action: 'act' })
  const { id } = await stage.create({ steps: [step('a'), SET] })
  const { execution_id } = await stage.start(id)
  await pass(stage, 0)
  const [followed] = await runsOf(stage, next.id)
  assert.deepEqual([followed?.depth, followed?.status], [1, 'completed'])
  const { steps } = await stage.look(execution_id)
  const status = await stage.ended(String(steps[0]?.agent_execution_id))
  assert.deepEqual(status.result?.metadata.workflow_triggered, [followed?.id])
})

test('each failed attempt of a step is a completion of its own', async (context) => {
  const stage = await openStage(context)
  stage.script = (_, attempt) => (attempt < 3 ? { error: 'not yet' } : {})
  const failed = await after(stage, { success: false })
  const done = await after(stage, { success: true })
  const retry_policy = { max_attempts: 5, backoff_strategy: 'fixed' as const, delay_ms: 1_000 }
  await stage.run({ steps: [step('a')], retry_policy })
  await pass(stage, 0)
  assert.deepEqual([(await runsOf(stage, failed.id)).length, (await runsOf(stage, done.id)).length], [2, 1])
})

test('what is late has failed, and what is stopped is not done: it starts nothing', async (context) => {
  const stage = await openStage(context)
  stage.script = () => ({ ms: 10 * MINUTE })
  const { id } = await after(stage, {})
  const late = stage.act(20, 'act', { step: 'late' }, { timeout_ms: 1_000 })
  await pass(stage, MINUTE)
  assert.equal((await late).result?.error?.startsWith('AGENT_003'), true)
  assert.equal((await runsOf(stage, id)).length, 1)
  const stopped = stage.act(20, 'act', { step: 'stopped' })
  await pass(stage, 1_000)
  await stage.ask(await stage.signIn(), 'system.stop', {})
  const { result } = await stopped
  assert.equal(result?.error?.startsWith('CANCELLED'), true)
  assert.equal((await runsOf(stage, id)).length, 1)
})

test('the agent of somebody else with the same number starts nothing', async (context) => {
  const stage = await openStage(context)
  const { id } = await after(stage, {})
  const bob = await stage.bob()
  const given = { name: 'Player', agent_number: 20, config: { preferences: { skill: 'actor' } } }
  await stage.ask(bob.token, 'agents.create', given)
  const asked = execution(bob, 20, 'act', { step: 'b' }, { wait_for_completion: true })
  const { result } = await stage.ask(bob.token, 'agents.execute', asked)
  assert.deepEqual([result?.success, result?.metadata.workflow_triggered], [true, undefined])
  assert.deepEqual([await runsOf(stage, id), await runsOf(stage, undefined, bob.user_id)], [[], []])
})

const on = (source_agent: number) => ({
  definition: defined({
    trigger: { type: 'agent_completion', conditions: {}, source_agent },
    steps: [SET],
  }),
})

test('switched off, changed or deleted it starts no more', async (context) => {
  const stage = await openStage(context)
  const { id } = await after(stage, {})
  const change = async (given: Omit<Input<typeof workflows.update>, 'id'>): Promise<number> => {
    await stage.ask(await signIn(stage), 'workflows.update', { id, ...given })
    const { result } = await act(stage, 'a')
    return result?.metadata.workflow_triggered?.length ?? 0
  }
  assert.equal(await change({ is_active: false }), 0)
  assert.equal(await change({ is_active: true }), 1)
  assert.equal(await change(on(2)), 0)
  assert.equal(await change(on(20)), 1)
  await stage.ask(await signIn(stage), 'workflows.delete', { id })
  assert.deepEqual(await startedBy(stage, await act(stage, 'a')), [])
  await rollBack(stage)
  assert.equal((await act(stage, 'a')).result?.metadata.workflow_triggered?.length, 1)
})

test('without its agent it waits, and starts again when the agent is brought back', async (context) => {
  const stage = await openStage(context)
  const { id } = await after(stage, {})
  await act(stage, 'a')
  await stage.ask(await signIn(stage), 'agents.delete', { id: '20', force: true })
  const { is_active, definition } = await stage.ask(stage.ann.token, 'workflows.get', { id })
  assert.deepEqual([is_active, definition.trigger.source_agent], [true, 20])
  const other = await stage.own({ name: 'Second', config: { preferences: { skill: 'actor' } } })
  assert.equal(other.agent_number, 21)
  const { result } = await stage.act(21, 'act', { step: 'a' })
  assert.equal(result?.metadata.workflow_triggered, undefined)
  await rollBack(stage, 2)
  assert.equal((await act(stage, 'a')).result?.metadata.workflow_triggered?.length, 1)
})

const longMatch = (length: number) => ({ match: { text: 'x'.repeat(length - '{"text":""}'.length) } })

test('of one agent at most 32 workflows wait, each for a match of 2,000 characters', async (context) => {
  const stage = await openStage(context)
  for (let count = 1; count <= 32; count += 1) await after(stage, { match: { count } })
  const crowd = {
    code: 'GENERAL_001',
    message: '32 workflows start after agent 20 already, and no more may.',
  }
  await assert.rejects(after(stage, {}), crowd)
  await after(stage, {}, 2)
  await after(stage, longMatch(2_000), 3)
  await assert.rejects(after(stage, longMatch(2_001), 3), /"match" has at most 2000 characters/)
  assert.deepEqual(await startedBy(stage, await act(stage, 'one')), [])
})
