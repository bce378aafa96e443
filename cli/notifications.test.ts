import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from './fixture.ts'

const one = {
  notification_id: '01890000-0000-7000-8000-000000000009',
  source_agent: 3,
  severity: 'info',
  text: 'Drink\nwater.',
  created_at: '2026-11-22T07:59:00.000Z',
} as const
const system = {
  ...one,
  source_agent: 0,
  severity: 'critical',
  created_at: '2026-11-20T10:00:00.000Z',
} as const

test('the newest are listed, a line each, as many as wanted', async (t) => {
  const desk = openDesk({ 'notifications.list': () => ({ notifications: [one, system] }) })
  t.after(desk.remove)
  await desk.signIn()
  const { stdout } = await desk.paios(['notifications', '--limit', '2'])
  assert.equal(
    stdout,
    '2 h ago     agent 3  info      Drink / water.\n2 days ago  system   critical  Drink / water.\n',
  )
  assert.deepEqual(desk.seen[0]?.input, { limit: 2 })
  for (const limit of ['0', '501', '-1', '1e2', 'x', '']) {
    assert.equal((await desk.paios(['notifications', '--limit', limit])).exit, 2, limit)
  }
  assert.equal(desk.seen.length, 1)
})

test('nothing is said to be nothing', async (t) => {
  const desk = openDesk({ 'notifications.list': () => ({ notifications: [] }) })
  t.after(desk.remove)
  await desk.signIn()
  assert.equal((await desk.paios(['notifications'])).stdout, 'Nothing yet.\n')
  assert.equal((await desk.paios(['notifications', '--json'])).stdout, '{"notifications":[]}\n')
})

test('only what is unread is listed when that is wanted, and nothing is marked unasked', async (t) => {
  const desk = openDesk({
    'notifications.list': ({ unread }) => ({ notifications: unread === true ? [] : [one] }),
  })
  t.after(desk.remove)
  await desk.signIn()
  assert.equal((await desk.paios(['notifications', '--unread'])).stdout, 'Nothing unread.\n')
  assert.equal((await desk.paios(['notifications', '--unread', '--read'])).stdout, 'Nothing unread.\n')
  assert.match((await desk.paios(['notifications'])).stdout, /Drink \/ water/)
  assert.deepEqual(
    desk.seen.map(({ input }) => input),
    [{ limit: 20, unread: true }, { limit: 20, unread: true }, { limit: 20 }],
  )
})

test('what was listed is marked as read up to the newest of it, and not what came later', async (t) => {
  const desk = openDesk({
    'notifications.list': () => ({ notifications: [one, system], unread_count: 2 }),
    'notifications.read_all': () => ({ read: 2 }),
  })
  t.after(desk.remove)
  await desk.signIn()
  const { stdout, exit } = await desk.paios(['notifications', '--read'])
  assert.deepEqual([exit, stdout.split('\n').length], [0, 3])
  assert.deepEqual(desk.seen.at(-1)?.input, { until: one.created_at })
  assert.equal(desk.seen.length, 2)
})
