import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHeap } from '../../agents/probe/fixture.ts'
import { openStage, step } from '../rig.ts'
import { begun, handling, own, pass, retrying, statuses, stepOf } from './rig.ts'

const STOPPED = 'CANCELLED: It was stopped when it was under way: it may have happened or not.'

const AFTER = {
  fail_fast: { run: 'failed', steps: { a: 'unknown', b: 'stopped' } },
  retry: { run: 'failed', steps: { a: 'unknown', b: 'stopped' } },
  continue: { run: 'failed', steps: { a: 'unknown', b: 'completed' } },
  fallback: { run: 'completed', steps: { a: 'unknown', b: 'stopped', f: 'completed' } },
} as const

for (const [strategy, wanted] of Object.entries(AFTER))
  test(`a step that is stopped by itself under way may have happened, is not tried again, and ${strategy} says what follows`, async (t) => {
    const stage = await openStage(t)
    stage.script = (id) => (id === 'a' ? { ms: 100 } : {})
    const fallback = strategy === 'fallback' ? [own('f', 'set', { value: '{{error.message}}' })] : undefined
    const { id } = await begun(stage, {
      steps: [step('a', { action: 'send' }), step('b')],
      ...handling(strategy as keyof typeof AFTER, fallback),
      ...retrying(3),
    })
    const { agent_execution_id = '' } = stepOf(await stage.look(id), 'a')
    const stopped = await stage.ask(stage.ann.token, 'agents.stop', { id: agent_execution_id })
    assert.equal(stopped.result?.error, 'CANCELLED: It was stopped.')
    await stage.settle()
    const run = await stage.look(id)
    assert.deepEqual([run.status, statuses(run)], [wanted.run, wanted.steps])
    const { attempts, error } = stepOf(run, 'a')
    assert.deepEqual([attempts, error], [1, STOPPED])
    if (strategy === 'fallback') assert.deepEqual(stepOf(run, 'f').result, { value: error })
  })

test('a step that was stopped while no process performed it is not performed by the next', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, { steps: [step('a', { action: 'send' })], ...retrying(3) })
  const { agent_execution_id = '' } = stepOf(await stage.look(id), 'a')
  // The next process finds it stopped: it was, before anybody took the run up again.
  await stage.restart()
  await stage.write((tx) =>
    Promise.resolve(stage.app.agents.executions.stop.one(tx, stage.ann.user_id, agent_execution_id)),
  )
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, statuses(run)], ['failed', { a: 'unknown' }])
  assert.deepEqual(stage.performed, ['a.1'])
})

test('an agent that is switched off fails its steps until it is on again', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, {
    steps: [own('w', 'wait', { seconds: 10 }), step('a')],
    ...retrying(3, 60_000),
  })
  await stage.ask(stage.ann.token, 'agents.update', { id: '20', is_active: false })
  await pass(stage, 10_000)
  const meanwhile = stepOf(await stage.look(id), 'a')
  assert.deepEqual([meanwhile.status, meanwhile.tries.length], ['pending', 1])
  assert.match(meanwhile.error ?? '', /^AGENT_005: Agent 20 is switched off/)
  await stage.ask(await stage.signIn(), 'agents.update', { id: '20', is_active: true })
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual([run.status, stepOf(run, 'a').attempts, stage.performed], ['completed', 2, ['a.1']])
})

test('what is done in pieces and is stopped by itself has failed: how much of it was done is known', async (t) => {
  const heap = openHeap()
  const stage = await openStage(t, { prepare: (app) => heap.install(app) })
  await stage.own({ agent_number: 22, name: 'Heaper', config: { preferences: { skill: 'probe' } } })
  await stage.act(22, 'pile', { count: 100 })
  await stage.settle(0)
  let asked: Promise<unknown> = Promise.resolve()
  heap.onGrain = (gone) => {
    if (gone !== 30) return
    const { connection } = stage.app.kernel.store.reader
    const [row] = connection.all(`SELECT id FROM executions WHERE action = 'clear'`, [])
    asked = stage.ask(stage.ann.token, 'agents.stop', { id: String(row?.['id']) })
  }
  const clear = { ...step('a'), agent_number: 22, action: 'clear', parameters: {} }
  const { id } = await stage.create({ steps: [clear] })
  const { execution_id } = await stage.start(id)
  await stage.settle()
  await asked
  assert.deepEqual(statuses(await stage.look(execution_id)), { a: 'failed' })
})

test('what was only allowed by a budget when the process ended is tried again once its agent is on', async (t) => {
  const stage = await openStage(t)
  const preferences = { skill: 'actor', budget: { calls: 50 } }
  await stage.own({ agent_number: 21, name: 'Spender', config: { preferences } })
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, {
    steps: [{ ...step('a'), agent_number: 21 }],
    ...retrying(3, 60_000),
  })
  await stage.ask(stage.ann.token, 'agents.update', { id: '21', is_active: false })
  await stage.restart()
  await stage.settle(1_000)
  assert.deepEqual(statuses(await stage.look(id)), { a: 'pending' })
})

test('an agent that is deleted fails what it does and what it was to do, without another attempt', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 1_000 })
  const { id } = await begun(stage, {
    steps: [step('a', { action: 'send' }), step('b')],
    ...handling('continue'),
    ...retrying(3),
  })
  await stage.ask(stage.ann.token, 'agents.delete', { id: '20', force: true })
  await stage.settle()
  const run = await stage.look(id)
  assert.deepEqual(
    run.steps.map(({ status, attempts, error }) => [status, attempts, error]),
    [
      ['unknown', 1, STOPPED],
      ['failed', 1, 'AGENT_001: There is no agent 20.'],
    ],
  )
  assert.deepEqual(stage.performed, ['a.1'])
})

test('an agent that is renamed in mid-run goes on', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [own('w', 'wait', { seconds: 10 }), step('a')] })
  await stage.ask(stage.ann.token, 'agents.update', { id: '20', name: 'Someone else' })
  await stage.settle()
  assert.equal((await stage.look(id)).status, 'completed')
})
