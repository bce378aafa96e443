import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal, refused } from '../agents/fixture.ts'
import { begun, handling, own, statuses, stepOf } from './engine/rig.ts'
import { openStage, step } from './rig.ts'
import type { Stage } from './rig.ts'

interface Wanted {
  from_step?: string
  input?: unknown
}

/** Replays a run and waits for the end; answers it with what was performed. */
async function replay(stage: Stage, id: string, wanted: Wanted = {}) {
  stage.forget()
  const { execution_id } = await stage.ask(await stage.signIn(), 'workflows.replay', { id, ...wanted })
  await stage.settle()
  const run = await stage.look(execution_id)
  return { run, performed: stage.performed.map((line) => line.split('.')[0]) }
}

const LIST = [
  step('a', { action: 'remember' }),
  step('b', { action: 'send' }),
  step('c'),
  own('d', 'set', { value: '{{steps.b.result.n}}' }),
]

for (const [at, from_step] of ['a', 'b', 'c', 'd'].entries())
  test(`a list that is replayed from ${from_step} performs that and what follows, with the results of what was before`, async (t) => {
    const stage = await openStage(t)
    stage.script = (id) => ({ result: { n: `first ${id}` } })
    const first = await stage.run({ steps: LIST })
    stage.script = (id) => ({ result: { n: `second ${id}` } })
    const { run, performed } = await replay(stage, first.execution_id, { from_step })
    assert.deepEqual(performed, ['a', 'b', 'c'].slice(at))
    assert.deepEqual([run.status, run.replay_of, run.from_step], ['completed', first.execution_id, from_step])
    assert.equal(run.trigger_source, `replay:${first.execution_id}`)
    for (const id of ['a', 'b', 'c']) {
      const isKept = id < from_step
      assert.deepEqual(stepOf(run, id).result, { n: `${isKept ? 'first' : 'second'} ${id}` })
    }
    assert.deepEqual(stepOf(run, 'd').result, { value: from_step > 'b' ? 'first b' : 'second b' })
  })

const GRAPH = [
  step('join', { depends_on: ['left', 'right'] }),
  step('left', { depends_on: ['root'] }),
  step('right', { depends_on: ['root'] }),
  step('root', { depends_on: [] }),
  step('alone', { depends_on: [] }),
]
const AGAIN = {
  root: ['join', 'left', 'right', 'root'],
  left: ['join', 'left'],
  right: ['join', 'right'],
  join: ['join'],
  alone: ['alone'],
}

for (const [from_step, again] of Object.entries(AGAIN))
  test(`a graph that is replayed from ${from_step} performs what waits for it and nothing else`, async (t) => {
    const stage = await openStage(t)
    const first = await stage.run({ steps: GRAPH })
    const { run, performed } = await replay(stage, first.execution_id, { from_step })
    assert.deepEqual(new Set(performed), new Set(again))
    assert.equal(run.status, 'completed')
    for (const { step_id, agent_execution_id, parameters } of run.steps) {
      assert.deepEqual(parameters, { step: step_id })
      const before = stepOf(first, step_id).agent_execution_id
      assert.equal(agent_execution_id === before, !again.includes(step_id), step_id)
    }
  })

test('without a step all is done again, with the same trigger and the input that is given or the same', async (t) => {
  const stage = await openStage(t)
  const first = await stage.run({ steps: [step('a'), own('b', 'set', { value: '{{input}}' })] }, { n: 1 })
  const same = await replay(stage, first.execution_id)
  assert.deepEqual([same.performed, stepOf(same.run, 'b').result], [['a'], { value: { n: 1 } }])
  assert.deepEqual(same.run.trigger, first.trigger)
  const other = await replay(stage, first.execution_id, { input: [2] })
  assert.deepEqual(stepOf(other.run, 'b').result, { value: [2] })
  const none = await replay(stage, first.execution_id, { input: null })
  assert.deepEqual(stepOf(none.run, 'b').result, { value: null })
})

test('a replay can be replayed, and keeps what the first run gave', async (t) => {
  const stage = await openStage(t)
  let run = await stage.run({ steps: [step('a'), step('b'), step('c')] })
  const first = run
  for (const from_step of ['b', 'c', 'c']) ({ run } = await replay(stage, run.execution_id, { from_step }))
  assert.deepEqual(stage.performed, ['c.1'])
  assert.equal(stepOf(run, 'a').ended_at, stepOf(first, 'a').ended_at)
  assert.equal(stepOf(run, 'a').agent_execution_id, stepOf(first, 'a').agent_execution_id)
  assert.equal(run.status, 'completed')
})

