import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../agents/fixture.ts'
import { openStage, step } from '../rig.ts'
import { begun, handling, own, pass, retrying, statuses, stepOf } from './rig.ts'

test('runs of a user beyond the bound are refused and leave nothing, and one that ends makes room', async (t) => {
  const stage = await openStage(t, { limits: { runs_per_user_max: 2 } })
  const { id, workflow_id } = await begun(stage, { steps: [own('w', 'wait', { seconds: 60 })] })
  await stage.start(workflow_id)
  const before = (await stage.told()).length
  const reply = await stage.call(stage.ann.token, 'workflows.execute', { id: workflow_id })
  assert.equal(refused(reply), '503 SYSTEM_001')
  const { executions } = await stage.ask(stage.ann.token, 'workflows.history', { id: workflow_id })
  const { execution_count } = await stage.ask(stage.ann.token, 'workflows.get', { id: workflow_id })
  assert.deepEqual([executions.length, execution_count, (await stage.told()).length], [2, 2, before])
  await stage.ask(stage.ann.token, 'workflows.stop', { id })
  const { execution_id } = await stage.start(workflow_id)
  await pass(stage, 60_000)
  assert.equal((await stage.look(execution_id)).status, 'completed')
})

test('when there are no slots what is high comes before what is normal, and that before what is low', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 100 })
  const create = async (id: string) => (await stage.create({ steps: [step(id)] })).id
  await stage.start(await create('busy'))
  for (const priority of ['low', 'normal', 'high'] as const)
    for (const n of [1, 2])
      await stage.ask(stage.ann.token, 'workflows.execute', { id: await create(`${priority}${n}`), priority })
  await stage.settle()
  assert.deepEqual(
    stage.performed,
    ['busy', 'high1', 'high2', 'normal1', 'normal2', 'low1', 'low2'].map((id) => `${id}.1`),
  )
})

test('what waits long enough comes before what is more important, so that nothing starves', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = (id) => ({ ms: id === 'busy' ? 121_000 : 1 })
  const long = { timeout_ms: 200_000 }
  const create = async (id: string) => (await stage.create({ steps: [step(id, long)], ...long })).id
  await stage.start(await create('busy'))
  const [low, high] = [await create('low'), await create('high')]
  await stage.ask(stage.ann.token, 'workflows.execute', { id: low, priority: 'low' })
  await pass(stage, 120_500)
  await stage.ask(stage.ann.token, 'workflows.execute', { id: high, priority: 'high' })
  await stage.settle()
  assert.deepEqual(stage.performed, ['busy.1', 'low.1', 'high.1'])
})

test('at most 16 steps of a run are performed side by side', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const names = Array.from({ length: 20 }, (_, n) => `s${n}`)
  const { id } = await begun(stage, { steps: names.map((name) => step(name, { depends_on: [] })) })
  assert.deepEqual(
    stage.performed,
    names.slice(0, 16).map((name) => `${name}.1`),
  )
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, run.duration, stage.performed.length], ['completed', 200, 20])
})

for (const action of ['send', 'remember'])
  test(`results of more than 1 MiB together fail the step that exceeds it, ${action}, for good and without effect`, async (t) => {
    const stage = await openStage(t)
    stage.script = () => ({ result: { text: 'ü'.repeat(270_000) } })
    const run = await stage.run({
      steps: [step('a'), step('b', { action }), own('d', 'set', { value: 1 })],
      ...handling('continue'),
      ...retrying(3),
    })
    assert.deepEqual(statuses(run), { a: 'completed', b: 'failed', d: 'completed' })
    assert.match(
      stepOf(run, 'b').error ?? '',
      /^WORKFLOW_002: Its result has 540011 bytes; 508565 are the most/,
    )
    assert.deepEqual(stage.performed, ['a.1', 'b.1'])
    const { memories } = await stage.ask(stage.ann.token, 'agents.memory', { id: '20' })
    assert.deepEqual(memories, [])
  })

test('the bound of results holds over a restart', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ result: 'x'.repeat(600_000) })
  const { id } = await begun(stage, { steps: [step('a'), own('w', 'wait', { seconds: 1 }), step('b')] })
  await stage.restart()
  await stage.settle()
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed', w: 'completed', b: 'failed' })
})

test('a step may have any name that is allowed, also one that means something to the language', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ result: { was: id } })
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '-']
  const run = await stage.run({
    steps: [
      ...names.map((name) => step(name)),
      own('last', 'set', { value: '{{Object.keys(steps)}}' }),
      own('one', 'set', { value: '{{steps.constructor.result.was}}' }),
    ],
  })
  assert.equal(run.status, 'completed', run.error ?? '')
  for (const name of names) assert.deepEqual(stepOf(run, name).result, { was: name })
  assert.deepEqual(stepOf(run, 'one').result, { value: 'constructor' })
  const ended = (await stage.told()).find(({ name }) => name === 'workflow:completed')
  const { results = {} } = (ended?.data ?? {}) as { results?: Record<string, unknown> }
  assert.deepEqual(Object.keys(results).toSorted(), [...names, 'last', 'one'].toSorted())
})
