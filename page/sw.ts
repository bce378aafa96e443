/**
 * Shows what the server tells this browser while no page is open. It runs apart from every page, keeps nothing, and asks
 * the server for nothing: all that it knows is in the message, which was encrypted for this browser.
 */

/** What the scope of a service worker has, of which the types of pages know nothing. */
interface Scope {
  addEventListener(type: 'push', listener: (event: Lasting & { data: Message | null }) => void): void
  addEventListener(type: 'notificationclick', listener: (event: Lasting & Clicked) => void): void
  registration: { showNotification(title: string, options: Shown): Promise<void> }
  clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly Place[]>
    openWindow(url: string): Promise<unknown>
  }
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void
}
interface Clicked {
  notification: { close(): void }
}
interface Message {
  json(): unknown
}
interface Place {
  focus(): Promise<unknown>
}
interface Shown {
  body: string
  tag: string
  icon: string
  requireInteraction: boolean
}

const scope = globalThis as unknown as Scope

scope.addEventListener('push', (event) => {
  event.waitUntil(scope.registration.showNotification('PAIOS', toShow(event.data)))
})

scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(goHome())
})

/** Browsers withdraw the right to be told from those that show nothing, so something is shown whatever came. */
function toShow(message: Message | null): Shown {
  const { notification_id, text, severity } = read(message)
  return {
    body: typeof text === 'string' ? text : 'There is something new.',
    // The same one, sent twice, is shown once.
    tag: typeof notification_id === 'string' ? notification_id : 'test',
    icon: '/page/icon.svg',
    requireInteraction: severity === 'critical',
  }
}

function read(message: Message | null): { notification_id?: unknown; text?: unknown; severity?: unknown } {
  try {
    return Object(message?.json()) as ReturnType<typeof read>
  } catch {
    return {}
  }
}

async function goHome(): Promise<void> {
  const [open] = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  await (open === undefined ? scope.clients.openWindow('/#notices') : open.focus())
}
