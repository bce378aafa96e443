import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ANN, openRig } from '../rig.ts'
import type { Rig } from '../rig.ts'
import { openBrowser, readVapid } from './rig.ts'

const HOUR = 3_600_000
const subscribe = async (rig: Rig, path = 'a', host?: string) => {
  const browser = openBrowser(path, host)
  const { id } = await rig.ask('ann', 'notifications.push_add', browser.subscription)
  return { ...browser, id }
}
const list = async ({ ask }: Rig) => (await ask('ann', 'notifications.push', {})).subscriptions
/** What a browser has been told, in its order. */
const heard = ({ service }: Rig, browser: ReturnType<typeof openBrowser>) =>
  service.requests.filter(({ url }) => url === browser.endpoint).map(({ body }) => browser.decrypt(body).text)

test('a browser alone can read what it is told, and its service only who sent it', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig)
  await rig.notify('Tee ist fertig 🍵', { severity: 'warning' })
  await rig.pass(0)
  const [request] = rig.service.requests
  assert.ok(request)
  const [{ notification_id } = { notification_id: '' }] = await rig.told()
  const payload = { notification_id, text: 'Tee ist fertig 🍵', severity: 'warning' }
  assert.deepEqual(browser.decrypt(request.body), payload)
  const { authorization, ...headers } = request.headers
  assert.deepEqual(headers, {
    ttl: '86400',
    urgency: 'high',
    topic: notification_id.replaceAll('-', ''),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
  })
  assert.deepEqual(
    [request.method, request.user_id, headers['topic']?.length],
    ['POST', '018f0000-0000-7000-8000-00000000000a', 32],
  )
  const { key, header, claims } = readVapid(authorization)
  assert.equal(key, (await rig.ask('ann', 'notifications.push', {})).public_key)
  assert.deepEqual(header, { typ: 'JWT', alg: 'ES256' })
  assert.deepEqual(
    [claims['aud'], claims['sub']],
    ['https://fcm.googleapis.com', 'mailto:push@paios.invalid'],
  )
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 12 * 3_600)
  assert.ok(request.hosts.includes('*.push.apple.com') && !request.hosts.includes('*'))
})

test('every browser of the user is told once, and success is noted', async (t) => {
  const rig = await openRig(t, {
    settings: { public_url: 'https://paios.example', egress_hosts: ['up.example'] },
  })
  const browsers = [await subscribe(rig, 'a'), await subscribe(rig, 'b', 'up.example')]
  await rig.notify('one')
  await rig.notify('two', { severity: 'critical' })
  await rig.pass(0)
  for (const browser of browsers) assert.deepEqual(heard(rig, browser), ['one', 'two'])
  const urgent = rig.service.requests.filter(({ headers }) => headers['urgency'] === 'high')
  assert.deepEqual([urgent.length, rig.service.requests.length], [2, 4])
  for (const { last_success, failures } of await list(rig))
    assert.deepEqual([last_success, failures], ['2026-11-22T10:00:00.000Z', 0])
  const subjects = rig.service.requests.map(
    ({ headers }) => readVapid(headers['authorization']).claims['sub'],
  )
  assert.deepEqual(new Set(subjects), new Set(['https://paios.example']))
  await rig.restart()
  await rig.pass(24 * HOUR)
  assert.equal(rig.service.requests.length, 4)
})

test('settings keep push silent, or make it the only way', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig)
  rig.want({ push: false })
  await rig.notify('in the app')
  rig.want({ push: true, in_app: false, min_severity: 'warning' })
  await rig.notify('too small')
  await rig.notify('by push', { severity: 'warning' })
  await rig.pass(0)
  assert.deepEqual(heard(rig, browser), ['by push'])
  assert.deepEqual(
    (await rig.told()).map(({ text }) => text),
    ['in the app'],
  )
})

