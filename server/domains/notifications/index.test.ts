import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server_events } from '../../../contract/events.ts'
import { Notification } from '../../../contract/notifications.ts'
import { findIssues } from '../../kernel/validate.ts'
import { refused } from '../agents/fixture.ts'
import { ANN, BOB, openRig } from './rig.ts'
import type { Rig } from './rig.ts'

const NOW = '2026-11-22T10:00:00.000Z'
const texts = async ({ ask }: Rig, filter: object = {}, token = 'ann') =>
  (await ask(token, 'notifications.list', filter)).notifications.map(({ text }) => text)
const idOf = async ({ ask }: Rig, text: string) => {
  const { notifications } = await ask('ann', 'notifications.list', {})
  return notifications.find((one) => one.text === text)?.notification_id ?? ''
}

test('what a user is told is listed newest first, and told as an event with the same content', async (t) => {
  const rig = await openRig(t)
  await rig.notify('one', { severity: 'warning', data: { path: '/tmp/ä', size: 3 } })
  await rig.notify('two')
  const { notifications, unread_count } = await rig.ask('ann', 'notifications.list', {})
  assert.deepEqual([await texts(rig), unread_count], [['two', 'one'], 2])
  for (const one of notifications) assert.deepEqual(findIssues(Notification, one), [])
  const events = await rig.told()
  assert.deepEqual(events, notifications.toReversed())
  for (const data of events) assert.deepEqual(findIssues(server_events['notification:created'], data), [])
  const { notification_id: _, ...rest } = notifications[1] ?? {}
  const data = { path: '/tmp/ä', size: 3 }
  assert.deepEqual(rest, {
    source_agent: 2,
    severity: 'warning',
    text: 'one',
    data,
    created_at: NOW,
    delivered_at: NOW,
  })
})

test('a transaction that fails tells nothing and keeps nothing, held or not', async (t) => {
  const rig = await openRig(t)
  await assert.rejects(rig.notifyInVain('no'), /after all/)
  rig.want({ quiet_hours: { start: '09:00', end: '11:00', timezone: 'UTC' } })
  await assert.rejects(rig.notifyInVain('no'), /after all/)
  await rig.pass(7_200_000)
  assert.deepEqual([await texts(rig), await rig.told()], [[], []])
})

test('settings decide who hears, and nothing is lost of what nobody hears', async (t) => {
  const rig = await openRig(t)
  rig.want({ min_severity: 'warning' })
  await rig.notify('too small')
  await rig.notify('enough', { severity: 'warning' })
  rig.want({ in_app: false, push: false })
  await rig.notify('for nobody', { severity: 'critical' })
  const { notifications, unread_count } = await rig.ask('ann', 'notifications.list', {})
  assert.deepEqual(
    notifications.map(({ text, delivered_at, held_until }) => [text, delivered_at, held_until]),
    [
      ['for nobody', undefined, undefined],
      ['enough', NOW, undefined],
      ['too small', undefined, undefined],
    ],
  )
  assert.equal(unread_count, 3)
  assert.deepEqual(
    (await rig.told()).map(({ text }) => text),
    ['enough'],
  )
})

test('one is read once, and the time of that stays', async (t) => {
  const rig = await openRig(t)
  await rig.notify('one')
  await rig.notify('two')
  const id = await idOf(rig, 'one')
  await rig.pass(1_000)
  const read = await rig.ask('ann', 'notifications.read', { id })
  assert.equal(read.read_at, '2026-11-22T10:00:01.000Z')
  await rig.pass(1_000)
  assert.deepEqual(await rig.ask('ann', 'notifications.read', { id }), read)
  assert.deepEqual(await texts(rig, { unread: true }), ['two'])
  assert.deepEqual(await texts(rig, { unread: false }), ['two', 'one'])
  assert.equal((await rig.ask('ann', 'notifications.list', {})).unread_count, 1)
})

