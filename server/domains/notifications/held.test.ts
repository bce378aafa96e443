import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOB, openRig } from './rig.ts'
import type { Rig } from './rig.ts'

const HOUR = 3_600_000
/** It is ten o'clock when a rig opens. */
const quiet_hours = { start: '09:00', end: '12:00', timezone: 'UTC' }
const NOON = '2026-11-22T12:00:00.000Z'
const toldTexts = async (rig: Rig, user_id?: string) => (await rig.told(user_id)).map(({ text }) => text)
const listed = async ({ ask }: Rig) => (await ask('ann', 'notifications.list', {})).notifications
const openQuiet = async (t: Parameters<typeof openRig>[0]) => {
  const rig = await openRig(t)
  rig.want({ quiet_hours })
  return rig
}

test('what comes in quiet hours waits for their end and is told then, once; what is critical does not wait', async (t) => {
  const rig = await openQuiet(t)
  await rig.notify('quiet')
  await rig.notify('alarm', { severity: 'critical' })
  assert.deepEqual(
    (await listed(rig)).map(({ text, held_until, delivered_at }) => [text, held_until, delivered_at]),
    [
      ['alarm', undefined, '2026-11-22T10:00:00.000Z'],
      ['quiet', NOON, undefined],
    ],
  )
  await rig.pass(2 * HOUR - 1)
  assert.deepEqual(await toldTexts(rig), ['alarm'])
  await rig.pass(1)
  assert.deepEqual(await toldTexts(rig), ['alarm', 'quiet'])
  const [, quiet] = await listed(rig)
  assert.deepEqual([quiet?.held_until, quiet?.delivered_at], [undefined, NOON])
  assert.deepEqual((await rig.told()).at(-1), quiet)
  await rig.pass(24 * HOUR)
  assert.equal((await rig.told()).length, 2)
})

test('up to five are told singly in their order, more in one sentence as severe as the worst of them', async (t) => {
  const rig = await openQuiet(t)
  const five = ['1', '2', '3', '4', '5']
  for (const text of five) await rig.notify(text)
  await rig.pass(2 * HOUR)
  assert.deepEqual(await toldTexts(rig), five)
  await rig.pass(22 * HOUR)
  for (const text of [...five, '6']) await rig.notify(text, { severity: text === '3' ? 'warning' : 'info' })
  await rig.pass(2 * HOUR)
  const told = (await rig.told()).slice(5)
  assert.equal(told.length, 1)
  const { text, severity, source_agent, data } = told[0] ?? {}
  const expected = ['6 notifications came during your quiet hours.', 'warning', 0, { count: 6 }]
  assert.deepEqual([text, severity, source_agent, data], expected)
  const all = await listed(rig)
  assert.deepEqual([all.length, all[0]], [12, told[0]])
  assert.ok(
    all.every(({ delivered_at, held_until }) => delivered_at !== undefined && held_until === undefined),
  )
})

test('what waits is told once, although the process ends before, at and after the time', async (t) => {
  const rig = await openQuiet(t)
  await rig.notify('one')
  await rig.restart()
  // The clock must not reach the end of the hours while nobody is there to see it.
  rig.clock.jump(2 * HOUR)
  await rig.restart()
  await rig.pass(60_000)
  assert.deepEqual(await toldTexts(rig), ['one'])
  await rig.restart()
  await rig.pass(24 * HOUR)
  assert.deepEqual(await toldTexts(rig), ['one'])
})

test('what the user wants at the end decides, not what they wanted before', async (t) => {
  const rig = await openQuiet(t)
  await rig.notify('small')
  await rig.notify('larger', { severity: 'warning' })
  rig.want({ min_severity: 'warning', quiet_hours: { ...quiet_hours, end: '13:00' } })
  await rig.pass(2 * HOUR)
  assert.deepEqual(await toldTexts(rig), [])
  const waiting = (await listed(rig)).map(({ text, held_until }) => [text, held_until])
  assert.deepEqual(waiting, [
    ['larger', '2026-11-22T13:00:00.000Z'],
    ['small', undefined],
  ])
  await rig.pass(HOUR)
  assert.deepEqual(await toldTexts(rig), ['larger'])
  assert.equal((await listed(rig)).at(-1)?.delivered_at, undefined)
})

test('what was read meanwhile is not told any more', async (t) => {
  const rig = await openQuiet(t)
  await rig.notify('read')
  await rig.notify('unread')
  const id = (await listed(rig)).at(-1)?.notification_id ?? ''
  const read = await rig.ask('ann', 'notifications.read', { id })
  assert.deepEqual([read.text, read.held_until], ['read', undefined])
  await rig.pass(2 * HOUR)
  assert.deepEqual(await toldTexts(rig), ['unread'])
})

test('quiet hours are one user’s own, and those of who hears nothing hold nothing', async (t) => {
  const rig = await openQuiet(t)
  await rig.notify('for Ann')
  await rig.notify('for Bob', {}, BOB)
  assert.deepEqual([await toldTexts(rig), await toldTexts(rig, BOB)], [[], ['for Bob']])
  rig.want({ in_app: false, push: false })
  await rig.notify('silent')
  assert.deepEqual(
    (await listed(rig)).map(({ text, held_until }) => [text, held_until]),
    [
      ['silent', undefined],
      ['for Ann', NOON],
    ],
  )
  await rig.pass(2 * HOUR)
  assert.deepEqual(await toldTexts(rig), [])
})

test('settings that cannot be read delay what waits and lose nothing of it', async (t) => {
  let isBroken = false
  const rig = await openRig(t, {
    settingsOf: () => {
      if (isBroken) throw new Error('no settings')
      const settings = {
        in_app: true,
        push: false,
        email: false,
        sound: false,
        min_severity: 'info' as const,
      }
      return { settings: { ...settings, quiet_hours }, time_zone: 'UTC' }
    },
  })
  await rig.notify('one')
  isBroken = true
  for (let minutes = 0; minutes < 300; minutes += 5) await rig.pass(300_000)
  assert.deepEqual(await toldTexts(rig), [])
  isBroken = false
  for (let minutes = 0; minutes < 120; minutes += 30) await rig.pass(1_800_000)
  assert.deepEqual(await toldTexts(rig), ['one'])
})
