import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, own, pass, retrying, statuses } from './rig.ts'

/** Transactions while no time passes. */
async function idle(stage: Stage): Promise<number> {
  const { progress } = stage.app.kernel.store
  const before = progress.committed
  for (let turn = 0; turn < 50; turn += 1) await pass(stage, 0)
  return progress.committed - before
}

test('a wait of no whole milliseconds is one, and a record of one is no damage', async (t) => {
  const stage = await openStage(t)
  const wait = own('w', 'wait', { seconds: '{{input.n / 3}}' })
  const run = await stage.run({ steps: [wait, step('a')] }, { n: 10 })
  assert.deepEqual([run.status, run.error], ['completed', undefined])
  const { id } = await begun(stage, {
    steps: [own('w', 'wait_for_approval', { text: 'x', timeout_seconds: 100.0005 }), step('a')],
  })
  const broken = 'UPDATE workflow_steps SET wake = wake + 0.25 WHERE run_id = ?'
  await stage.write(({ connection }) => Promise.resolve(connection.run(broken, [id])))
  await stage.ask(stage.ann.token, 'workflows.resume', { id, approved: true })
  await stage.settle()
  assert.equal((await stage.look(id)).status, 'completed')
})

test('a retry that is due while there is no room for it writes nothing until there is', async (t) => {
  const stage = await openStage(t)
  stage.script = (id, attempt) => (id === 'r' && attempt === 1 ? { ms: 5, error: 'no' } : { ms: 20_000 })
  const others = Array.from({ length: 17 }, (_, index) => step(`s${index}`, { depends_on: [] }))
  const { id } = await begun(stage, {
    steps: [step('r', { depends_on: [] }), ...others],
    ...retrying(2, 1_000),
  })
  for (const ms of [5, 1_000, 200]) await pass(stage, ms)
  assert.equal(await idle(stage), 0)
  await stage.settle()
  assert.equal((await stage.look(id)).status, 'completed')
})

test('a retry that is due while the server is closing waits for the next one, and writes nothing', async (t) => {
  const stage = await openStage(t)
  stage.script = (id, attempt) => (id === 'r' && attempt === 1 ? { ms: 5, error: 'no' } : { ms: 20_000 })
  const steps = [step('r', { depends_on: [] }), step('s', { depends_on: [] })]
  await begun(stage, { steps, ...retrying(2, 1_000) })
  await pass(stage, 5)
  const closed = stage.app.close(25_000)
  for (const ms of [1_000, 200]) await pass(stage, ms)
  const written = await idle(stage)
  await pass(stage, 30_000)
  await closed
  await stage.restart()
  assert.equal(written, 0)
})

test('a wait and the time of a run are over when the clock says so, also where the machine slept beside what is under way', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 3_000_000 })
  const beside = own('w', 'wait', { seconds: 1_200 }, { depends_on: [] })
  const slow = step('slow', { depends_on: [], timeout_ms: 3_500_000 })
  const waits = await begun(stage, { steps: [beside, slow] })
  const late = await begun(stage, { timeout_ms: 600_000, steps: [step('s', { timeout_ms: 590_000 })] })
  stage.clock.jump(1_200_000)
  await pass(stage, 60_000)
  await pass(stage, 60_000)
  assert.equal(statuses(await stage.look(waits.id))['w'], 'completed')
  assert.equal((await stage.look(late.id)).status, 'failed')
})

test('a condition has its turn beside runs of the same user that are dear again and again', async (t) => {
  const stage = await openStage(t)
  const { clock } = stage
  const [elapsed, now] = [clock.elapsed.bind(clock), clock.now.bind(clock)]
  let dear = 0
  let isOn = true
  Object.assign(clock, {
    elapsed: () => elapsed() + dear,
    now: () => {
      if (isOn && /scope\.ts/u.test(new Error('Who asks?').stack ?? '')) dear += 200
      return now()
    },
  })
  const chain = Array.from({ length: 20 }, (_, index) =>
    step(`s${index}`, { parameters: { step: `{{'s${index}'}}` } }),
  )
  const long = { timeout_ms: 86_400_000 }
  const dearOne = await stage.create({ steps: chain, ...long })
  const other = await stage.create({ steps: [step('c', { condition: 'true' })], ...long })
  for (let run = 0; run < 5; run += 1) await stage.start(dearOne.id)
  await stage.start(other.id)
  await stage.settle()
  isOn = false
  const place = stage.performed.indexOf('c.1')
  assert.ok(place >= 0 && place < 20, `after ${place} of ${stage.performed.length} others`)
})

test('what an error tells of a secret is masked wherever it is shown and told, and a long one is cut', async (t) => {
  const stage = await openStage(t)
  const leak = 'GET https://x.org/?api_key=hunter2hunter2 said no; Bearer abcdef1234567890 '
  stage.script = () => ({ error: leak.padEnd(100_000, 'x') })
  const { id } = await stage.create({
    steps: [step('a')],
    ...retrying(2),
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
  })
  const { execution_id } = await stage.start(id)
  await stage.settle()
  const run = await stage.look(execution_id)
  const { executions } = await stage.ask(stage.ann.token, 'workflows.history', { id })
  const { notifications } = await stage.ask(stage.ann.token, 'notifications.list', {})
  const told = (await stage.told()).filter(({ name }) => name.startsWith('workflow:'))
  for (const [where, shown] of Object.entries({ run, executions, notifications, told })) {
    const text = JSON.stringify(shown)
    assert.ok(text.includes('said no'), where)
    assert.doesNotMatch(text, /hunter2|abcdef1234/u, where)
    assert.ok(text.length < 50_000, `${where} ${text.length}`)
  }
})

test('a secret that the cut goes through is masked', async (t) => {
  const stage = await openStage(t)
  const secret = 'https://ann:hunter2hunter2'
  stage.script = () => ({ error: `${'. '.repeat(1_980)}${secret}@db.example.org said no${' '.repeat(500)}` })
  const run = await stage.run({ steps: [step('a')] })
  assert.doesNotMatch(JSON.stringify(run), /hunter2/u)
})