test('all up to a moment are read at once, in any zone, and how many that were is said', async (t) => {
  const rig = await openRig(t)
  await rig.notify('one')
  await rig.pass(1_000)
  await rig.notify('two')
  await rig.pass(1_000)
  await rig.notify('three')
  const until = (time: string) => rig.ask('ann', 'notifications.read_all', { until: time })
  assert.deepEqual(await until('2026-11-22T10:00:00.9999Z'), { read: 1 })
  assert.deepEqual(await until('2026-11-22T12:00:01+02:00'), { read: 1 })
  assert.deepEqual(await until('2026-11-22T12:00:01+02:00'), { read: 0 })
  assert.deepEqual(await texts(rig, { unread: true }), ['three'])
  assert.deepEqual(await rig.ask('ann', 'notifications.read_all', {}), { read: 1 })
  assert.deepEqual(await texts(rig, { unread: true }), [])
})

test('nobody sees, reads or marks what another one was told', async (t) => {
  const rig = await openRig(t)
  await rig.notify('for Ann')
  await rig.notify('for Bob', {}, BOB)
  const id = await idOf(rig, 'for Ann')
  assert.deepEqual(await texts(rig, {}, 'bob'), ['for Bob'])
  const theirs = await rig.call('bob', 'notifications.read', { id })
  const unknown = await rig.call('bob', 'notifications.read', {
    id: id.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  })
  assert.deepEqual([refused(theirs), refused(unknown)], ['404 GENERAL_001', '404 GENERAL_001'])
  assert.deepEqual(await rig.ask('bob', 'notifications.read_all', {}), { read: 1 })
  assert.deepEqual(await texts(rig, { unread: true }), ['for Ann'])
  assert.equal(refused(await rig.call('eve', 'notifications.list', {})), '401 AUTH_001')
})

test('the list starts at a moment in any zone, that moment included, and nonsense is malformed', async (t) => {
  const rig = await openRig(t)
  await rig.notify('one')
  await rig.pass(1_000)
  await rig.notify('two')
  for (const since of ['2026-11-22T10:00:01Z', '2026-11-22T12:00:01+02:00', '2026-11-22T10:00:00.0001Z'])
    assert.deepEqual(await texts(rig, { since }), ['two'], since)
  assert.deepEqual(await texts(rig, { since: '2026-11-22T10:00:01.001Z' }), [])
  for (const filter of [{ limit: 0 }, { since: 'now' }, { cursor: '!' }, { unread: 'yes' }])
    assert.equal(refused(await rig.call('ann', 'notifications.list', filter as object)), '400 GENERAL_001')
  for (const until of ['', 'now', '2026-13-01T00:00:00Z'])
    assert.equal(
      refused(await rig.call('ann', 'notifications.read_all', { until })),
      '400 GENERAL_001',
      until,
    )
})

test('pages follow each other without a gap, although something is told in between', async (t) => {
  const rig = await openRig(t)
  for (const text of ['a', 'b', 'c']) await rig.notify(text)
  const first = await rig.ask('ann', 'notifications.list', { limit: 2 })
  await rig.notify('d')
  const rest = await rig.ask('ann', 'notifications.list', { limit: 2, cursor: first.next_cursor ?? '' })
  assert.deepEqual(
    [rest.notifications.map(({ text }) => text), rest.next_cursor, rest.unread_count],
    [['a'], undefined, undefined],
  )
  for (let index = 0; index < 51; index += 1) await rig.notify(`${index}`)
  assert.equal((await texts(rig)).length, 50)
})

test('what was told is still there after a restart, and is not told again', async (t) => {
  const rig = await openRig(t)
  await rig.notify('one')
  await rig.restart()
  await rig.pass(86_400_000)
  assert.deepEqual([await texts(rig), (await rig.told()).length], [['one'], 1])
})

test('whoever has no settings yet is told in the app', async (t) => {
  const rig = await openRig(t, { settingsOf: () => undefined })
  await rig.notify('welcome')
  assert.deepEqual(
    (await rig.told(ANN)).map(({ text }) => text),
    ['welcome'],
  )
})
