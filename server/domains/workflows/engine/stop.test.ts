import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refused } from '../../agents/fixture.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, handling, lines, own, pass, retrying, statuses, stepOf } from './rig.ts'

/** Executions of agents that have not ended. */
async function open({ app, ann }: Stage): Promise<string[]> {
  const { tables } = app.kernel.store.reader
  const rows = await tables<{ executions: { id: string; user_id: string; status: string } }>()
    .selectFrom('executions')
    .select('id')
    .where('user_id', '=', ann.user_id)
    .where('status', 'in', ['queued', 'executing'])
    .execute()
  return rows.map(({ id }) => id)
}

test('a stopped run records nothing afterwards, and says of each step how far it had come', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ ms: id === 'a' ? 10 : 100 })
  const { id } = await begun(stage, {
    steps: [step('a'), step('b', { depends_on: ['a'] }), step('c', { depends_on: ['b'] })],
  })
  await pass(stage, 10)
  const stopped = await stage.ask(stage.ann.token, 'workflows.stop', { id })
  assert.deepEqual([stopped.status, stopped.duration, stopped.error], ['stopped', 10, 'It was stopped.'])
  assert.deepEqual(statuses(stopped), { a: 'completed', b: 'stopped', c: 'stopped' })
  assert.deepEqual(
    [stepOf(await stage.look(id), 'b').attempts, stepOf(await stage.look(id), 'c').attempts],
    [1, 0],
  )
  const before = await stage.look(id)
  await pass(stage, 1_000)
  await stage.restart()
  await stage.settle()
  assert.deepEqual(await stage.look(id), before)
  assert.deepEqual(
    (await lines(stage, id)).filter((line) => line.startsWith('workflow:')),
    ['workflow:triggered', 'workflow:step_completed a completed', 'workflow:completed false'],
  )
  assert.deepEqual(stage.performed, ['a.1', 'b.1'])
})

for (const action of ['send', 'act', 'remember'])
  test(`what ${action} has begun when its run is stopped neither stays open nor has an effect`, async (t) => {
    const stage = await openStage(t)
    stage.script = () => ({ ms: action === 'remember' ? 0 : 100 })
    const { id } = await begun(stage, { steps: [own('w', 'wait', { seconds: 1 }), step('a', { action })] })
    stage.clock.advance(1_000)
    if (action !== 'remember') await stage.settle(0)
    assert.deepEqual((await open(stage)).length, action === 'send' ? 1 : 0)
    await stage.ask(stage.ann.token, 'workflows.stop', { id })
    await pass(stage, 500)
    assert.deepEqual(await open(stage), [])
    const agent = await stage.ask(stage.ann.token, 'agents.get', { id: '20' })
    assert.equal(agent.status.state === 'executing', false)
    const { memories } = await stage.ask(stage.ann.token, 'agents.memory', { id: '20' })
    assert.deepEqual([memories.length, (await stage.look(id)).status], [0, 'stopped'])
  })

test('a run that waits, one that is to be tried again and one in the queue are stopped alike', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ error: 'no' })
  const waiting = await begun(stage, { steps: [own('w', 'wait_for_approval', { text: 'Go?' })] })
  const retry = await begun(stage, { steps: [step('a')], ...retrying(2, 60_000) })
  stage.script = () => ({ ms: 1_000 })
  await begun(stage, { steps: [step('busy')] })
  const queued = await begun(stage, { steps: [step('never')] })
  assert.equal((await stage.look(queued.id)).status, 'queued')
  for (const { id } of [waiting, retry, queued]) await stage.ask(stage.ann.token, 'workflows.stop', { id })
  await stage.settle()
  for (const { id } of [waiting, retry, queued]) {
    const run = await stage.look(id)
    assert.deepEqual([run.status, Object.values(statuses(run))], ['stopped', ['stopped']])
  }
  assert.equal((await stage.look(queued.id)).duration, null)
  assert.deepEqual(stage.performed, ['a.1', 'busy.1'])
})

