import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOB, openRig } from './rig.ts'
import type { Rig } from './rig.ts'

const DAY = 86_400_000
const texts = async ({ ask }: Rig, token = 'ann') =>
  (await ask(token, 'notifications.list', { limit: 500 })).notifications.map(({ text }) => text).toReversed()

test('beyond the bound the oldest read ones go first, then the oldest, and of that user alone', async (t) => {
  const rig = await openRig(t, { bounds: { kept_max: 6, kept_after: 4 } })
  await rig.notify('his', {}, BOB)
  for (const text of ['1', '2', '3', '4', '5', '6']) await rig.notify(text)
  assert.equal((await texts(rig)).length, 6)
  const { notifications } = await rig.ask('ann', 'notifications.list', {})
  for (const { text, notification_id: id } of notifications)
    if (text === '3' || text === '5') await rig.ask('ann', 'notifications.read', { id })
  await rig.notify('7')
  assert.deepEqual(await texts(rig), ['2', '4', '6', '7'])
  for (const text of ['8', '9']) await rig.notify(text)
  assert.deepEqual(await texts(rig), ['2', '4', '6', '7', '8', '9'])
  await rig.notify('10')
  assert.deepEqual([await texts(rig), await texts(rig, 'bob')], [['7', '8', '9', '10'], ['his']])
})

test('after 90 days what was told is gone, also through a restart, and what is younger is not', async (t) => {
  const rig = await openRig(t)
  await rig.notify('old')
  await rig.pass(DAY / 2)
  await rig.notify('half a day younger')
  await rig.pass(5 * DAY)
  await rig.notify('younger')
  await rig.restart()
  await rig.pass(84.5 * DAY - 1_000)
  assert.deepEqual(await texts(rig), ['old', 'half a day younger', 'younger'])
  await rig.pass(1)
  assert.deepEqual(await texts(rig), ['half a day younger', 'younger'])
  await rig.pass(DAY)
  assert.deepEqual(await texts(rig), ['younger'])
  await rig.pass(5 * DAY)
  assert.deepEqual(await texts(rig), [])
  await rig.notify('later')
  await rig.pass(91 * DAY)
  assert.deepEqual(await texts(rig), [])
})
