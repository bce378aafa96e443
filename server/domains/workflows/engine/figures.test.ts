import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, own, retrying, statuses, stepOf } from './rig.ts'

/** A step of the agent with a budget. */
const spend = (id: string) => ({ ...step(id), agent_number: 21 })

async function texts(stage: Stage): Promise<string[]> {
  const { notifications } = await stage.ask(await stage.signIn(), 'notifications.list', {})
  return notifications.map(({ text }) => text)
}

test('a run that failed is told once, however many of its steps failed, and only if that is wanted', async (t) => {
  const stage = await openStage(t, { limits: { retry_jitter: 0 } })
  stage.script = () => ({ error: 'no' })
  const steps = ['a', 'b', 'c'].map((id) => step(id, { depends_on: [] }))
  const told = { strategy: 'continue', notification_on_error: true } as const
  const run = await stage.run({ steps, error_handling: told, ...retrying(3, 10) })
  assert.deepEqual(await texts(stage), ['The workflow Workflow 1 failed: a: AGENT_002: no'])
  assert.deepEqual(
    [run.error, Object.values(statuses(run))],
    ['a: AGENT_002: no', ['failed', 'failed', 'failed']],
  )
  await stage.run({ steps, error_handling: { ...told, notification_on_error: false } })
  stage.script = () => ({})
  await stage.run({ steps, error_handling: told })
  assert.equal((await texts(stage)).length, 1)
})

test('a run whose time is over is told, and one that was stopped or mended by its fallback is not', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'bad' ? { error: 'no' } : { ms: 100 })
  const notification_on_error = true
  const late = { strategy: 'fail_fast', notification_on_error } as const
  await stage.run({ steps: [step('a')], timeout_ms: 50, error_handling: late })
  const { id } = await begun(stage, { steps: [step('b')], error_handling: late })
  await stage.ask(await stage.signIn(), 'workflows.stop', { id })
  const mended = { strategy: 'fallback', notification_on_error, fallback_steps: [step('f')] } as const
  const run = await stage.run({
    steps: [step('bad')],
    error_handling: { ...mended, fallback_steps: [step('f')] },
  })
  assert.deepEqual([run.status, run.error], ['completed', 'bad: AGENT_002: no'])
  assert.deepEqual(await texts(stage), ['The workflow Workflow 1 failed: It took longer than 50 ms.'])
})

test('a run that crashes its process again and again is given up, and that is told like any failure', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [own('w', 'wait', { seconds: 10 }), step('a')],
    error_handling: { strategy: 'continue', notification_on_error: true },
  })
  const { tables } = stage.app.kernel.store.reader
  type Jobs = { jobs: { kind: string; key: string; attempt: number } }
  const jobs = tables<Jobs>().selectFrom('jobs').select('attempt').where('key', '=', id)
  assert.equal((await jobs.execute()).length, 1)
  await stage.write((tx) =>
    tx.tables<Jobs>().updateTable('jobs').set({ attempt: 100 }).where('key', '=', id).execute(),
  )
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, statuses(run)], ['failed', { w: 'stopped', a: 'stopped' }])
  assert.deepEqual(await texts(stage), [
    'The workflow Workflow 1 failed: It failed repeatedly inside (Error).',
  ])
})

test('figures count every start, and the rate is that of the runs that have ended', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({ steps: [step('a')] })
  const figures = async () => {
    const found = await stage.ask(await stage.signIn(), 'workflows.get', { id })
    return [found.execution_count, found.success_rate, found.last_executed]
  }
  assert.deepEqual(await figures(), [0, 0, null])
  const start = async (act: ReturnType<Stage['script']>) => {
    stage.script = () => act
    const { execution_id } = await stage.start(id)
    await stage.settle(0)
    return execution_id
  }
  await start({})
  await start({ error: 'no' })
  stage.clock.advance(1_000)
  const stopped = await start({ ms: 100 })
  assert.deepEqual(await figures(), [3, 0.5, '2026-11-22T10:00:01.000Z'])
  await stage.ask(stage.ann.token, 'workflows.stop', { id: stopped })
  await start({ ms: 100 })
  assert.deepEqual(await figures(), [4, 1 / 3, '2026-11-22T10:00:01.000Z'])
})

test('workflows that start each other are stopped after the eighth, also over a restart', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const trigger = { type: 'agent_completion', source_agent: 20, conditions: { action: 'act' } } as const
  const { id } = await stage.create({ trigger, steps: [step('a')] })
  await stage.start(id)
  await stage.settle(350)
  await stage.restart()
  await stage.settle()
  const { executions } = await stage.ask(await stage.signIn(), 'workflows.history', { id })
  const [last, ...others] = executions
  assert.deepEqual([last?.status, last?.steps.map(({ status }) => status)], ['failed', ['pending']])
  assert.match(last?.error ?? '', /started each other 8 times/)
  assert.deepEqual([others.length, others.every(({ status }) => status === 'completed')], [9, true])
  assert.deepEqual(
    executions.map(({ trigger_source }) => trigger_source),
    [...Array<string>(9).fill('agent:20'), `manual:${stage.ann.user_id}`],
  )
})

test('two workflows that start each other are no way around the depth', async (t) => {
  const stage = await openStage(t)
  await stage.own({ agent_number: 21, name: 'Other', config: { preferences: { skill: 'actor' } } })
  for (const [from, to] of [
    [20, 21],
    [21, 20],
  ] as const) {
    const trigger = { type: 'agent_completion', source_agent: from, conditions: {} } as const
    await stage.create({ trigger, steps: [{ ...step('a'), agent_number: to }] })
  }
  await stage.act(20, 'act', { step: 'outside' })
  await stage.settle()
  assert.equal(stage.performed.length, 1 + 9)
})

test('what an agent may use in a day is used up by steps, and a step over it has failed', async (t) => {
  const stage = await openStage(t)
  const preferences = { skill: 'actor', budget: { calls: 2 } }
  await stage.own({ agent_number: 21, name: 'Spender', config: { preferences } })
  const { id, steps } = await stage
    .run({
      steps: ['a', 'b', 'c'].map(spend),
      error_handling: { strategy: 'continue', notification_on_error: false },
    })
    .then((run) => ({ id: run.execution_id, steps: run.steps }))
  assert.deepEqual(
    steps.map(({ status }) => status),
    ['completed', 'completed', 'failed'],
  )
  assert.match(stepOf(await stage.look(id), 'c').error ?? '', /^GENERAL_002: /)
  assert.deepEqual(stage.performed, ['a.1', 'b.1'])
})

test('a step that a restart cuts off is charged once', async (t) => {
  const stage = await openStage(t)
  const preferences = { skill: 'actor', budget: { calls: 2 } }
  await stage.own({ agent_number: 21, name: 'Spender', config: { preferences } })
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, { steps: ['a', 'b'].map(spend) })
  await stage.restart()
  await stage.settle()
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed', b: 'completed' })
})
