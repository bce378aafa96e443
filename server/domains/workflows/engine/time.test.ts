import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import { begun, handling, own, pass, retrying, statuses, stepOf } from './rig.ts'

test('the time of a step holds for each attempt', async (t) => {
  const stage = await openStage(t)
  stage.script = (_, attempt) => ({ ms: attempt === 1 ? 51 : 49 })
  const run = await stage.run({ steps: [step('a', { timeout_ms: 50 })], ...retrying(2, 10) })
  const { attempts, tries } = stepOf(run, 'a')
  assert.deepEqual(
    [run.status, attempts, tries.map(({ error }) => error)],
    ['completed', 2, ['AGENT_003: It took longer than 50 ms.']],
  )
})

test('what asks to be left alone is not tried again before, and is waited for at most five minutes', async (t) => {
  const stage = await openStage(t)
  for (const [retry_after_s, wait_s] of [
    [29, 29],
    [86_400, 300],
  ] as const) {
    stage.forget()
    stage.script = (_, attempt) => (attempt === 1 ? { error: 'not yet', retry_after_s } : {})
    await begun(stage, { steps: [step('a')], ...retrying(2, 10) })
    await pass(stage, wait_s * 1_000 - 1)
    assert.deepEqual(stage.performed, ['a.1'])
    await pass(stage, (wait_s * 1_000) / 10 + 1)
    assert.deepEqual(stage.performed, ['a.1', 'a.2'])
  }
})

test('a step has 30 seconds unless it says another time or the workflow is shorter', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ ms: Number(id.slice(1)) })
  const ended = async (id: string, more = {}) => {
    const { steps } = await stage.run({ steps: [step(id, more)], timeout_ms: 90_000 })
    return steps[0]?.status
  }
  assert.deepEqual(
    [await ended('s29999'), await ended('s30001'), await ended('s30002', { timeout_ms: 40_000 })],
    ['completed', 'failed', 'completed'],
  )
  const late = await stage.run({ steps: [step('s1000')], timeout_ms: 999 })
  assert.deepEqual([late.status, late.duration, statuses(late)], ['failed', 999, { s1000: 'stopped' }])
})

test('when the time of the whole is over no fallback follows, and nothing is notified twice', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ ms: id === 'a' ? 60 : 100 })
  const run = await stage.run({
    steps: [step('a'), step('b'), step('c')],
    ...handling('fallback', [step('f')]),
    timeout_ms: 100,
  })
  assert.deepEqual(
    [run.status, run.error, run.duration, statuses(run)],
    ['failed', 'It took longer than 100 ms.', 100, { a: 'completed', b: 'stopped', c: 'stopped' }],
  )
  assert.deepEqual([stepOf(run, 'b').attempts, stepOf(run, 'c').attempts], [1, 0])
  assert.deepEqual(stage.performed, ['a.1', 'b.1'])
})

test('a run whose time ends in its fallback stops that, too', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'a' ? { error: 'no' } : { ms: 1_000 })
  const run = await stage.run({
    steps: [step('a')],
    ...handling('fallback', [step('f'), step('g')]),
    timeout_ms: 500,
  })
  assert.deepEqual([run.status, statuses(run)], ['failed', { a: 'failed', f: 'stopped', g: 'stopped' }])
})

for (const restarts of [false, true])
  test(`time passes while a run waits and between attempts${restarts ? ', also over a restart' : ''}`, async (t) => {
    const stage = await openStage(t)
    stage.script = () => ({ error: 'no' })
    const waits = await begun(stage, {
      steps: [own('w', 'wait_for_approval', { text: 'Go?' })],
      timeout_ms: 5_000,
    })
    const retries = await begun(stage, { steps: [step('a')], ...retrying(3, 60_000), timeout_ms: 5_000 })
    await pass(stage, 4_999)
    if (restarts) await stage.restart()
    await stage.settle(0)
    for (const { id } of [waits, retries]) assert.equal((await stage.look(id)).status, 'executing')
    await pass(stage, 1)
    for (const { id } of [waits, retries]) {
      const run = await stage.look(id)
      assert.deepEqual(
        [run.status, run.error, run.duration],
        ['failed', 'It took longer than 5000 ms.', 5_000],
      )
      assert.equal(run.steps[0]?.status, 'stopped')
    }
  })

test('the time in the queue does not count', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 8_000 })
  await begun(stage, { steps: [step('a')] })
  const { id } = await begun(stage, { steps: [step('b')], timeout_ms: 10_000 })
  assert.equal((await stage.look(id)).started_at, null)
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, run.duration], ['completed', 8_000])
  assert.equal(Date.parse(run.started_at ?? '') - Date.parse(run.created_at), 8_000)
})

test('a run whose time is over while the machine is off ends as soon as it is on, and nothing of it is done', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, { steps: [step('a'), step('b')], timeout_ms: 150 })
  stage.clock.jump(1_000)
  await stage.restart()
  await stage.settle(0)
  const run = await stage.look(id)
  assert.deepEqual([run.status, statuses(run)], ['failed', { a: 'stopped', b: 'stopped' }])
  assert.deepEqual(stage.performed, ['a.1'])
})
