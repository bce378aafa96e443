import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from './fixture.ts'
import type { Server } from './fixture.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** What has rung, oldest first, once all that is due was seen to. */
async function rung({ ask, signIn, write, clock }: Server): Promise<string[]> {
  // Alarms are claimed and rung in transactions of their own: as many pass as these tests could need.
  for (let turn = 0; turn < 20; turn += 1) await write(() => Promise.resolve())
  clock.advance(0)
  const { notifications } = await ask(await signIn(), 'notifications.list', {})
  return notifications.map(({ text }) => text).toReversed()
}

const reminders = async ({ signIn, done }: Server) => {
  await signIn()
  const { reminders: found } = await done(3, 'list')
  return (found as { text: string; due: string }[]).map(({ text, due }) => `${text} ${due}`)
}

test('a reminder rings at its time, not a moment before, and once', async (context) => {
  const server = await openServer(context)
  await server.done(3, 'remind', { text: 'stretch', in_seconds: 60 })
  server.clock.advance(MINUTE - 1)
  assert.deepEqual(await rung(server), [])
  server.clock.advance(1)
  assert.deepEqual(await rung(server), ['Reminder: Stretch.'])
  server.clock.advance(DAY)
  assert.deepEqual(await rung(server), ['Reminder: Stretch.'])
  assert.deepEqual(await reminders(server), [])
})

test('a ring is a notification with its event, from the agent that was asked', async (context) => {
  const server = await openServer(context)
  const { ask, ann, told, clock, done } = server
  await done(3, 'timer', { seconds: 5, label: 'tea' })
  clock.advance(5_000)
  await rung(server)
  const { notifications } = await ask(ann.token, 'notifications.list', {})
  const { notification_id, ...rest } = notifications[0] ?? {}
  const created_at = '2026-11-22T10:00:05.000Z'
  assert.deepEqual(rest, {
    source_agent: 3,
    severity: 'info',
    text: 'Your tea timer is up.',
    created_at,
    delivered_at: created_at,
  })
  const last = (await told()).at(-1)
  assert.deepEqual([last?.name, last?.data], ['notification:created', { notification_id, ...rest }])
})

test('an alarm waits through a restart, and one that fell due meanwhile rings right after it, once', async (context) => {
  const server = await openServer(context)
  await server.done(3, 'remind', { text: 'soon', in_seconds: 60 })
  await server.done(3, 'remind', { text: 'later', in_seconds: 3_600 })
  server.clock.jump(5 * MINUTE)
  await server.restart()
  assert.deepEqual(await rung(server), ['Reminder: Soon.'])
  await server.restart()
  assert.deepEqual(await rung(server), ['Reminder: Soon.'])
  server.clock.advance(55 * MINUTE)
  assert.deepEqual(await rung(server), ['Reminder: Soon.', 'Reminder: Later.'])
})

test('what repeats rings each time, and what was missed is not made up for', async (context) => {
  const server = await openServer(context)
  const { clock, done, restart } = server
  await done(3, 'remind', { text: 'water the fern', at: '2026-11-22T12:00', repeat: 'daily' })
  clock.advance(60 * MINUTE)
  assert.deepEqual(await rung(server), ['Reminder: Water the fern.'])
  clock.jump(3 * DAY)
  await restart()
  assert.equal((await rung(server)).length, 2)
  assert.deepEqual(await reminders(server), ['water the fern 2026-11-26T12:00:00+01:00'])
  clock.advance(DAY)
  assert.equal((await rung(server)).length, 3)
})

test('snoozing puts a waiting alarm off, and wakes one that has rung', async (context) => {
  const server = await openServer(context)
  const { clock, done } = server
  await done(3, 'remind', { text: 'stretch', in_seconds: 60 })
  await done(3, 'snooze', { seconds: 60 })
  clock.advance(MINUTE)
  assert.deepEqual(await rung(server), [])
  clock.advance(MINUTE)
  assert.equal((await rung(server)).length, 1)
  await done(3, 'snooze', { seconds: 30 })
  clock.advance(30_000)
  assert.equal((await rung(server)).length, 2)
})

test('a cancelled alarm never rings, nor does the alarm of what was undone', async (context) => {
  const server = await openServer(context)
  const { ask, ann, act, clock, done } = server
  const { reminder_id } = await done(3, 'remind', { text: 'one', in_seconds: 60 })
  await done(3, 'cancel', { reminder_id })
  const { execution_id } = await act(3, 'remind', { text: 'two', in_seconds: 60 })
  await ask(ann.token, 'agents.undo', { id: execution_id })
  clock.advance(DAY)
  assert.deepEqual(await rung(server), [])
})

test('taking a cancellation back sets the alarm again, at once when its time has come meanwhile', async (context) => {
  const server = await openServer(context)
  const { ask, ann, act, clock, done } = server
  await done(3, 'remind', { text: 'stretch', in_seconds: 60 })
  const { execution_id } = await act(3, 'cancel', { text: 'stretch' })
  clock.advance(30_000)
  const undone = await ask(ann.token, 'agents.undo', { id: execution_id })
  assert.deepEqual(await reminders(server), ['stretch 2026-11-22T11:01:00+01:00'])
  await ask(ann.token, 'agents.undo', { id: undone.execution_id })
  clock.advance(DAY)
  assert.deepEqual(await rung(server), [])
  const { modifications } = await ask(ann.token, 'system.modifications', {})
  assert.deepEqual(modifications, [])
  await server.write((tx) => server.app.changes.undo.undo(tx, ann.user_id))
  assert.deepEqual(await rung(server), ['Reminder: Stretch.'])
})

test('undoing a snooze puts the alarm back to where it was', async (context) => {
  const server = await openServer(context)
  const { ask, ann, act, clock, done } = server
  await done(3, 'remind', { text: 'stretch', in_seconds: 60 })
  const { execution_id } = await act(3, 'snooze', { seconds: 600 })
  await ask(ann.token, 'agents.undo', { id: execution_id })
  clock.advance(MINUTE)
  assert.deepEqual(await rung(server), ['Reminder: Stretch.'])
  clock.advance(DAY)
  assert.equal((await rung(server)).length, 1)
})

test('reminders ring although their agent is switched off or deleted, and for their user alone', async (context) => {
  const server = await openServer(context)
  const { ask, ann, bob, clock, done } = server
  const other = await bob()
  await done(3, 'remind', { text: 'one', in_seconds: 60 })
  await ask(ann.token, 'agents.update', { id: '3', is_active: false })
  clock.advance(MINUTE)
  assert.deepEqual(await rung(server), ['Reminder: One.'])
  await ask(ann.token, 'agents.update', { id: '3', is_active: true })
  await done(3, 'remind', { text: 'two', in_seconds: 60 })
  await ask(ann.token, 'agents.delete', { id: '3' })
  clock.advance(MINUTE)
  assert.deepEqual(await rung(server), ['Reminder: One.', 'Reminder: Two.'])
  assert.deepEqual((await ask(other.token, 'notifications.list', {})).notifications, [])
})

test('many that fall due at once ring in the order of their time', async (context) => {
  const server = await openServer(context)
  for (const seconds of [30, 10, 20])
    await server.done(3, 'remind', { text: `at ${seconds}`, in_seconds: seconds })
  server.clock.jump(MINUTE)
  await server.restart()
  assert.deepEqual(await rung(server), ['Reminder: At 10.', 'Reminder: At 20.', 'Reminder: At 30.'])
})
