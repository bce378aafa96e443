import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNLIMITED } from '../../../../test/app.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { DAY, HOUR, MINUTE, dataOf, duesOf, pass, runsOf, scheduled } from './rig.ts'

const at = (...times: string[]) => times.map((time) => `2026-11-22T${time}:00.000Z`)

/** A workflow that does not end by itself. */
const WAIT = { id: 'wait', agent_number: 0, action: 'wait', parameters: { seconds: 80_000 } }

function countRuns({ app }: Stage): number {
  const sql = 'SELECT count(*) AS runs FROM workflow_runs'
  const [row] = app.kernel.store.reader.connection.all(sql, []) as { runs: number }[]
  return row?.runs ?? 0
}

test('a thousand schedules of the same second start once each, also when the machine stops amid them', async (context) => {
  const stage = await openStage(context)
  const conditions = { cron: '30 20 10 * * *', timezone: 'UTC' }
  const ids: string[] = []
  for (let count = 0; count < 500; count += 1)
    ids.push((await scheduled(stage, conditions, `Workflow ${count}`)).id)
  for (let count = 0; count < 10; count += 1) {
    const workflow_triggers = ids
      .slice(count * 50, count * 50 + 50)
      .map((workflow_id) => ({ type: 'schedule' as const, conditions: { ...conditions, workflow_id } }))
    await stage.own({ name: `Starter ${'abcdefghij'.charAt(count)}`, config: { workflow_triggers } })
  }
  await pass(stage, 20 * MINUTE + 29_999)
  assert.deepEqual(await runsOf(stage), [])
  stage.clock.advance(1)
  while (countRuns(stage) < 300) await Promise.resolve()
  assert.ok(countRuns(stage) < 400)
  await stage.restart()
  await pass(stage, HOUR)
  const runs = await runsOf(stage)
  assert.equal(runs.length, 1_000)
  assert.deepEqual(
    [...new Set(runs.map((run) => `${run.status} ${String(dataOf(run)['due'])}`))],
    ['completed 2026-11-22T10:20:30.000Z'],
  )
  const counts = Map.groupBy(runs, ({ workflow_id }) => workflow_id)
  assert.deepEqual([...new Set(ids.map((id) => counts.get(id)?.length))], [2])
})

test('when the quota of the day is used up a start is recorded as refused, and the schedule goes on', async (context) => {
  const enterprise = { ...UNLIMITED.tiers.enterprise, workflow_executions_per_day: 3 }
  const stage = await openStage(context, { limits: { tiers: { ...UNLIMITED.tiers, enterprise } } })
  const { id } = await scheduled(stage, { cron: '20 * * * *' })
  await stage.start(id)
  await pass(stage, 4 * HOUR)
  assert.deepEqual((await duesOf(stage, id)).slice(1), [
    ...at('10:20', '11:20'),
    '2026-11-22T12:20:00.000Z failed',
    '2026-11-22T13:20:00.000Z failed',
  ])
  const { executions } = await stage.ask(await stage.signIn(), 'workflows.history', { id, status: 'failed' })
  assert.deepEqual(
    executions.map(({ error, trigger_source, started_at, steps }) => [
      error,
      trigger_source,
      started_at,
      steps.map(({ status }) => status),
    ]),
    [
      [refusal(74_400), 'schedule', null, ['pending', 'pending']],
      [refusal(78_000), 'schedule', null, ['pending', 'pending']],
    ],
  )
  await pass(stage, DAY - 4 * HOUR + 20 * MINUTE)
  assert.deepEqual((await duesOf(stage, id)).slice(-2), [
    '2026-11-23T09:20:00.000Z failed',
    '2026-11-23T10:20:00.000Z',
  ])
})

function refusal(seconds: number): string {
  return `GENERAL_002: Too many calls: 3 workflow executions per day. Try again in ${seconds} s.`
}

/** Has no run be recorded, as a bug would. */
function breakRuns(stage: Stage, workflow_id: string): Promise<unknown> {
  const sql = `CREATE TRIGGER broken BEFORE INSERT ON workflow_runs WHEN NEW.workflow_id = '${workflow_id}'
    BEGIN SELECT RAISE(ABORT, 'It is broken.'); END`
  return stage.write((tx) => Promise.resolve(tx.connection.run(sql, [])))
}

test('a schedule that fails inside is tried again, given up, and there for its next time', async (context) => {
  const stage = await openStage(context)
  const all = await scheduled(stage, { cron: '20 * * * *', catch_up: 'all' })
  const other = await scheduled(stage, { cron: '20 * * * *' })
  await breakRuns(stage, all.id)
  await pass(stage, 30 * MINUTE)
  assert.deepEqual([await duesOf(stage, all.id), await duesOf(stage, other.id)], [[], at('10:20')])
  const failed = stage.logged.filter((line) => line.includes('"a job failed"'))
  const given_up = stage.logged.filter((line) => line.includes('a schedule fails again and again'))
  assert.deepEqual([failed.length, given_up.length], [5, 1])
  await stage.write((tx) => Promise.resolve(tx.connection.run('DROP TRIGGER broken', [])))
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, all.id), at('10:20', '11:20'))
})

test('a schedule that fails inside only for a moment is late and not lost', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { at: '2026-11-22T11:20:00', catch_up: 'none' })
  await breakRuns(stage, id)
  await pass(stage, 20 * MINUTE + 3_000)
  await stage.write((tx) => Promise.resolve(tx.connection.run('DROP TRIGGER broken', [])))
  await pass(stage, MINUTE)
  assert.deepEqual(await duesOf(stage, id), at('10:20'))
})

const both = (status: string) => at('10:20', '11:20').map((due) => `${due} ${status}`)

test('a run that fails keeps no later one from starting, and one that goes on neither', async (context) => {
  const stage = await openStage(context)
  stage.script = () => ({ error: 'no' })
  const trigger = { type: 'schedule' as const, conditions: { cron: '20 * * * *' } }
  const failing = await stage.create({ trigger, steps: [step('a')] })
  const long = await stage.create({ trigger, steps: [WAIT], timeout_ms: 86_400_000 })
  await pass(stage, 2 * HOUR)
  assert.deepEqual(await duesOf(stage, failing.id), both('failed'))
  assert.deepEqual(await duesOf(stage, long.id), both('executing'))
})

test('with a full queue a start is recorded as refused, and the schedule goes on when there is room', async (context) => {
  const stage = await openStage(context, { limits: { runs_per_user_max: 2 } })
  const long = await stage.create({ steps: [WAIT], timeout_ms: 86_400_000 })
  const { id } = await scheduled(stage, { cron: '20 * * * *' })
  const { execution_id } = await stage.start(long.id)
  await stage.start(long.id)
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), ['2026-11-22T10:20:00.000Z failed'])
  assert.equal((await runsOf(stage, id))[0]?.error, 'SYSTEM_001: The queue is full.')
  await stage.ask(await stage.signIn(), 'workflows.stop', { id: execution_id })
  await pass(stage, HOUR)
  assert.deepEqual((await duesOf(stage, id)).slice(1), at('11:20'))
})
