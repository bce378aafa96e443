import assert from 'node:assert/strict'
import { test } from 'node:test'
import { server_events } from '../../../contract/events.ts'
import { Notification } from '../../../contract/notifications.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'
import { openNotifications } from './index.ts'

/** Tells Ann something, as any domain does. */
const notify = ({ app, ann, write }: Server, text: string, user_id = ann.user_id) =>
  write((tx) =>
    openNotifications(app.kernel).notify(tx, user_id, { source_agent: 2, severity: 'warning', text }),
  )
const texts = async ({ ask, ann }: Server, filter: object = {}) =>
  (await ask(ann.token, 'notifications.list', filter)).notifications.map(({ text }) => text)

test('what a user is told is listed newest first, and told as an event with the same content', async (context) => {
  const server = await openServer(context)
  const before = (await server.told()).length
  await notify(server, 'one')
  await notify(server, 'two')
  const { notifications } = await server.ask(server.ann.token, 'notifications.list', {})
  assert.deepEqual(
    notifications.map(({ text }) => text),
    ['two', 'one'],
  )
  for (const one of notifications) assert.deepEqual(findIssues(Notification, one), [])
  const events = (await server.told()).slice(before)
  assert.deepEqual(
    events.map(({ data }) => data),
    notifications.toReversed(),
  )
  for (const { name, data } of events) assert.deepEqual(findIssues(server_events[name], data), [])
  const { notification_id: _, ...rest } = notifications[1] ?? {}
  const created_at = '2026-11-22T10:00:00.000Z'
  assert.deepEqual(rest, { source_agent: 2, severity: 'warning', text: 'one', created_at })
})

test('a transaction that fails tells nothing', async (context) => {
  const server = await openServer(context)
  const before = (await server.told()).length
  const failing = server.write(async (tx) => {
    const given = { source_agent: 0, severity: 'critical', text: 'no' } as const
    await openNotifications(server.app.kernel).notify(tx, server.ann.user_id, given)
    throw new Error('after all')
  })
  await assert.rejects(failing, /after all/)
  assert.deepEqual([await texts(server), (await server.told()).length], [[], before])
})

test('the list starts at a moment in any zone, that moment included', async (context) => {
  const server = await openServer(context)
  await notify(server, 'one')
  server.clock.advance(1_000)
  await notify(server, 'two')
  for (const since of ['2026-11-22T10:00:01Z', '2026-11-22T12:00:01+02:00'])
    assert.deepEqual(await texts(server, { since }), ['two'], since)
  assert.deepEqual(await texts(server, { since: '2026-11-22T10:00:01.001Z' }), [])
})

test('pages follow each other without a gap, although something is told in between', async (context) => {
  const server = await openServer(context)
  for (const text of ['a', 'b', 'c']) await notify(server, text)
  const { ask, ann } = server
  const first = await ask(ann.token, 'notifications.list', { limit: 2 })
  await notify(server, 'd')
  const rest = await ask(ann.token, 'notifications.list', { limit: 2, cursor: first.next_cursor ?? '' })
  assert.deepEqual(
    rest.notifications.map(({ text }) => text),
    ['a'],
  )
  assert.equal(rest.next_cursor, undefined)
  for (let index = 0; index < 51; index += 1) await notify(server, `${index}`)
  assert.equal((await texts(server)).length, 50)
})

test('everybody is told their own things alone, strangers nothing, and nonsense is malformed', async (context) => {
  const server = await openServer(context)
  const { call, bob } = server
  const { token, user_id } = await bob()
  await notify(server, 'for Ann')
  await notify(server, 'for Bob', user_id)
  assert.deepEqual(await texts(server), ['for Ann'])
  const theirs = await server.ask(token, 'notifications.list', {})
  assert.deepEqual(
    theirs.notifications.map(({ text }) => text),
    ['for Bob'],
  )
  assert.equal(refused(await call(undefined, 'notifications.list', {})), '401 AUTH_001')
  for (const filter of [{ limit: 0 }, { since: 'now' }, { cursor: '!' }])
    assert.equal(refused(await call(token, 'notifications.list', filter)), '400 GENERAL_001')
})

test('what was told is still there after a restart', async (context) => {
  const server = await openServer(context)
  await notify(server, 'one')
  await server.restart()
  assert.deepEqual(await texts(server), ['one'])
})
