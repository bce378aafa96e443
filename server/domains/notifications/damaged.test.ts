import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eachDamage } from '../../../test/damage.ts'
import { openRig } from './rig.ts'

test('whatever is damaged in one notification, the others are shown and further ones come', async (t) => {
  const rig = await openRig(t)
  await rig.notify('whole', { data: { is: 'whole' } })
  const notification_id = await rig.notify('damaged', { data: { is: 'damaged' } })
  const { store } = rig.kernel()
  const place = { table: 'notifications', where: { notification_id }, except: ['user_id'] }
  await eachDamage(store, place, async (damage) => {
    await rig.notify(damage)
    const { notifications } = await rig.ask('ann', 'notifications.list', { limit: 500 })
    const texts = notifications.map(({ text }) => text)
    assert.deepEqual([texts[0], texts.includes('whole')], [damage, true], damage)
    rig.clock.advance(60_000)
  })
})
