import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'

test('a list runs in order, each step with the results of those before it', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ result: id === 'a' ? { n: 4 } : { done: id }, ms: 5 })
  const run = await stage.run(
    {
      steps: [
        step('a'),
        step('b', { parameters: { step: 'b', value: '{{steps.a.result.n + input.more}}' } }),
        { id: 'c', agent_number: 0, action: 'set', parameters: { value: '{{steps.b.result}}' } },
      ],
    },
    { more: 3 },
  )
  assert.equal(run.status, 'completed', JSON.stringify(run))
  assert.deepEqual(stage.performed, ['a.1', 'b.1'])
  assert.deepEqual(
    run.steps.map(({ result, parameters }) => [result, parameters]),
    [
      [{ n: 4 }, { step: 'a' }],
      [{ done: 'b' }, { step: 'b', value: 7 }],
      [{ value: { done: 'b' } }, { value: { done: 'b' } }],
    ],
  )
  assert.equal(run.duration, 10)
})

test('a failed step is tried again after its wait, also in another process', async (t) => {
  const stage = await openStage(t)
  stage.script = (_, attempt) => (attempt < 3 ? { error: 'not yet' } : { result: attempt })
  const { id } = await stage.create({
    steps: [step('a')],
    retry_policy: { max_attempts: 3, backoff_strategy: 'exponential', delay_ms: 60_000 },
  })
  const { execution_id } = await stage.start(id)
  await stage.settle(0)
  assert.equal((await stage.look(execution_id)).steps[0]?.status, 'pending')
  await stage.restart()
  await stage.settle()
  const run = await stage.look(execution_id)
  assert.deepEqual([run.status, run.steps[0]?.attempts, run.steps[0]?.result], ['completed', 3, 3])
  assert.equal(run.steps[0]?.tries.length, 2)
})
