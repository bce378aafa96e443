import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import { handling, lines, own, retrying } from './rig.ts'

test('a run tells its start, each outcome and its end once and in order, and a retry tells nothing', async (t) => {
  const stage = await openStage(t)
  stage.script = (id, attempt) => (id === 'b' && attempt === 1 ? { error: 'no' } : { ms: 5 })
  const run = await stage.run({
    steps: [
      step('a'),
      step('b', { action: 'send' }),
      step('c', { condition: 'false' }),
      own('d', 'set', { value: 1 }),
      own('e', 'wait', { seconds: 3 }),
      own('f', 'notify', { text: 'Done.' }),
    ],
    ...retrying(2),
  })
  const executions = (await stage.told())
    .filter(({ name }) => name.startsWith('agent:execution'))
    .map(({ name, data }) => {
      const { result } = data as { result?: { success: boolean } }
      return [name.slice(16), result?.success].filter((x) => x !== undefined).join(' ')
    })
  assert.deepEqual(executions, [
    'started',
    'completed true',
    'started',
    'completed false',
    'started',
    'completed true',
  ])
  assert.deepEqual(await lines(stage, run.execution_id), [
    'workflow:triggered',
    'agent:execution_started a',
    'workflow:step_completed a completed',
    'agent:execution_started b',
    'agent:execution_started b',
    'workflow:step_completed b completed',
    'workflow:step_completed c skipped',
    'workflow:step_completed d completed',
    'workflow:step_completed e completed',
    'workflow:step_completed f completed',
    'workflow:completed true',
  ])
})

test('what is stopped with a failed run tells no outcome, and the end has the results of all steps', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'b' ? { ms: 5, error: 'no' } : { ms: id === 'a' ? 1 : 50 })
  const run = await stage.run({
    steps: ['a', 'b', 'c'].map((id) => step(id, { depends_on: [] })).concat(step('d', { depends_on: ['c'] })),
  })
  assert.deepEqual(
    (await lines(stage, run.execution_id)).filter((line) => line.startsWith('workflow:')),
    [
      'workflow:triggered',
      'workflow:step_completed a completed',
      'workflow:step_completed b failed',
      'workflow:completed false',
    ],
  )
  const ended = (await stage.told()).filter(({ name }) => name === 'workflow:completed')
  assert.deepEqual(
    ended.map(({ data }) => data),
    [
      {
        workflow_id: run.workflow_id,
        execution_id: run.execution_id,
        success: false,
        duration: 5,
        results: { a: { step: 'a' }, b: null, c: null, d: null },
      },
    ],
  )
})

test('events of a run that a restart cuts in two are told once each', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await stage.create({ steps: [step('a'), step('b'), step('c')], ...handling('continue') })
  const { execution_id } = await stage.start(id)
  await stage.settle(0)
  stage.clock.advance(100)
  await stage.settle(0)
  await stage.restart()
  await stage.settle()
  assert.deepEqual(
    (await lines(stage, execution_id)).filter((line) => line.startsWith('workflow:')),
    [
      'workflow:triggered',
      ...['a', 'b', 'c'].map((name) => `workflow:step_completed ${name} completed`),
      'workflow:completed true',
    ],
  )
  assert.deepEqual(stage.performed, ['a.1', 'b.1', 'b.2', 'c.1'])
})
