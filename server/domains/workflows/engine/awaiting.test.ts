import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, handling, own, pass, statuses, stepOf } from './rig.ts'

/** Waits for an alert of a severity. */
const alert = (id: string, severity?: string, more = {}) =>
  own(id, 'wait_for_event', {
    event: 'system:performance_alert',
    ...(severity === undefined ? {} : { match: { severity } }),
    ...more,
  })

function tell({ app, write }: Stage, user_id: string, severity: 'warning' | 'critical', details = {}) {
  const data = { alert_type: 'high_cpu', severity, details } as const
  return write((tx) => Promise.resolve(app.kernel.events.tell(tx, 'system:performance_alert', user_id, data)))
}

test('an event ends the wait that it matches, with its data, and no other', async (t) => {
  const stage = await openStage(t)
  const { user_id } = stage.ann
  const { id } = await begun(stage, {
    steps: [alert('c', 'critical'), alert('w', 'warning'), alert('d', 'warning')].map((one) => ({
      ...one,
      depends_on: [],
    })),
  })
  await tell(stage, (await stage.bob()).user_id, 'critical')
  await stage.settle(0)
  assert.deepEqual(Object.values(statuses(await stage.look(id))), ['waiting', 'waiting', 'waiting'])
  await tell(stage, user_id, 'warning', { n: 1 })
  await tell(stage, user_id, 'warning', { n: 2 })
  await stage.settle(0)
  const run = await stage.look(id)
  assert.deepEqual(statuses(run), { c: 'waiting', w: 'completed', d: 'completed' })
  for (const name of ['w', 'd'])
    assert.deepEqual(stepOf(run, name).result, {
      alert_type: 'high_cpu',
      severity: 'warning',
      details: { n: 1 },
    })
  assert.equal(stepOf(run, 'c').waits_for, 'event:system:performance_alert')
})

test('what was told before a step waited does not end its wait', async (t) => {
  const stage = await openStage(t)
  await tell(stage, stage.ann.user_id, 'critical')
  const { id } = await begun(stage, { steps: [alert('a'), alert('b')] })
  assert.equal(stepOf(await stage.look(id), 'a').status, 'waiting')
  await tell(stage, stage.ann.user_id, 'critical')
  await stage.settle(0)
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed', b: 'waiting' })
})

test('an event that is told while another step of the run is under way ends the wait at once', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 500 })
  const { id } = await begun(stage, {
    steps: [alert('e', undefined, {}), step('a'), step('b', { depends_on: ['e'] })].map((one) => ({
      ...one,
      depends_on: one.depends_on ?? [],
    })),
  })
  await tell(stage, stage.ann.user_id, 'warning')
  await stage.settle(0)
  assert.deepEqual(statuses(await stage.look(id)), { e: 'completed', a: 'executing', b: 'executing' })
})

test('the end of a step of the very run ends a wait for it, whether it was the last under way or not', async (t) => {
  for (const more of [[], [step('z', { depends_on: [] })]]) {
    const stage = await openStage(t)
    stage.script = (id) => ({ ms: id === 'z' ? 5_000 : 10 })
    const { id } = await begun(stage, {
      steps: [
        own('e', 'wait_for_event', { event: 'agent:execution_completed' }, { depends_on: [] }),
        own(
          's',
          'wait_for_event',
          { event: 'workflow:step_completed', match: { step_id: 'a' } },
          { depends_on: [] },
        ),
        step('a', { depends_on: [] }),
        own('done', 'set', { value: '{{steps.s.result.status}}' }, { depends_on: ['e', 's'] }),
        ...more,
      ],
    })
    await pass(stage, 10)
    const run = await stage.look(id)
    const { z, ...others } = statuses(run)
    assert.deepEqual(others, { e: 'completed', s: 'completed', a: 'completed', done: 'completed' })
    assert.equal(z, more.length === 0 ? undefined : 'executing')
    assert.deepEqual(stepOf(run, 'done').result, { value: 'completed' })
  }
})

test('a notification of the very run ends a wait for one', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [
      own(
        'e',
        'wait_for_event',
        { event: 'notification:created', match: { text: 'Hi.' } },
        { depends_on: [] },
      ),
      own('w', 'wait', { seconds: 1 }, { depends_on: [] }),
      own('n', 'notify', { text: 'Hi.' }, { depends_on: ['w'] }),
    ],
  })
  await pass(stage, 1_000)
  assert.equal((await stage.look(id)).status, 'completed')
})

test('an event wakes a run after a restart, and one that was answered in time is not late for it', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [alert('e', 'critical', { timeout_seconds: 60 }), step('a')] })
  await stage.restart()
  stage.clock.advance(59_999)
  await tell(stage, stage.ann.user_id, 'critical')
  await stage.settle()
  assert.equal((await stage.look(id)).status, 'completed')
})

test('a wait that nothing comes for in time has failed, and what comes later changes nothing', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [alert('e', undefined, { timeout_seconds: 60 }), own('w', 'wait', { seconds: 60 })],
    ...handling('continue'),
  })
  await pass(stage, 60_000)
  await tell(stage, stage.ann.user_id, 'warning')
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual(
    [run.status, run.error, statuses(run)],
    ['failed', 'e: Nothing came in time.', { e: 'failed', w: 'completed' }],
  )
})

test('an event tells nothing to a run that was stopped', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [alert('e')] })
  await stage.ask(stage.ann.token, 'workflows.stop', { id })
  const before = await stage.look(id)
  await tell(stage, stage.ann.user_id, 'warning')
  await stage.settle(0)
  assert.deepEqual(await stage.look(id), before)
})

test('an event of which there is more than a run may keep fails the wait', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [alert('e')] })
  await tell(stage, stage.ann.user_id, 'warning', { text: 'ü'.repeat(600_000) })
  await stage.settle(0)
  const run = await stage.look(id)
  assert.equal(run.status, 'failed')
  assert.match(run.error ?? '', /^e: Its result has 1200\d\d\d bytes; 1048576 are the most/)
})