test('stopping what has ended changes nothing, and what is somebody else’s is not there', async (t) => {
  const stage = await openStage(t)
  const run = await stage.run({ steps: [step('a')] })
  const again = await stage.ask(stage.ann.token, 'workflows.stop', { id: run.execution_id })
  assert.deepEqual([again.status, again.ended_at], ['completed', run.ended_at])
  stage.script = () => ({ ms: 50 })
  const { id } = await begun(stage, { steps: [step('b')] })
  const bob = await stage.bob()
  assert.equal(refused(await stage.call(bob.token, 'workflows.stop', { id })), '404 WORKFLOW_001')
  const all = await stage.ask(bob.token, 'system.stop', {})
  assert.deepEqual(all.workflow_executions, [])
  await stage.settle()
  assert.equal((await stage.look(id)).status, 'completed')
})

test('stop without an id ends all runs of the user, with one it ends that run, with a step’s execution that step', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const steps = [step('a', { action: 'send' }), own('b', 'set', { value: 1 })]
  const [one, two, three] = [
    await begun(stage, { steps, ...handling('continue') }),
    await begun(stage, { steps }),
    await begun(stage, { steps: [own('w', 'wait', { seconds: 60 })] }),
  ]
  const { agent_execution_id: execution_id = '' } = stepOf(await stage.look(one.id), 'a')
  const only = await stage.ask(stage.ann.token, 'system.stop', { execution_id })
  assert.deepEqual([only.agent_executions, only.workflow_executions], [[execution_id], []])
  await stage.settle(0)
  assert.deepEqual(statuses(await stage.look(one.id)), { a: 'unknown', b: 'completed' })
  const named = await stage.ask(stage.ann.token, 'system.stop', { execution_id: two.id })
  assert.deepEqual(named.workflow_executions, [two.id])
  const rest = await stage.ask(stage.ann.token, 'system.stop', {})
  assert.deepEqual(rest.workflow_executions, [three.id])
  assert.equal((await stage.look(two.id)).status, 'stopped')
  assert.equal((await stage.look(three.id)).status, 'stopped')
})

test('the sentence "stop" ends runs, and names them', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const { id } = await begun(stage, { steps: [step('a')] })
  const answer = await stage.ask(stage.ann.token, 'voice.process', { text_input: 'stop' })
  assert.match(JSON.stringify(answer), /Workflow 1/)
  await stage.settle()
  assert.equal((await stage.look(id)).status, 'stopped')
})

test('what is said of a stop names what had been done, and what may have happened outside', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ ms: id === 'a' ? 0 : 100 })
  const { id } = await begun(stage, { steps: [step('a'), step('b', { action: 'send', depends_on: ['a'] })] })
  const { text } = await stage.ask(stage.ann.token, 'system.stop', {})
  assert.equal(
    text,
    'Stopped the workflow “Workflow 1”; 1 of the steps of it had been done. It may have happened outside all the same: b.',
  )
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed', b: 'unknown' })
  await begun(stage, { steps: [own('w', 'wait', { seconds: 60 })] })
  const waiting = await stage.ask(stage.ann.token, 'system.stop', {})
  assert.equal(waiting.text, 'Stopped the workflow “Workflow 2”; none of the steps of it had been done.')
})

test('a wait that is stopped has no result', async (t) => {
  const stage = await openStage(t)
  const { id } = await begun(stage, { steps: [own('w', 'wait', { seconds: 60 })] })
  const stopped = await stage.ask(stage.ann.token, 'workflows.stop', { id })
  for (const { steps } of [stopped, await stage.look(id)])
    assert.deepEqual(
      steps.map(({ status, result = null }) => [status, result]),
      [['stopped', null]],
    )
})

test('deleting a workflow stops its runs and no others', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const gone = await begun(stage, { steps: [step('a')] })
  const other = await begun(stage, { steps: [step('b')] })
  await stage.ask(await stage.signIn(), 'workflows.delete', { id: gone.workflow_id })
  await stage.settle()
  assert.equal((await stage.look(gone.id)).status, 'stopped')
  assert.equal((await stage.look(other.id)).status, 'completed')
})

test('a run that is stopped in its fallback stops what is left of that, too', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'a' ? { error: 'no' } : { ms: 100 })
  const fallback = handling('fallback', [step('f'), step('g')])
  const { id } = await begun(stage, { steps: [step('a'), step('b')], ...fallback })
  await stage.ask(stage.ann.token, 'workflows.stop', { id })
  assert.deepEqual(statuses(await stage.look(id)), { a: 'failed', b: 'stopped', f: 'stopped', g: 'stopped' })
})
