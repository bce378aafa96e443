import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, own, pass, statuses } from './rig.ts'

/** A run with something under way, and a step that waits for the end of whatever an agent does. */
const WAITING = {
  steps: [
    step('a', { action: 'send', depends_on: [] }),
    own(
      'w',
      'wait_for_event',
      { event: 'agent:execution_completed', timeout_seconds: 1_000 },
      { depends_on: [] },
    ),
  ],
}

/** How often a run was told to have ended, and what its workflow counts. */
async function ends(stage: Stage, { id, workflow_id }: { id: string; workflow_id: string }) {
  const told = (await stage.told()).filter(
    ({ name, data }) =>
      name === 'workflow:completed' && (data as { execution_id?: string }).execution_id === id,
  )
  const { connection } = stage.app.kernel.store.reader
  const [counted] = connection.all('SELECT finished_count FROM workflows WHERE id = ?', [workflow_id])
  const jobs = connection.all('SELECT key FROM jobs WHERE key = ?', [id])
  return [told.length, counted?.['finished_count'], jobs.length]
}

test('a run that is stopped while nobody performs it is not woken by what its own steps tell', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = (id) => ({ ms: id === 'a' ? 100 : 10_000 })
  const run = await begun(stage, WAITING)
  const { id: other } = await stage.create({ steps: [step('y')] })
  await stage.ask(stage.ann.token, 'workflows.execute', { id: other, priority: 'high' })
  await stage.settle(0)
  await stage.restart()
  await stage.settle(0)
  await stage.ask(await stage.signIn(), 'workflows.stop', { id: run.id })
  await stage.settle()
  const { status, error } = await stage.look(run.id)
  assert.deepEqual([status, error, ...(await ends(stage, run))], ['stopped', 'It was stopped.', 1, 1, 0])
})

test('a run that is given up ends once', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100_000 })
  const run = await begun(stage, WAITING)
  const damage = `UPDATE workflow_steps SET wake = 'junk' WHERE step_id = 'w' AND run_id = ?`
  await stage.write(({ connection }) => Promise.resolve(connection.run(damage, [run.id])))
  await stage.restart()
  await stage.settle()
  assert.equal((await stage.look(run.id)).status, 'failed')
  assert.deepEqual(await ends(stage, run), [1, 1, 0])
})

test('a run whose time goes by while no process is there ends once, whatever its own steps tell then', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100_000 })
  const run = await begun(stage, { ...WAITING, timeout_ms: 10_000 })
  stage.clock.jump(20_000)
  await stage.restart()
  await stage.settle()
  const { status, steps } = await stage.look(run.id)
  assert.deepEqual([status, statuses({ steps })], ['failed', { a: 'unknown', w: 'stopped' }])
  assert.deepEqual(await ends(stage, run), [1, 1, 0])
})

test('an answer that comes after the time of its run is refused, and the run fails', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 3_000_000 })
  const ask = own('w', 'wait_for_approval', { text: 'May I?' })
  const { id } = await begun(stage, { timeout_ms: 5_000, steps: [ask] })
  await begun(stage, { steps: [step('a', { timeout_ms: 3_500_000 })] })
  await pass(stage, 60_000)
  const reply = await stage.call(await stage.signIn(), 'workflows.resume', { id, approved: true })
  assert.equal(reply.ok, false)
  assert.match(JSON.stringify(reply), /The time of this run is over/)
  await stage.settle()
  assert.deepEqual(
    [(await stage.look(id)).status, statuses(await stage.look(id))],
    ['failed', { w: 'stopped' }],
  )
})

test('a run whose definition is damaged is given up when it is answered, however long it may take', async (t) => {
  const stage = await openStage(t)
  const ask = own('w', 'wait_for_approval', { text: 'May I?' })
  const { id } = await begun(stage, { timeout_ms: 86_400_000, steps: [ask, step('b')] })
  await stage.write(({ connection }) =>
    Promise.resolve(connection.run(`UPDATE workflow_versions SET definition = 'junk'`, [])),
  )
  await stage.restart()
  await pass(stage, 60_000)
  await stage.call(await stage.signIn(), 'workflows.resume', { id, approved: true })
  await stage.settle(1_000)
  const { status, error } = await stage.look(id)
  assert.deepEqual([status, error], ['failed', 'The definition is damaged.'])
})

test('what may have got out is unknown also where the time of the run is over before that is recorded', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100_000 })
  const send = step('a', { action: 'send', timeout_ms: 10_000 })
  const { id } = await begun(stage, { timeout_ms: 10_000, steps: [send, step('b')] })
  await pass(stage, 9_000)
  await stage.restart()
  await stage.write(async () => {
    stage.clock.advance(2_000)
    for (let turn = 0; turn < 300; turn += 1) await Promise.resolve()
  })
  await stage.settle()
  assert.equal(statuses(await stage.look(id))['a'], 'unknown')
  const reply = await stage.call(await stage.signIn(), 'workflows.replay', { id, from_step: 'b' })
  assert.equal(reply.ok, false)
  assert.deepEqual(stage.performed, ['a.1'])
})

test('what was begun before a restart is not worked out again: it may have happened', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 100 })
  const value = "{{ [1][now < '2026-11-22T10:00:30Z' ? 0 : 'x'.foo.bar] }}"
  const { id } = await begun(stage, {
    steps: [step('a', { action: 'send', parameters: { step: 'a', value } })],
  })
  assert.deepEqual(stage.performed, ['a.1'])
  stage.clock.jump(60_000)
  await stage.restart()
  await stage.settle()
  const open = `SELECT id FROM executions WHERE status IN ('queued', 'executing')`
  assert.deepEqual(
    [statuses(await stage.look(id)), stage.app.kernel.store.reader.connection.all(open, []).length],
    [{ a: 'unknown' }, 0],
  )
})
