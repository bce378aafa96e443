import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { absent } from './chromium.ts'
import { claim, openCommandLine, openRig } from './rig.ts'
import type { Device, Rig } from './rig.ts'

const options = { skip: absent }
let rig: Rig
let ann: Device
after(() => (absent === false ? rig.close() : undefined))

/** A push service that the browser can reach: it gives out an address, and never hears of what is sent there. */
const SERVICE = `(() => {
  let made = null
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
    const endpoint = 'https://fcm.googleapis.com/fcm/send/abcdef123456'
    const keys = { p256dh: text(await crypto.subtle.exportKey('raw', pair.publicKey)), auth: text(new Uint8Array(16)) }
    window.subscribed = { userVisibleOnly, applicationServerKey }
    made = { endpoint, toJSON: () => ({ endpoint, keys }), unsubscribe: async () => { made = null; return true } }
    return made
  }
  PushManager.prototype.getSubscription = async () => made
})()`
const allow = () => ann.page.getByRole('button', { name: 'Allow on this device' })

test(
  'a browser that shows no notifications says so, and one without its push service too',
  options,
  async () => {
    rig = await openRig()
    ann = await rig.device()
    await claim(ann, rig.setup_code)
    const { page } = ann
    await page.locator('#notices').getByText('nobody is told anything').waitFor()
    await allow().click()
    await page.getByText('This browser does not let PAIOS show notifications.').waitFor()
    await page.context().grantPermissions(['notifications'])
    await allow().click()
    await page.getByText('This browser could not reach its push service').waitFor()
    assert.equal(
      await page.evaluate('navigator.serviceWorker.ready.then(({ scope }) => scope)'),
      `${rig.url}/`,
    )
  },
)

test('a message is shown once for its id, and something is shown of whatever came', options, async () => {
  const { page, cdp } = ann
  const registrationId = await registered()
  const deliver = (data: string) =>
    cdp.send('ServiceWorker.deliverPushMessage', { origin: rig.url, registrationId, data })
  const shown = () =>
    page.evaluate(`navigator.serviceWorker.ready.then((registration) => registration.getNotifications())
      .then((all) => all.map(({ title, body, tag, requireInteraction }) => [title, body, tag, requireInteraction]).sort())`)
  const expected = [
    ['PAIOS', 'Fire', 'two', true],
    ['PAIOS', 'Tee <b>fertig</b> 🍵', 'one', false],
    ['PAIOS', 'There is something new.', 'test', false],
  ]
  const messages = [
    message('one', 'info', 'Tee <b>fertig</b> 🍵'),
    message('one', 'info', 'Tee <b>fertig</b> 🍵'),
    message('two', 'critical', 'Fire'),
    'no JSON',
  ]
  // A browser that has much to do loses what is delivered like this: what is not shown yet is delivered once more.
  for (let round = 0; round < 6; round += 1) {
    for (const data of messages) await deliver(data)
    const isThere = await page.evaluate(`(async () => {
      const registration = await navigator.serviceWorker.ready
      for (let frame = 0; frame < 300; frame += 1) {
        if ((await registration.getNotifications()).length >= ${expected.length}) return true
        await new Promise(requestAnimationFrame)
      }
      return false
    })()`)
    if (isThere === true) break
  }
  assert.deepEqual(await shown(), expected)
})

function message(notification_id: string | null, severity: string, text: string): string {
  return JSON.stringify({ notification_id, severity, text })
}

/** The id by which the browser knows the worker of this page. */
function registered(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  ann.cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    const [own] = registrations
    if (own !== undefined) resolve(own.registrationId)
  })
  void ann.cdp.send('ServiceWorker.enable')
  return promise
}

test(
  'a device is added with the key of the server, listed as this one, switched on and removed',
  options,
  async () => {
    const { page } = ann
    await page.addInitScript(SERVICE)
    await page.reload()
    await allow().click()
    const row = page.locator('#notices .row', { hasText: 'https://fcm.googleapis.com/…123456' })
    await row.getByText('This one').waitFor()
    const line = await openCommandLine(rig.url)
    const { public_key, subscriptions } = await line.ask('notifications.push')
    assert.deepEqual(await page.evaluate('subscribed'), {
      userVisibleOnly: true,
      applicationServerKey: public_key,
    })
    assert.deepEqual([subscriptions.length, await allow().count()], [1, 0])
    await page.getByRole('button', { name: 'Switch it on' }).click()
    await page.getByText('Push is off in your settings').waitFor({ state: 'detached' })
    const { preferences } = await line.ask('auth.me')
    assert.deepEqual(
      [preferences.notification_settings.push, preferences.notification_settings.in_app],
      [true, true],
    )
    await row.getByRole('button', { name: /^Remove / }).click()
    await row.waitFor({ state: 'detached' })
    await allow().waitFor()
    assert.deepEqual((await line.ask('notifications.push')).subscriptions, [])
  },
)

test('what is marked as read is counted no more, one by one and all at once', options, async () => {
  const { page } = ann
  const line = await openCommandLine(rig.url)
  const unread = async () => (await line.ask('notifications.list')).unread_count ?? 0
  const before = (await unread()) + 2
  const section = page.locator('#notices')
  const user_id = (await line.ask('auth.me')).id
  for (const request_id of ['one', 'two']) {
    const command = {
      action: 'timer',
      parameters: { seconds: 1 },
      user_id,
      request_id,
      priority: 'normal',
    } as const
    await line.ask('agents.execute', { id: '3', command })
  }
  await section.getByText(`${before} unread`).waitFor()
  await section
    .getByRole('button', { name: /^Mark as read: / })
    .first()
    .click()
  await section.getByText(`${before - 1} unread`).waitFor()
  assert.equal(await unread(), before - 1)
  await section.getByRole('button', { name: 'Mark all as read' }).click()
  await section.getByText(/ unread$/).waitFor({ state: 'hidden' })
  assert.equal(await unread(), 0)
  assert.equal(await section.getByRole('button', { name: /^Mark/ }).filter({ visible: true }).count(), 0)
})

test('the policy of the page is not broken by any of this', options, () => {
  assert.deepEqual(ann.complaints, [])
})
