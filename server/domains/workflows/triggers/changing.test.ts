import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { defined, openStage } from '../rig.ts'
import type { Stage } from '../rig.ts'
import {
  HOUR,
  MINUTE,
  SET,
  duesOf,
  pass,
  rollBack,
  runsOf,
  scheduled,
  setClock,
  signIn,
  triggered,
} from './rig.ts'

const at = (...times: string[]) => times.map((time) => `2026-11-22T${time}:00.000Z`)

async function update(stage: Stage, id: string, change: object): Promise<void> {
  await stage.ask(await signIn(stage), 'workflows.update', { id, ...change })
}

const on = (trigger: WorkflowTrigger) => ({ definition: defined({ trigger, steps: [SET] }) })
const cron = (text: string): WorkflowTrigger => ({
  type: 'schedule',
  conditions: { cron: text, catch_up: 'all' },
})

test('switched off nothing starts, and switched on again nothing of that time is made up for', async (context) => {
  const stage = await openStage(context)
  const { id } = await triggered(stage, cron('20 * * * *'))
  const every = await scheduled(stage, { every_ms: HOUR, catch_up: 'all' })
  await pass(stage, 30 * MINUTE)
  for (const one of [id, every.id]) await update(stage, one, { is_active: false })
  await pass(stage, 2 * HOUR + 15 * MINUTE)
  assert.deepEqual([await duesOf(stage, id), await duesOf(stage, every.id)], [at('10:20'), []])
  for (const one of [id, every.id]) await update(stage, one, { is_active: true })
  await pass(stage, HOUR + 45 * MINUTE)
  assert.deepEqual(await duesOf(stage, id), at('10:20', '13:20', '14:20'))
  assert.deepEqual(await duesOf(stage, every.id), at('13:45'))
})

test('a workflow that is made switched off waits to be switched on', async (context) => {
  const stage = await openStage(context)
  const given = { name: 'Later', is_active: false, ...on(cron('20 * * * *')) }
  const { id } = await stage.ask(stage.ann.token, 'workflows.create', given)
  await pass(stage, HOUR)
  assert.deepEqual(await runsOf(stage), [])
  await stage.start(id)
  await update(stage, id, { is_active: true })
  await pass(stage, HOUR)
  assert.deepEqual((await duesOf(stage, id)).slice(1), at('11:20'))
})

test('a changed schedule is due from the change on, whatever there was before it', async (context) => {
  const stage = await openStage(context)
  const changed = await triggered(stage, cron('20 * * * *'))
  const manual = await triggered(stage, { type: 'manual', conditions: {} })
  const hook = await triggered(stage, { type: 'webhook', conditions: {} })
  await pass(stage, 3 * HOUR + 30 * MINUTE)
  for (const { id } of [changed, manual, hook]) await update(stage, id, on(cron('40 * * * *')))
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, changed.id), at('10:20', '11:20', '12:20', '13:20', '13:40'))
  for (const { id } of [manual, hook]) assert.deepEqual(await duesOf(stage, id), at('13:40'))
  await update(stage, changed.id, on({ type: 'manual', conditions: {} }))
  await pass(stage, 2 * HOUR)
  assert.equal((await duesOf(stage, changed.id)).length, 5)
})

test('a change of anything else leaves an interval where it was', async (context) => {
  const stage = await openStage(context)
  const trigger: WorkflowTrigger = { type: 'schedule', conditions: { every_ms: HOUR } }
  const { id } = await triggered(stage, trigger)
  await pass(stage, 90 * MINUTE)
  await update(stage, id, { name: 'Other', description: 'Other' })
  await update(stage, id, { definition: defined({ trigger, steps: [SET, { ...SET, id: 'more' }] }) })
  await update(stage, id, { is_active: true })
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), at('11:00', '12:00'))
  assert.equal((await runsOf(stage, id)).at(-1)?.version, 2)
})

test('a deleted workflow starts no more, and rolled back it goes on from then', async (context) => {
  const stage = await openStage(context)
  const { id } = await triggered(stage, cron('20 * * * *'))
  await pass(stage, 30 * MINUTE)
  await stage.ask(await signIn(stage), 'workflows.delete', { id })
  await pass(stage, 2 * HOUR)
  assert.deepEqual(await duesOf(stage, id), at('10:20'))
  await rollBack(stage)
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), at('10:20', '13:20'))
})

test('a rollback of a change, of switching and of making a workflow is followed too', async (context) => {
  const stage = await openStage(context)
  const { id } = await triggered(stage, cron('20 * * * *'))
  await update(stage, id, on(cron('40 * * * *')))
  await rollBack(stage)
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), at('10:20'))
  await update(stage, id, { is_active: false })
  await pass(stage, HOUR)
  await rollBack(stage)
  await pass(stage, HOUR)
  assert.deepEqual(await duesOf(stage, id), at('10:20', '12:20'))
  const other = await triggered(stage, cron('30 * * * *'))
  await rollBack(stage)
  await pass(stage, HOUR)
  assert.deepEqual([await duesOf(stage, other.id), (await duesOf(stage, id)).length], [[], 3])
})

test('what becomes due in the moment in which it is deleted does not start', async (context) => {
  const stage = await openStage(context)
  const { id } = await triggered(stage, cron('20 * * * *'))
  setClock(stage, '2026-11-22T10:40:00Z')
  await stage.ask(await signIn(stage), 'workflows.delete', { id })
  await pass(stage, 2 * HOUR)
  assert.deepEqual(await runsOf(stage), [])
})
