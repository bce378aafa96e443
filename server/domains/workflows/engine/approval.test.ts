import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../agents/fixture.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, handling, own, pass, statuses, stepOf } from './rig.ts'

const ask = (id: string, more = {}) => own(id, 'wait_for_approval', { text: 'Shall I?', ...more })

async function resume(
  stage: Stage,
  id: string,
  approved: boolean,
  more: { step_id?: string; note?: string } = {},
) {
  return stage.call(await stage.signIn(), 'workflows.resume', { id, approved, ...more })
}

for (const approved of [true, false])
  test(`the answer ${approved} goes on at once with its note, and neither is a failure`, async (t) => {
    const stage = await openStage(t)
    const { id } = await begun(stage, {
      steps: [ask('q'), step('a', { condition: 'steps.q.result.approved' })],
    })
    const { notifications } = await stage.ask(stage.ann.token, 'notifications.list', {})
    assert.deepEqual(
      [notifications[0]?.text, notifications[0]?.severity],
      ['Workflow 1 asks: Shall I?', 'warning'],
    )
    const reply = await resume(stage, id, approved, { note: 'Because ü.' })
    assert.ok(reply.ok)
    await stage.settle(0)
    const run = await stage.look(id)
    assert.deepEqual([run.status, statuses(run)['a']], ['completed', approved ? 'completed' : 'skipped'])
    assert.deepEqual(stepOf(run, 'q').result, { approved, note: 'Because ü.' })
  })

test('a question is answered once, by its user, while it waits', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [ask('q'), own('w', 'wait', { seconds: 9 })] })
  const bob = await stage.bob()
  assert.equal(
    refused(await stage.call(bob.token, 'workflows.resume', { id, approved: true })),
    '404 WORKFLOW_001',
  )
  assert.equal(refused(await resume(stage, id, true, { step_id: 'w' })), '409 GENERAL_001')
  const [first, second] = await Promise.all([resume(stage, id, true), resume(stage, id, false)])
  assert.deepEqual([first?.ok, second?.ok], [true, false])
  await stage.settle(0)
  assert.equal(refused(await resume(stage, id, false)), '409 GENERAL_001')
  assert.deepEqual(stepOf(await stage.look(id), 'q').result, { approved: true })
  await stage.settle()
  assert.equal(refused(await resume(stage, id, false)), '409 GENERAL_001')
})

test('of several questions each is answered by its name, and the last one without', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [ask('one'), ask('two'), ask('three')].map((one) => ({ ...one, depends_on: [] })),
  })
  const reply = await resume(stage, id, true)
  assert.equal(refused(reply), '409 GENERAL_001')
  assert.deepEqual(reply.ok ? [] : reply.error.error.details?.['waiting'], ['one', 'two', 'three'])
  assert.ok((await resume(stage, id, true, { step_id: 'two' })).ok)
  assert.ok((await resume(stage, id, false, { step_id: 'one' })).ok)
  await stage.settle(0)
  assert.deepEqual(statuses(await stage.look(id)), { one: 'completed', two: 'completed', three: 'waiting' })
  assert.ok((await resume(stage, id, true)).ok)
  await stage.settle(0)
  const { status, steps } = await stage.look(id)
  assert.deepEqual(
    [status, ...steps.map(({ result }) => result)],
    ['completed', { approved: false }, { approved: true }, { approved: true }],
  )
})

test('a question that nobody answers in time has failed', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [ask('q', { timeout_seconds: 5 }), step('a')],
    ...handling('continue'),
  })
  await pass(stage, 4_999)
  assert.equal(stepOf(await stage.look(id), 'q').status, 'waiting')
  await pass(stage, 1)
  const run = await stage.look(id)
  assert.deepEqual(
    [run.status, statuses(run), stepOf(run, 'q').error],
    ['failed', { q: 'failed', a: 'completed' }, 'Nothing came in time.'],
  )
})

test('a question survives a restart, also when its answer came while nobody could go on', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 1_000 })
  const steps = [ask('q'), step('z'), step('a', { depends_on: ['q'] })].map((one) => ({
    depends_on: [],
    ...one,
  }))
  const { id } = await begun(stage, { steps })
  await stage.restart()
  await stage.settle(0)
  assert.ok((await resume(stage, id, true)).ok)
  await stage.restart()
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual(
    [run.status, statuses(run)],
    ['completed', { q: 'completed', z: 'completed', a: 'completed' }],
  )
  const { notifications } = await stage.ask(await stage.signIn(), 'notifications.list', {})
  assert.equal(notifications.length, 1)
})

test('a run that waits takes up no slot', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  const waiting = await begun(stage, { steps: [ask('q')] })
  const other = await begun(stage, { steps: [step('a')] })
  assert.deepEqual(
    [(await stage.look(waiting.id)).status, (await stage.look(other.id)).status],
    ['executing', 'completed'],
  )
})

test('a run that waits keeps the definition that it started with, while its workflow is changed', async (t) => {
  const stage = await openStage(t)
  const { id, workflow_id } = await begun(stage, { steps: [ask('q'), step('a')] })
  const { definition } = await stage.ask(stage.ann.token, 'workflows.get', { id: workflow_id })
  const changed = { ...definition, steps: [step('x')] }
  await stage.ask(stage.ann.token, 'workflows.update', { id: workflow_id, definition: changed })
  await stage.restart()
  await resume(stage, id, true)
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([statuses(run), run.definition], [{ q: 'completed', a: 'completed' }, definition])
  const { execution_id } = await stage.start(workflow_id)
  await stage.settle()
  assert.deepEqual(statuses(await stage.look(execution_id)), { x: 'completed' })
})