test('at the end of quiet hours a browser is told the sentence and not the many', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig)
  rig.want({ quiet_hours: { start: '09:00', end: '11:00', timezone: 'UTC' } })
  for (let index = 0; index < 7; index += 1) await rig.notify(`${index}`)
  await rig.notify('fire', { severity: 'critical' })
  await rig.pass(0)
  assert.deepEqual(heard(rig, browser), ['fire'])
  await rig.pass(HOUR)
  assert.deepEqual(heard(rig, browser), ['fire', '7 notifications came during your quiet hours.'])
})

test('a service that is gone takes the browser with it, without a word', async (t) => {
  for (const status of [404, 410]) {
    const rig = await openRig(t)
    await subscribe(rig)
    rig.service.answer = () => status
    await rig.notify('one')
    await rig.pass(0)
    assert.deepEqual([await list(rig), (await rig.told()).length], [[], 1], String(status))
    await rig.notify('two')
    await rig.pass(HOUR)
    assert.equal(rig.service.requests.length, 1)
  }
})

test('what may mend is tried again after a while, the same way, and neither counts nor names the address', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig, 'a-secret-address')
  const answers = [429, 503, new Error(`no way to ${browser.endpoint}`), 408, 201]
  rig.service.answer = () => answers.shift() ?? 500
  await rig.notify('one')
  await rig.pass(0)
  for (const expected of [2_000, 4_000, 8_000, 16_000]) {
    const before = rig.service.requests.length
    await rig.pass(expected - 1)
    assert.equal(rig.service.requests.length, before)
    await rig.pass(1)
    assert.equal(rig.service.requests.length, before + 1)
  }
  assert.deepEqual(heard(rig, browser), ['one', 'one', 'one', 'one', 'one'])
  assert.equal(new Set(rig.service.requests.map(({ headers }) => headers['topic'])).size, 1)
  const [one] = await list(rig)
  assert.deepEqual([one?.failures, one?.last_success], [0, '2026-11-22T10:00:30.000Z'])
  assert.equal(rig.logged.join('\n').includes('secret'), false)
  assert.match(rig.logged.join('\n'), /answered with 503/)
})

test('a service that never answers is left after a day, and the browser stays', async (t) => {
  const rig = await openRig(t)
  await subscribe(rig)
  rig.service.answer = () => 500
  await rig.notify('one')
  for (let hours = 0; hours < 30; hours += 0.25) await rig.pass(HOUR / 4)
  const tried = rig.service.requests.length
  assert.ok(tried > 10 && tried <= 18, String(tried))
  const ttls = rig.service.requests.map(({ headers }) => Number(headers['ttl']))
  assert.ok(ttls.every((ttl, index) => ttl > 0 && ttl <= (ttls[index - 1] ?? 86_400)))
  await rig.pass(48 * HOUR)
  assert.equal(rig.service.requests.length, tried)
  assert.equal((await list(rig))[0]?.failures, 0)
})

test('a message that is a day old when the server comes back is not sent any more', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig)
  rig.service.answer = () => 503
  await rig.notify('old')
  await rig.pass(0)
  rig.service.answer = () => 201
  rig.clock.jump(24 * HOUR - 1_000)
  await rig.restart()
  await rig.pass(60_000)
  assert.deepEqual(heard(rig, browser), ['old'])
  await rig.notify('new')
  await rig.pass(0)
  assert.deepEqual(heard(rig, browser), ['old', 'new'])
})

test('five refusals in a row end a subscription, and the user is told; a success in between counts anew', async (t) => {
  const rig = await openRig(t)
  await rig.call('ann', 'notifications.push_add', openBrowser('a').subscription, 'Firefox')
  const say = async (status: number) => {
    rig.service.answer = () => status
    await rig.notify('x')
    await rig.pass(0)
  }
  for (const status of [400, 401, 403, 413]) await say(status)
  assert.equal((await list(rig))[0]?.failures, 4)
  await say(201)
  for (let count = 0; count < 4; count += 1) await say(400)
  assert.equal((await list(rig))[0]?.failures, 4)
  await say(400)
  assert.deepEqual(await list(rig), [])
  const last = (await rig.told()).at(-1)
  assert.deepEqual([last?.source_agent, last?.severity], [0, 'warning'])
  assert.match(last?.text ?? '', /no longer told.*Firefox$/)
})

