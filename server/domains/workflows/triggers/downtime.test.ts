import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openTestApp } from '../../../../test/app.ts'
import { seededRandom } from '../../../../test/clock.ts'
import { openStage } from '../rig.ts'
import type { Stage } from '../rig.ts'
import type { ScheduleConditions } from './schedule.ts'
import { HOUR, MINUTE, duesOf, pass, runsOf, scheduled, setClock, signIn, sleep, snapshot } from './rig.ts'

/** Times of one day. */
const at = (...times: string[]) => times.map((time) => `2026-11-22T${time}:00.000Z`)

const CATCH_UPS = ['none', 'one', 'all', undefined] as const

test('after three hours off, none, the last or all of the times are made up for, as the schedule says', async (context) => {
  const stage = await openStage(context)
  const all: Record<string, string> = {}
  const add = async (name: string, conditions: ScheduleConditions) => {
    for (const catch_up of CATCH_UPS) {
      const given = catch_up === undefined ? conditions : { ...conditions, catch_up }
      all[`${name} ${catch_up}`] = (await scheduled(stage, given)).id
    }
  }
  await add('hourly', { cron: '20 * * * *' })
  await add('once', { at: '2026-11-22T12:00:00' })
  await add('later', { at: '2026-11-22T15:00:00' })
  await pass(stage, 30 * MINUTE)
  await sleep(stage, 3 * HOUR)
  const dues = new Map<string, string[]>()
  for (const [name, id] of Object.entries(all)) dues.set(name, await duesOf(stage, id))
  assert.deepEqual(Object.fromEntries(dues), {
    'hourly none': at('10:20'),
    'hourly one': at('10:20', '13:20'),
    'hourly all': at('10:20', '11:20', '12:20', '13:20'),
    'hourly undefined': at('10:20', '13:20'),
    'once none': [],
    'once one': at('11:00'),
    'once all': at('11:00'),
    'once undefined': at('11:00'),
    'later none': [],
    'later one': [],
    'later all': [],
    'later undefined': [],
  })
  await pass(stage, HOUR)
  for (const [name, id] of Object.entries(all)) {
    const later = (await duesOf(stage, id)).slice(dues.get(name)?.length)
    const next = name.startsWith('hourly') ? at('14:20') : name.startsWith('later') ? at('14:00') : []
    assert.deepEqual(later, next, name)
  }
})

test('of a long time off the last hundred are made up for, also of every minute for a year', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { cron: '* * * * *', catch_up: 'all' })
  await sleep(stage, 365 * 24 * HOUR + 30_000)
  const dues = await duesOf(stage, id)
  assert.equal(dues.length, 100)
  assert.deepEqual([dues[0], dues.at(-1)], ['2027-11-22T08:21:00.000Z', '2027-11-22T10:00:00.000Z'])
})

test('a time that came less than a minute before the start is not missed, and is made up for by none too', async (context) => {
  const stage = await openStage(context)
  const just = await scheduled(stage, { cron: '59 12 * * *', catch_up: 'none', timezone: 'UTC' })
  const past = await scheduled(stage, { cron: '58 12 * * *', catch_up: 'none', timezone: 'UTC' })
  await sleep(stage, 3 * HOUR)
  assert.deepEqual(await duesOf(stage, just.id), at('12:59'))
  assert.deepEqual(await duesOf(stage, past.id), [])
})

test('what was missed and not seen to yet is not lost when the workflow is changed in that moment', async (context) => {
  const stage = await openStage(context)
  const hourly = await scheduled(stage, { cron: '20 * * * *', catch_up: 'all' })
  const once = await scheduled(stage, { at: '2026-11-22T11:20:00' })
  stage.clock.jump(3 * HOUR)
  const token = await stage.signIn()
  for (const { id } of [once, hourly])
    await stage.ask(token, 'workflows.update', { id, description: 'Changed' })
  await pass(stage, 0)
  assert.deepEqual(await duesOf(stage, hourly.id), at('10:20', '11:20', '12:20'))
  assert.deepEqual(await duesOf(stage, once.id), at('10:20'))
})

test('no time comes twice when the clock is set back, in the same process or in another', async (context) => {
  const stage = await openStage(context)
  const all = await scheduled(stage, { cron: '20 * * * *', catch_up: 'all' })
  const one = await scheduled(stage, { cron: '20 * * * *' })
  const once = await scheduled(stage, { at: '2026-11-22T12:20:00' })
  await pass(stage, 3 * HOUR)
  for (const restarts of [false, true]) {
    setClock(stage, '2026-11-22T10:10:00Z')
    if (restarts) await stage.restart()
    await pass(stage, 2 * HOUR + 50 * MINUTE)
    for (const { id } of [all, one]) assert.deepEqual(await duesOf(stage, id), at('10:20', '11:20', '12:20'))
    assert.deepEqual(await duesOf(stage, once.id), at('11:20'))
  }
  await pass(stage, HOUR)
  for (const { id } of [all, one])
    assert.deepEqual((await duesOf(stage, id)).slice(3), at('13:20'), 'and goes on after them')
})

test('switching a schedule off and on after the clock was set back brings no time back either', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { cron: '20 * * * *' })
  await pass(stage, 2 * HOUR)
  setClock(stage, '2026-11-22T10:10:00Z')
  for (const is_active of [false, true])
    await stage.ask(await signIn(stage), 'workflows.update', { id, is_active })
  await pass(stage, 3 * HOUR)
  assert.deepEqual(await duesOf(stage, id), at('10:20', '11:20', '12:20'))
})

test('a clock that is set forward is noticed within a minute', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { cron: '20 * * * *' })
  await pass(stage, 5 * MINUTE)
  setClock(stage, '2026-11-22T12:30:00Z')
  await pass(stage, MINUTE)
  assert.deepEqual(await duesOf(stage, id), at('12:20'))
  const [run] = await runsOf(stage, id)
  assert.ok(Date.parse(run?.created_at ?? '') <= Date.parse('2026-11-22T12:31:00Z'))
  await pass(stage, HOUR)
  assert.deepEqual((await duesOf(stage, id)).slice(1), at('13:20'))
})

/** Calls after each commit that follows, until there is none any more. */
async function eachCommit({ app: { kernel } }: Pick<Stage, 'app'>, call: () => void): Promise<void> {
  let seen = kernel.store.progress.committed
  for (let calm = 0; calm < 8; calm += 1) {
    for (let turn = 0; turn < 500; turn += 1) {
      await Promise.resolve()
      if (kernel.store.progress.committed === seen) continue
      seen = kernel.store.progress.committed
      calm = 0
      call()
    }
    await nextTurn()
  }
}

test('a process that is killed at any commit around a time leaves it to be run once by the next', async (context) => {
  const stage = await openStage(context)
  const { id } = await scheduled(stage, { cron: '20 * * * *', catch_up: 'all' })
  await pass(stage, 20 * MINUTE - 1)
  const folders = [snapshot(context, stage)]
  stage.clock.advance(1)
  await eachCommit(stage, () => folders.push(snapshot(context, stage)))
  assert.ok(folders.length >= 4, `${folders.length} moments`)
  for (const [index, data_dir] of folders.entries()) {
    const after = await openTestApp({ data_dir, clock: stage.clock, random: seededRandom(50 + index) })
    const server = { ...after, ann: stage.ann }
    await pass(server, 0)
    assert.deepEqual(await duesOf(server, id), at('10:20'), `moment ${index}`)
    assert.equal((await after.app.workflows.shown(stage.ann.user_id))[0]?.execution_count, 1)
    await after.close()
    rmSync(data_dir, { recursive: true })
  }
})
