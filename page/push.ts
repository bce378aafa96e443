import type { Client } from './client.ts'
import { el, icon, state } from './dom.ts'
import { action } from './form.ts'
import type { Failures } from './form.ts'
import { rows } from './section.ts'
import type { Answered } from './send.ts'
import { deviceOf } from './sessions.ts'
import { timeOf } from './time.ts'

type Known = Answered<'notifications.push'>
type Device = Known['subscriptions'][number]

const WORKER = '/sw.js'
const BLOCKED =
  'This browser does not let PAIOS show notifications. Allow them for this page in its settings, then try again.'
const UNREACHABLE = 'This browser could not reach its push service, so it was not added. Try again later.'

interface Desk {
  client: Client
  shown: Failures
  changed: () => Promise<void>
  /** Says something about this browser. */
  say: (text: string) => void
}

/** Whether this browser can be told something while no page is open. */
function isAble(): boolean {
  return (
    isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
  )
}

/** Devices that are told things while no page is open. */
export function devices(client: Client, shown: Failures, changed: () => Promise<void>) {
  const said = el('p', { class: 'dim', role: 'status' })
  const body = el('div')
  const desk: Desk = { client, shown, changed, say: (text) => said.replaceChildren(text) }
  const element = el('div', { class: 'devices' }, el('h3', {}, 'Devices'), body, said)
  return {
    element,
    /** Reads what is so, and answers how to show it. */
    async load(): Promise<() => void> {
      const [known, user, own] = await Promise.all([
        client.ask('notifications.push', {}),
        client.ask('auth.me', {}),
        thisBrowser(),
      ])
      const isHere = known.subscriptions.some(({ endpoint }) => endpoint === own)
      const isOff = known.subscriptions.length > 0 && !user.preferences.notification_settings.push
      const list = rows(
        known.subscriptions.map((device) => row(desk, device, device.endpoint === own)),
        'None yet. While no page is open, nobody is told anything.',
      )
      return () =>
        body.replaceChildren(
          ...(isOff ? [switchedOff(desk, user)] : []),
          list,
          ...(isAble() && !isHere ? [el('div', { class: 'buttons' }, adder(desk, known.public_key))] : []),
        )
    },
  }
}

function row({ client, shown, changed, say }: Desk, device: Device, isThis: boolean): HTMLElement {
  const name = deviceOf(device.user_agent)
  const { id, endpoint, created_at, last_success, failures } = device
  const test = action(
    { label: 'Test', kind: 'quiet', described: `Send a test to ${name}` },
    shown,
    async () => {
      await client.ask('notifications.push_test', { id })
      say('A test is on its way.')
    },
  )
  const remove = action({ label: 'Remove', kind: 'quiet', described: `Remove ${name}` }, shown, async () => {
    await client.ask('notifications.push_remove', { id })
    if (isThis) await (await subscription())?.unsubscribe()
    say('')
    await changed()
  })
  const used = last_success === undefined ? ['nothing sent yet'] : ['last told ', timeOf(last_success)]
  return el(
    'div',
    { class: 'row' },
    el(
      'div',
      { class: 'what' },
      el(
        'p',
        { class: 'name' },
        el('span', { title: device.user_agent }, name),
        isThis && state('good', 'This one', 'check'),
        failures > 0 && state('warn', 'Refused lately', 'warning'),
      ),
      el(
        'p',
        { class: 'dim' },
        'Added ',
        timeOf(created_at),
        ' · ',
        ...used,
        ' · ',
        el('span', { class: 'mono' }, endpoint),
      ),
    ),
    el('div', { class: 'does' }, test, remove),
  )
}

function switchedOff({ client, shown, changed }: Desk, { preferences }: Answered<'auth.me'>): HTMLElement {
  const on = action({ label: 'Switch it on' }, shown, async () => {
    const notification_settings = { ...preferences.notification_settings, push: true }
    await client.ask('auth.preferences', { notification_settings })
    await changed()
  })
  return el(
    'p',
    { class: 'notice' },
    icon('warning'),
    el('span', { class: 'what' }, 'Push is off in your settings: devices are told nothing but tests.'),
    on,
  )
}

function adder({ client, shown, changed, say }: Desk, public_key: string): HTMLElement {
  return action({ label: 'Allow on this device', busy: 'Waiting for the browser…' }, shown, async () => {
    say('')
    if ((await Notification.requestPermission()) !== 'granted') return say(BLOCKED)
    const made = await subscribe(public_key)
    const { endpoint = '', keys = {} } = made?.toJSON() ?? {}
    if (endpoint === '') return say(UNREACHABLE)
    const { p256dh = '', auth = '' } = keys
    await client.ask('notifications.push_add', { endpoint, keys: { p256dh, auth } })
    await changed()
  })
}

/** Subscribes this browser; nothing when its push service does not answer. */
async function subscribe(public_key: string): Promise<PushSubscription | undefined> {
  const registration = await navigator.serviceWorker.register(trusted(WORKER), { scope: '/' })
  await navigator.serviceWorker.ready
  const options = { userVisibleOnly: true, applicationServerKey: public_key }
  try {
    return await registration.pushManager.subscribe(options)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    // What was subscribed with the key of another server, such as one that stood at this address before, is void.
    if (error.name !== 'InvalidStateError') return undefined
    await (await subscription())?.unsubscribe()
    return registration.pushManager.subscribe(options)
  }
}

async function subscription(): Promise<PushSubscription | undefined> {
  if (!isAble()) return undefined
  const registration = await navigator.serviceWorker.getRegistration('/')
  return (await registration?.pushManager.getSubscription()) ?? undefined
}

/** How the server knows this browser, if it does. The list is shown also where a browser keeps this to itself. */
async function thisBrowser(): Promise<string | undefined> {
  const found = await subscription().catch(() => undefined)
  return found === undefined ? undefined : shorten(found.endpoint)
}

/** An endpoint as the server shows it. */
function shorten(endpoint: string): string {
  return `${new URL(endpoint).origin}/…${endpoint.slice(-6)}`
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown }
}
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** Says to a browser that asks for it that this address of a script was written here and not put together. */
function trusted(url: typeof WORKER): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('paios', { createScriptURL: () => WORKER })
  return (policy?.createScriptURL(url) ?? url) as string
}