test('what is read, removed, or unwanted before the next try is not sent any more', async (t) => {
  for (const stop of ['read', 'remove', 'want'] as const) {
    const rig = await openRig(t)
    const { id } = await subscribe(rig)
    rig.service.answer = () => 503
    await rig.notify('one')
    await rig.pass(0)
    if (stop === 'read') await rig.ask('ann', 'notifications.read_all', {})
    if (stop === 'remove') await rig.ask('ann', 'notifications.push_remove', { id })
    if (stop === 'want') rig.want({ push: false })
    await rig.pass(2_000)
    await rig.pass(24 * HOUR)
    assert.equal(rig.service.requests.length, 1, stop)
  }
})

test('a try that falls into quiet hours waits for their end, unless it is critical', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig)
  rig.service.answer = () => 503
  await rig.notify('small')
  await rig.notify('fire', { severity: 'critical' })
  await rig.pass(0)
  rig.service.answer = () => 201
  rig.want({ quiet_hours: { start: '09:00', end: '12:00', timezone: 'UTC' } })
  await rig.pass(HOUR)
  assert.deepEqual(heard(rig, browser).slice(1), ['fire', 'fire'])
  await rig.pass(HOUR)
  assert.deepEqual(heard(rig, browser).slice(3), ['small'])
})

test('a test goes to one browser whatever the settings say, and has no topic', async (t) => {
  const rig = await openRig(t)
  const [one, other] = [await subscribe(rig, 'a'), await subscribe(rig, 'b')]
  rig.want({ in_app: false, push: false, min_severity: 'critical' })
  await rig.ask('ann', 'notifications.push_test', { id: one.id })
  await rig.pass(0)
  assert.deepEqual(heard(rig, other), [])
  const [request] = rig.service.requests
  assert.ok(request)
  const expected = {
    notification_id: null,
    text: 'This is how PAIOS tells you things here.',
    severity: 'info',
  }
  assert.deepEqual([one.decrypt(request.body), request.headers['topic']], [expected, undefined])
  assert.deepEqual(await rig.told(), [])
})

test('a crash in the middle of sending loses nothing: it is sent again under the same topic', async (t) => {
  const rig = await openRig(t)
  const browser = await subscribe(rig)
  rig.service.answer = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopping'))))
  await rig.notify('one')
  await rig.pass(0)
  rig.service.answer = () => 201
  await rig.restart()
  await rig.pass(0)
  assert.deepEqual(heard(rig, browser), ['one', 'one'])
  const [first, second] = rig.service.requests
  assert.equal(first?.headers['topic'], second?.headers['topic'])
})

test('push services that do not keep up hold up nothing: what is too much is told in the app alone', async (t) => {
  const rig = await openRig(t)
  for (let index = 0; index < 20; index += 1) await subscribe(rig, `browser-${index}`)
  rig.service.answer = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopping'))))
  for (let count = 0; count < 51; count += 1) await rig.notify(`${count}`)
  assert.equal((await rig.told()).length, 51)
  assert.equal(rig.kernel().jobs.count('notifications.push', ANN), 1_000)
  assert.equal(rig.logged.filter((line) => line.includes('one is left out')).length, 20)
})

test('a browser that is slow delays no other, and hears everything in its order', async (t) => {
  const rig = await openRig(t)
  const [slow, quick] = [await subscribe(rig, 'slow'), await subscribe(rig, 'quick')]
  const gate = Promise.withResolvers<number>()
  rig.service.answer = ({ url }) => (url === slow.endpoint ? gate.promise : 201)
  for (let count = 0; count < 12; count += 1) {
    await rig.notify(`${count}`)
    rig.clock.advance(1)
  }
  const quickHas = () => heard(rig, quick).length
  for (let turns = 0; turns < 100_000 && quickHas() < 12; turns += 1) await nextTurn()
  const all = Array.from({ length: 12 }, (_, index) => String(index))
  assert.deepEqual([heard(rig, quick), heard(rig, slow)], [all, ['0']])
  gate.resolve(201)
  await rig.pass(0)
  assert.deepEqual(heard(rig, slow), all)
})