test('what failed and ended the run is tried again on the way, with what was stopped', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'b' ? { error: 'no' } : {})
  const first = await stage.run({ steps: LIST, ...handling('fallback', [own('f', 'set', { value: 1 })]) })
  assert.deepEqual(statuses(first), {
    a: 'completed',
    b: 'failed',
    c: 'stopped',
    d: 'stopped',
    f: 'completed',
  })
  stage.script = () => ({ result: { n: 1 } })
  const { run, performed } = await replay(stage, first.execution_id, { from_step: 'd' })
  assert.deepEqual([performed, run.status, run.error], [['b', 'c'], 'completed', undefined])
  assert.deepEqual(statuses(run), { a: 'completed', b: 'completed', c: 'completed', d: 'completed' })
})

test('where a run went on in spite of a failure its replay does, too, and repeats nothing before the step', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'b' ? { error: 'no' } : {})
  const first = await stage.run({
    steps: [...LIST.slice(0, 3), step('x'), step('y')],
    ...handling('continue'),
  })
  const { run, performed } = await replay(stage, first.execution_id, { from_step: 'y' })
  assert.deepEqual([performed, run.status, run.error], [['y'], 'failed', 'b: AGENT_002: no'])
  assert.deepEqual(statuses(run), statuses(first))
})

test('what may have been done outside is not done again by the way, but it is when it is named', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, { steps: [step('a', { action: 'send' }), step('b')] })
  await stage.restart()
  await stage.settle()
  assert.deepEqual(statuses(await stage.look(id)), { a: 'unknown', b: 'stopped' })
  const { status, code, details } = refusal(
    await stage.call(stage.ann.token, 'workflows.replay', { id, from_step: 'b' }),
  )
  assert.deepEqual([status, code], [400, 'GENERAL_001'])
  assert.deepEqual(details['issues'], [
    { path: '/from_step', message: 'comes after a, whose end is unknown' },
  ])
  const { performed } = await replay(stage, id, { from_step: 'a' })
  assert.deepEqual(performed, ['a', 'b'])
})

test('a replay runs the definition of its run, also after the workflow was changed, and none once it is deleted', async (t) => {
  const stage = await openStage(t)
  const first = await stage.run({ steps: [step('a'), step('b')] })
  const { workflow_id: id, definition } = first
  await stage.ask(await stage.signIn(), 'workflows.update', {
    id,
    definition: { ...definition, steps: [step('x')] },
  })
  const { performed } = await replay(stage, first.execution_id, { from_step: 'b' })
  assert.deepEqual(performed, ['b'])
  await stage.ask(await stage.signIn(), 'workflows.delete', { id })
  const reply = await stage.call(stage.ann.token, 'workflows.replay', { id: first.execution_id })
  assert.equal(refused(reply), '404 WORKFLOW_001')
  assert.equal((await stage.look(first.execution_id)).status, 'completed')
})

test('a step that is not there, a fallback step and a run of somebody else are refused, and leave no run', async (t) => {
  const stage = await openStage(t)
  const first = await stage.run({ steps: [step('a')], ...handling('fallback', [step('f')]) })
  const { execution_id: id, workflow_id } = first
  for (const from_step of ['f', 'nobody', '__proto__'])
    assert.equal(
      refused(await stage.call(stage.ann.token, 'workflows.replay', { id, from_step })),
      '400 GENERAL_001',
    )
  const bob = await stage.bob()
  assert.equal(refused(await stage.call(bob.token, 'workflows.replay', { id })), '404 WORKFLOW_001')
  const { executions } = await stage.ask(stage.ann.token, 'workflows.history', { id: workflow_id })
  assert.equal(executions.length, 1)
})

test('a replay from the middle is told with its own steps alone', async (t) => {
  const stage = await openStage(t)
  const first = await stage.run({ steps: [step('a'), step('b')] })
  const { run } = await replay(stage, first.execution_id, { from_step: 'b' })
  const told = (await stage.told())
    .filter(
      ({ name, data }) =>
        name.startsWith('workflow:') && (data as { execution_id: string }).execution_id === run.execution_id,
    )
    .map(({ name, data }) => [
      name,
      (data as { step_id?: string }).step_id,
      (data as { results?: object }).results,
    ])
  assert.deepEqual(told, [
    ['workflow:triggered', undefined, undefined],
    ['workflow:step_completed', 'b', undefined],
    ['workflow:completed', undefined, { a: { step: 'a' }, b: { step: 'b' } }],
  ])
})
