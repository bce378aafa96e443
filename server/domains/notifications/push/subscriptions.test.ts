import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusal, refused } from '../../agents/fixture.ts'
import { openRig } from '../rig.ts'
import type { Rig } from '../rig.ts'
import { openBrowser } from './rig.ts'

const list = async ({ ask }: Rig, token = 'ann') => (await ask(token, 'notifications.push', {})).subscriptions
const add = (rig: Rig, path: string, host?: string) =>
  rig.ask('ann', 'notifications.push_add', openBrowser(path, host).subscription)

test('a browser subscribes with the key of this server, which is made once and lies wrapped', async (t) => {
  const rig = await openRig(t)
  const { public_key, subscriptions } = await rig.ask('ann', 'notifications.push', {})
  assert.deepEqual([Buffer.from(public_key, 'base64url').length, public_key[0], subscriptions], [65, 'B', []])
  await rig.restart()
  assert.equal((await rig.ask('bob', 'notifications.push', {})).public_key, public_key)
  const rows = rig.kernel().store.reader.connection.all('SELECT * FROM push_keys', [])
  const wrapped = String(rows[0]?.['wrapped'])
  assert.equal(rig.kernel().keys.unwrap('push-key-wrap', wrapped, public_key).length, 32)
  assert.throws(() => rig.kernel().keys.unwrap('push-key-wrap', wrapped, 'another'))
})

test('a subscription is listed with its browser and never with its address', async (t) => {
  const rig = await openRig(t)
  const { subscription, endpoint } = openBrowser('a-secret-of-the-browser-123456')
  const reply = await rig.call(
    'ann',
    'notifications.push_add',
    subscription,
    `Mozilla/5.0 ${'x'.repeat(900)}`,
  )
  const [one] = await list(rig)
  assert.deepEqual(reply.ok && reply.data, one)
  const { id: _, user_agent, ...rest } = one ?? {}
  assert.deepEqual(rest, {
    endpoint: 'https://fcm.googleapis.com/…123456',
    created_at: '2026-11-22T10:00:00.000Z',
    failures: 0,
  })
  assert.equal(user_agent?.length, 256)
  const audit = JSON.stringify(rig.kernel().store.reader.connection.all('SELECT * FROM audit', []))
  assert.ok(audit.includes('notifications.push_add'))
  for (const secret of [endpoint, 'a-secret-of', subscription.keys.auth])
    assert.equal(`${audit} ${rig.logged.join()}`.includes(secret), false, secret)
})

test('what could never be sent to is refused, by the name of what is wrong and without the address', async (t) => {
  const rig = await openRig(t)
  const { subscription: good } = openBrowser('secret')
  const { endpoint, keys } = good
  const offCurve = Buffer.from(keys.p256dh, 'base64url').fill(7, 1).toString('base64url')
  const wrong: [string, typeof good][] = [
    ['/endpoint', { keys, endpoint: endpoint.replace('https', 'http') }],
    ['/endpoint', { keys, endpoint: 'https://fcm.googleapis.com:8443/send/secret' }],
    ['/endpoint', { keys, endpoint: 'https://ann:pw@fcm.googleapis.com/send/secret' }],
    ['/endpoint', { keys, endpoint: 'https://evil.example/send/secret' }],
    ['/endpoint', { keys, endpoint: 'https://fcm.googleapis.com.evil.example/secret' }],
    ['/endpoint', { keys, endpoint: 'https://evilnotify.windows.com/secret' }],
    ['/endpoint', { keys, endpoint: 'https://127.0.0.1/secret' }],
    ['/endpoint', { keys, endpoint: 'not an address secret' }],
    ['/endpoint', { keys, endpoint: `https://fcm.googleapis.com/${'x'.repeat(2_048)}` }],
    ['/keys/p256dh', { endpoint, keys: { ...keys, p256dh: offCurve } }],
    ['/keys/p256dh', { endpoint, keys: { ...keys, p256dh: keys.p256dh.replace('B', 'C') } }],
    ['/keys/p256dh', { endpoint, keys: { ...keys, p256dh: keys.p256dh.slice(1) } }],
    ['/keys/auth', { endpoint, keys: { ...keys, auth: keys.auth.slice(1) } }],
    ['/keys/auth', { endpoint, keys: { ...keys, auth: `${keys.auth}A` } }],
  ]
  for (const [path, input] of wrong) {
    const reply = await rig.call('ann', 'notifications.push_add', input)
    const { status, code, details } = refusal(reply)
    assert.deepEqual([status, code], [400, 'GENERAL_001'], input.endpoint)
    assert.equal((details['issues'] as { path: string }[])[0]?.path, path, input.endpoint)
    assert.equal(JSON.stringify(reply).includes('secret'), false)
  }
  assert.deepEqual(await list(rig), [])
})

