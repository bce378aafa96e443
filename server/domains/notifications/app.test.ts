import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refused } from '../agents/fixture.ts'
import { openBrowser } from './push/rig.ts'

const settings = { in_app: true, push: false, email: false, sound: true, min_severity: 'info' } as const

test('in a whole app the quiet hours of the preferences hold what an agent says', async (t) => {
  const server = await openServer(t)
  const { ask, ann, clock, done, told } = server
  // It is eleven in Berlin.
  const quiet_hours = { start: '11:00', end: '12:00', timezone: 'Europe/Berlin' }
  await ask(ann.token, 'auth.preferences', { notification_settings: { ...settings, quiet_hours } })
  const before = (await told()).length
  await done(3, 'timer', { seconds: 5, label: 'tea' })
  const started = (await told()).length
  assert.ok(started > before)
  clock.advance(5_000)
  const newest = async () =>
    (await ask(await server.signIn(), 'notifications.list', { limit: 1 })).notifications[0]
  let found = await newest()
  for (let tries = 0; tries < 100 && found === undefined; tries += 1) found = await newest()
  assert.deepEqual([found?.text, found?.held_until], ['Your tea timer is up.', '2026-11-22T11:00:00.000Z'])
  assert.equal((await told()).filter(({ name }) => name === 'notification:created').length, 0)
  clock.advance(3_595_000)
  for (let tries = 0; tries < 100 && found?.delivered_at === undefined; tries += 1) found = await newest()
  assert.equal(found?.delivered_at, '2026-11-22T11:00:00.000Z')
  assert.equal((await told()).filter(({ name }) => name === 'notification:created').length, 1)
})

test('a user who is removed leaves no browser behind that could be told anything', async (t) => {
  const server = await openServer(t)
  const { ask, ann, call, app } = server
  const { token, user_id } = await server.bob()
  await ask(token, 'notifications.push_add', openBrowser('bob').subscription)
  await ask(ann.token, 'users.delete', { id: user_id })
  for (const table of ['push_subscriptions', 'notifications', 'jobs'])
    assert.deepEqual(
      app.kernel.store.reader.connection.all(`SELECT * FROM ${table} WHERE user_id = ?`, [user_id]),
      [],
      table,
    )
  assert.equal(refused(await call(token, 'notifications.push', {})), '401 AUTH_001')
})
