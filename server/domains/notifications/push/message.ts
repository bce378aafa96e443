import type { Notification } from '../../../../contract/notifications.ts'
import type { SubscriptionRow } from '../store.ts'
import type { PushKeys } from './keys.ts'

/** How long a push service keeps what it cannot deliver yet. */
export const TTL_MS = 86_400_000
/** Push services take 4,096 bytes; encryption and its header need some of them. */
const PAYLOAD_BYTES_MAX = 3_072

const URGENCY: Readonly<Record<Notification['severity'], string>> = {
  info: 'normal',
  warning: 'high',
  critical: 'high',
}

/** What is told; without an id it is a test. */
export interface Notice {
  notification_id: string | null
  text: string
  severity: Notification['severity']
}

export interface PushRequest {
  url: string
  method: 'POST'
  headers: Record<string, string>
  body: Uint8Array
}

/**
 * Makes the request that a push service passes on (RFC 8030), encrypted for the browser alone (RFC 8291) and signed by
 * this server (RFC 8292).
 *
 * @param ttl_ms - how long it may still wait to be delivered.
 * @param subject - a `mailto:` or `https:` address at which the push service could complain.
 */
export async function toRequest(
  { endpoint, p256dh, auth }: Pick<SubscriptionRow, 'endpoint' | 'p256dh' | 'auth'>,
  notice: Notice,
  { keys, subject, ttl_ms }: { keys: PushKeys; subject: string; ttl_ms: number },
): Promise<PushRequest> {
  const { encryptNotification, vapidHeaders } = await import('@block65/webcrypto-web-push')
  const target = { endpoint, expirationTime: null, keys: { p256dh, auth } }
  const vapid = { subject, publicKey: keys.public_key, privateKey: keys.private_key }
  const { headers } = await vapidHeaders(target, vapid)
  const topic = notice.notification_id?.replaceAll('-', '')
  return {
    url: endpoint,
    method: 'POST',
    headers: {
      ...headers,
      ttl: String(Math.floor(ttl_ms / 1000)),
      urgency: URGENCY[notice.severity],
      // One that is sent again after a crash takes the place of the first, where that was not delivered yet.
      ...(topic === undefined ? {} : { topic }),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
    },
    body: await encryptNotification(target, toPayload(notice)),
  }
}

/** JSON of at most 3 KiB; a text that is too long loses its end. */
export function toPayload({ notification_id, text, severity }: Notice): Uint8Array {
  const encode = (shown: string) =>
    new TextEncoder().encode(JSON.stringify({ notification_id, text: shown, severity }))
  const whole = encode(text)
  if (whole.length <= PAYLOAD_BYTES_MAX) return whole
  // Halving finds the longest beginning that fits: characters take from one byte to six.
  let [fits, tooLong] = [0, Math.min(text.length, PAYLOAD_BYTES_MAX)]
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2)
    if (encode(cut(text, middle)).length <= PAYLOAD_BYTES_MAX) fits = middle
    else tooLong = middle
  }
  return encode(cut(text, fits))
}

/** The beginning of a text, never half of a character of two units. */
function cut(text: string, units: number): string {
  return `${text.slice(0, units).replace(/[\uD800-\uDBFF]$/, '')}…`
}