test('the services of the browsers are known, and the operator may allow others', async (t) => {
  const rig = await openRig(t, { settings: { egress_hosts: ['push.example.org', '*.up.example'] } })
  const hosts = [
    'updates.push.services.mozilla.com',
    'web.push.apple.com',
    'api.push.apple.com',
    'db5p.notify.windows.com',
    'push.example.org',
    'ann.up.example',
  ]
  for (const host of hosts) await add(rig, 'x', host)
  assert.deepEqual(
    (await list(rig)).map(({ endpoint }) => endpoint),
    hosts.map((host) => `https://${host}/…send/x`),
  )
  assert.equal(
    refused(await rig.call('ann', 'notifications.push_add', openBrowser('x', 'up.example').subscription)),
    '400 GENERAL_001',
  )
})

test('the same endpoint replaces itself, twenty are the most, and a removed one makes room', async (t) => {
  const rig = await openRig(t)
  const ids: string[] = []
  for (let index = 0; index < 20; index += 1) ids.push((await add(rig, `browser-${index}`)).id)
  const one = await rig.call('ann', 'notifications.push_add', openBrowser('one-more').subscription)
  assert.equal(refused(one), '409 GENERAL_001')
  const again = await add(rig, 'browser-3')
  assert.deepEqual(
    (await list(rig)).map(({ id }) => id),
    [...ids.filter((id) => id !== ids[3]), again.id],
  )
  await rig.ask('ann', 'notifications.push_remove', { id: again.id })
  await add(rig, 'one-more')
  assert.equal((await list(rig)).length, 20)
})

test('nobody sees, tests or removes the browser of another one', async (t) => {
  const rig = await openRig(t)
  const { id } = await add(rig, 'a')
  assert.deepEqual(await list(rig, 'bob'), [])
  for (const name of ['notifications.push_remove', 'notifications.push_test'] as const) {
    const theirs = refusal(await rig.call('bob', name, { id }))
    const none = refusal(await rig.call('bob', name, { id: '018f0000-0000-7000-8000-00000000000c' }))
    assert.deepEqual([theirs.status, none.status, theirs.code], [404, 404, 'GENERAL_001'])
  }
  for (const name of ['notifications.push', 'notifications.push_remove'] as const)
    assert.equal(refused(await rig.call('eve', name, { id })), '401 AUTH_001')
  await rig.pass(0)
  assert.deepEqual([(await list(rig)).length, rig.service.requests.length], [1, 0])
})

test('a browser goes with whoever signs in to it; who knows its address alone takes it from nobody', async (t) => {
  const rig = await openRig(t)
  const { subscription } = openBrowser('shared')
  await rig.ask('ann', 'notifications.push_add', subscription)
  await rig.ask('bob', 'notifications.push_add', { ...openBrowser('shared').subscription })
  const auth = 'A'.repeat(22)
  const guessed = { ...subscription, keys: { ...subscription.keys, auth } }
  await rig.ask('bob', 'notifications.push_add', guessed)
  assert.equal((await list(rig)).length, 1, 'other keys')
  await rig.ask('bob', 'notifications.push_add', subscription)
  assert.deepEqual([(await list(rig)).length, (await list(rig, 'bob')).length], [0, 1])
})
