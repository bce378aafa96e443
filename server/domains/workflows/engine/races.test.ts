import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'
import { begun, handling, own, pass, statuses } from './rig.ts'

test('a step of the engine’s own that was stopped before it was recorded does nothing', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'bad' ? { ms: 5, error: 'no' } : { ms: id === 'f' ? 100 : 5 })
  const { id } = await begun(stage, {
    steps: [
      step('first', { depends_on: [] }),
      step('bad', { depends_on: [] }),
      own('n', 'notify', { text: 'Too late.' }, { depends_on: ['first'] }),
    ],
    ...handling('fallback', [step('f')]),
  })
  // While a transaction is open those of both steps line up, so that what follows from the first comes after the second.
  await stage.write(async () => {
    stage.clock.advance(5)
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve()
  })
  await stage.settle(0)
  const { notifications } = await stage.ask(stage.ann.token, 'notifications.list', {})
  assert.deepEqual(statuses(await stage.look(id)), {
    first: 'completed',
    bad: 'failed',
    n: 'stopped',
    f: 'executing',
  })
  assert.deepEqual(notifications, [])
})

test('a fallback that waits lets the run rest, although steps that were stopped for it have not given up', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => (id === 'bad' ? { ms: 5, error: 'no' } : { ms: 500_000 })
  const { id } = await begun(stage, {
    steps: [step('bad', { depends_on: [] }), step('slow', { depends_on: [] })],
    ...handling('fallback', [own('w', 'wait_for_approval', { text: 'On?' }), step('f')]),
  })
  await pass(stage, 5)
  assert.deepEqual(statuses(await stage.look(id)), { bad: 'failed', slow: 'stopped', w: 'waiting' })
  const [job] = stage.app.kernel.store.reader.connection.all('SELECT lease_until FROM jobs WHERE key = ?', [
    id,
  ])
  assert.deepEqual({ ...job }, { lease_until: null })
})

test('a fallback begins although as many steps as may be performed at once were stopped for it', async (t) => {
  const stage = await openStage(t)
  stage.script = (id) => ({ ms: id === 'f' ? 5 : 500_000 })
  const event = { event: 'system:performance_alert', timeout_seconds: 1 }
  const { id } = await begun(stage, {
    steps: [
      own('e', 'wait_for_event', event, { depends_on: [] }),
      ...Array.from({ length: 16 }, (_, n) => step(`slow_${n}`, { depends_on: [] })),
    ],
    ...handling('fallback', [step('f')]),
  })
  await pass(stage, 1_000)
  assert.equal(statuses(await stage.look(id))['f'], 'executing')
  await pass(stage, 5)
  assert.equal((await stage.look(id)).status, 'completed')
})

test('an event is heard whenever it comes after the waiting has begun', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 10 })
  const { app, ann, write } = stage
  const { id } = await begun(stage, {
    steps: [step('a'), own('e', 'wait_for_event', { event: 'system:performance_alert' }), step('b')],
  })
  const data = { alert_type: 'high_cpu', severity: 'warning', details: {} } as const
  const told: Promise<void>[] = []
  stage.clock.advance(10)
  for (let turn = 0; turn < 300; turn += 1) {
    await Promise.resolve()
    told.push(
      write((tx) =>
        Promise.resolve(app.kernel.events.tell(tx, 'system:performance_alert', ann.user_id, data)),
      ),
    )
  }
  await Promise.all(told)
  await stage.settle(0)
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed', e: 'completed', b: 'executing' })
})

test('a stop and the end of a step that come together leave one of the two, and never both', async (t) => {
  const stage = await openStage(t)
  stage.script = () => ({ ms: 10 })
  const ends = new Set<string>()
  for (let turns = 0; turns < 24; turns += 1) {
    stage.forget()
    const { id } = await begun(stage, { steps: [step('a', { action: 'send' })] })
    stage.clock.advance(10)
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    await stage.ask(stage.ann.token, 'workflows.stop', { id })
    await stage.settle(0)
    const run = await stage.look(id)
    ends.add(`${run.status} ${run.steps[0]?.status}`)
    const told = (await stage.told()).filter(
      ({ name, data }) =>
        name === 'workflow:completed' && (data as { execution_id: string }).execution_id === id,
    )
    assert.equal(told.length, 1)
  }
  assert.deepEqual([...ends].toSorted(), ['completed completed', 'stopped unknown'])
})
