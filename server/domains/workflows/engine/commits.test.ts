import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowStep } from '../../../../contract/workflows.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { lines, own, statuses, stepOf } from './rig.ts'

const values = (count: number) =>
  Array.from({ length: count }, (_, index) => own(`v${index}`, 'set', { value: index }))

/** Commits from the call that starts a run to the answer that it has ended. */
async function commits(stage: Stage, steps: WorkflowStep[]): Promise<number> {
  const { id } = await stage.create({ steps })
  const before = stage.app.kernel.store.progress.committed
  const asked = { id, wait_for_completion: true }
  const { status } = await stage.ask(stage.ann.token, 'workflows.execute', asked)
  assert.equal(status, 'completed')
  return stage.app.kernel.store.progress.committed - before
}

const COSTS: readonly [string, number, WorkflowStep[]][] = [
  ['a value is recorded with the start', 1, values(1)],
  ['so are eight', 1, values(8)],
  ['the ninth is not: a transaction is short', 2, values(9)],
  ['it takes eight more with it', 2, values(17)],
  ['and no more', 3, values(18)],
  ['a step that is skipped at once', 1, [step('a', { condition: 'false' })]],
  ['an action that reads', 2, [step('a')]],
  ['an action that writes', 2, [step('a', { action: 'remember' })]],
  ['values around an action', 2, [own('v', 'set', { value: 1 }), step('a'), own('w', 'set', { value: 2 })]],
  ['an action that reaches outside is on the disk first', 3, [step('a', { action: 'send' })]],
  ['two actions', 3, [step('a'), step('b')]],
]

test('a run makes one commit for each action that it performs, and one to begin with', async (t) => {
  const stage = await openStage(t)
  const made: [string, number][] = []
  for (const [name, , steps] of COSTS) made.push([name, await commits(stage, steps)])
  assert.deepEqual(
    made,
    COSTS.map(([name, count]) => [name, count]),
  )
})

test('a run that is over with its start is told, counted and shown like any other, and leaves no job', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({
    steps: [
      own('a', 'set', { value: '{{input.n + 1}}' }),
      own('b', 'set', { value: '{{steps.a.result.value * 2}}' }),
    ],
  })
  const receipt = await stage.start(id, { n: 20 })
  assert.equal(receipt.status, 'completed')
  const run = await stage.look(receipt.execution_id)
  assert.deepEqual(statuses(run), { a: 'completed', b: 'completed' })
  assert.deepEqual([stepOf(run, 'a').parameters, stepOf(run, 'b').result], [{ value: 21 }, { value: 42 }])
  assert.deepEqual([stepOf(run, 'b').attempts, run.duration, run.ended_at], [1, 0, run.started_at])
  assert.deepEqual(await lines(stage, receipt.execution_id), [
    'workflow:triggered',
    'workflow:step_completed a completed',
    'workflow:step_completed b completed',
    'workflow:completed true',
  ])
  const { execution_count, success_rate } = await stage.ask(stage.ann.token, 'workflows.get', { id })
  assert.deepEqual([execution_count, success_rate], [1, 1])
  assert.equal(stage.app.kernel.jobs.count('workflows.run', stage.ann.user_id), 0)
  await stage.restart()
  await stage.settle()
  assert.deepEqual(await stage.look(receipt.execution_id), run)
})

test('a value that cannot be worked out at the start fails its run once, and its user is told once', async (t) => {
  const stage = await openStage(t)
  const run = await stage.run({
    steps: [own('a', 'set', { value: 1 }), own('b', 'set', { value: '{{input.name.length}}' }), step('c')],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    retry_policy: { max_attempts: 3, backoff_strategy: 'fixed', delay_ms: 0 },
  })
  assert.deepEqual(statuses(run), { a: 'completed', b: 'failed', c: 'stopped' })
  assert.match(run.error ?? '', /^b: parameters: /)
  const { notifications } = await stage.ask(await stage.signIn(), 'notifications.list', {})
  assert.equal(notifications.filter(({ text }) => text.includes('failed: b: parameters')).length, 1)
  assert.deepEqual(stage.performed, [])
})
