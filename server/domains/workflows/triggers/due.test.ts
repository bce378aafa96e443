import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage } from '../rig.ts'
import { DAY, HOUR, MINUTE, dataOf, duesOf, pass, runsOf, scheduled, setClock } from './rig.ts'

test('a run starts at each of its times, to the millisecond, and knows which it was', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { cron: '30 * * * *' })
  await pass(stage, 29 * MINUTE + 59_999)
  assert.deepEqual(await runsOf(stage), [])
  await pass(stage, HOUR + 1)
  const due = ['2026-11-22T10:30:00.000Z', '2026-11-22T11:30:00.000Z']
  assert.deepEqual(await duesOf(stage, id), due)
  const runs = await runsOf(stage, id)
  assert.deepEqual(
    runs.map((run) => [run.trigger_source, run.created_at, run.depth, dataOf(run)]),
    due.map((at) => ['schedule', at, 0, { type: 'schedule', source: 'schedule', due: at }]),
  )
  const { executions } = await stage.ask(await stage.signIn(), 'workflows.history', { id })
  assert.deepEqual(
    executions.map(({ trigger_source, started_at, steps }) => [trigger_source, started_at, steps[0]?.result]),
    runs.toReversed().map((run) => ['schedule', run.started_at, { value: dataOf(run) }]),
  )
  const told = (await stage.told()).filter(({ name }) => name === 'workflow:triggered')
  assert.deepEqual(
    told.map(({ data }) => data),
    runs.map((run) => ({ workflow_id: id, trigger_source: 'schedule', execution_id: run.id })),
  )
})

test('an interval counts from when the workflow was made, and a moment comes once', async (context) => {
  const stage = await openStage(context)
  setClock(stage, '2026-11-22T10:00:07.250Z')
  const every = await scheduled(stage, { every_ms: 90_000 })
  const once = await scheduled(stage, { at: '2026-11-22T11:02' })
  const utc = await scheduled(stage, { at: '2026-11-22T10:02:00.5Z' })
  const over = await scheduled(stage, { at: '2026-11-22T10:00:07.250Z', catch_up: 'all' })
  await pass(stage, 5 * MINUTE)
  assert.deepEqual(await duesOf(stage, every.id), [
    '2026-11-22T10:01:37.250Z',
    '2026-11-22T10:03:07.250Z',
    '2026-11-22T10:04:37.250Z',
  ])
  assert.deepEqual(await duesOf(stage, once.id), ['2026-11-22T10:02:00.000Z'])
  assert.deepEqual(await duesOf(stage, utc.id), ['2026-11-22T10:02:00.500Z'])
  assert.deepEqual(await duesOf(stage, over.id), [])
})

const hours = (day: string, from: number, count: number) =>
  Array.from({ length: count }, (_, hour) => `${day}T0${from + hour}:00:00.000Z`)

test('a workflow at a time that the clocks leave out, or show twice, runs once on that day', async (context) => {
  const stage = await openStage(context)
  setClock(stage, '2027-03-27T23:50:00Z')
  const half = await scheduled(stage, { cron: '30 2 * * *' })
  const hourly = await scheduled(stage, { cron: '0 * * * *' })
  await pass(stage, 4 * HOUR)
  assert.deepEqual(await duesOf(stage, half.id), ['2027-03-28T01:00:00.000Z'])
  assert.deepEqual(await duesOf(stage, hourly.id), hours('2027-03-28', 0, 4))
  setClock(stage, '2027-10-30T23:55:00Z')
  await pass(stage, MINUTE)
  const seen = [await duesOf(stage, half.id), await duesOf(stage, hourly.id)]
  await pass(stage, 4 * HOUR)
  assert.deepEqual((await duesOf(stage, half.id)).slice(seen[0]?.length), ['2027-10-31T00:30:00.000Z'])
  assert.deepEqual((await duesOf(stage, hourly.id)).slice(seen[1]?.length), hours('2027-10-31', 0, 4))
})

test('what is due on 29 February waits for the year that has one', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { cron: '0 8 29 2 *' })
  for (const time of ['2027-02-28T06:59:00Z', '2027-03-01T06:59:00Z', '2028-02-28T06:59:00Z']) {
    setClock(stage, time)
    await pass(stage, 3 * MINUTE)
    assert.deepEqual(await duesOf(stage, id), [], time)
  }
  setClock(stage, '2028-02-29T06:58:00Z')
  await pass(stage, 3 * MINUTE)
  assert.deepEqual(await duesOf(stage, id), ['2028-02-29T07:00:00.000Z'])
})

test('a schedule goes by the zone that it names, or else by that of its user', async (context) => {
  const stage = await openStage(context)
  await stage.ask(stage.ann.token, 'auth.preferences', { timezone: 'Asia/Kolkata' })
  const own = await scheduled(stage, { cron: '0 16 * * *' })
  const named = await scheduled(stage, { cron: '0 16 * * *', timezone: 'America/St_Johns' })
  const local = await scheduled(stage, { at: '2026-11-22T16:00:00', timezone: 'Asia/Kathmandu' })
  await pass(stage, 12 * HOUR)
  assert.deepEqual(await duesOf(stage, own.id), ['2026-11-22T10:30:00.000Z'])
  assert.deepEqual(await duesOf(stage, named.id), ['2026-11-22T19:30:00.000Z'])
  assert.deepEqual(await duesOf(stage, local.id), ['2026-11-22T10:15:00.000Z'])
})

test('with another zone in the preferences the next time is that of the new one, and none comes twice', async (context) => {
  const stage = await openStage(context)
  const daily = await scheduled(stage, { cron: '0 12 * * *', catch_up: 'all' })
  const named = await scheduled(stage, { cron: '0 12 * * *', timezone: 'Europe/Berlin' })
  const once = await scheduled(stage, { at: '2026-11-22T12:00' })
  const move = async (timezone: string): Promise<void> => {
    await stage.ask(await stage.signIn(), 'auth.preferences', { timezone })
    await stage.write((tx) => stage.app.workflows.triggers.rezone(tx, stage.ann.user_id, timezone))
  }
  await pass(stage, 2 * HOUR)
  assert.deepEqual(await duesOf(stage, daily.id), ['2026-11-22T11:00:00.000Z'])
  await move('America/New_York')
  await pass(stage, 6 * HOUR)
  assert.deepEqual((await duesOf(stage, daily.id)).slice(1), ['2026-11-22T17:00:00.000Z'])
  await move('Asia/Tokyo')
  await pass(stage, DAY)
  assert.deepEqual((await duesOf(stage, daily.id)).slice(2), ['2026-11-23T03:00:00.000Z'])
  assert.deepEqual(await duesOf(stage, named.id), ['2026-11-22T11:00:00.000Z', '2026-11-23T11:00:00.000Z'])
  assert.deepEqual(await duesOf(stage, once.id), ['2026-11-22T11:00:00.000Z'])
})
