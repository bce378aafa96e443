import { ECDH } from 'node:crypto'
import type { Issue } from '../../../../contract/errors.ts'
import { Fault } from '../../../kernel/fault.ts'
import { isHostOf } from '../../../kernel/host-pattern.ts'

/** The push services of the browsers. */
export const SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  '*.push.apple.com',
  '*.notify.windows.com',
]

const SHOWN_CHARACTERS = 6
const POINT_BYTES = 65

/** What a browser says of itself. */
interface Given {
  endpoint: string
  keys: { p256dh: string; auth: string }
}

/**
 * Refuses what could never be sent to.
 *
 * @param hosts - as in the settings: `example.org`, `*.example.org`, or `*`.
 * @throws Fault `VALIDATION_ERROR`; no message repeats the address.
 */
export function checkSubscription({ endpoint, keys }: Given, hosts: readonly string[]): void {
  const issues: Issue[] = []
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const isPlain = url?.protocol === 'https:' && `${url.username}${url.password}${url.port}${url.hash}` === ''
  if (url === undefined || !isPlain)
    issues.push({ path: '/endpoint', message: 'must be an https address without port, user and fragment' })
  else if (!hosts.some((pattern) => isHostOf(pattern, url.hostname)))
    issues.push({
      path: '/endpoint',
      message: `${url.hostname} is no push service that this server may reach`,
    })
  if (!isPoint(keys.p256dh)) issues.push({ path: '/keys/p256dh', message: 'must be a point of P-256' })
  if (issues.length === 0) return
  const sentence = issues.map(({ path, message }) => `${path} ${message}`).join('; ')
  throw new Fault('VALIDATION_ERROR', `${sentence}.`, { issues })
}

/** Whether this is an uncompressed point on the curve: encrypting for any other would fail at every attempt. */
function isPoint(p256dh: string): boolean {
  const point = Buffer.from(p256dh, 'base64url')
  if (point.length !== POINT_BYTES || point[0] !== 4) return false
  try {
    ECDH.convertKey(point, 'prime256v1')
    return true
  } catch {
    return false
  }
}

/** Enough to tell two browsers apart, and too little to send to one of them. */
export function shorten(endpoint: string): string {
  return `${new URL(endpoint).origin}/…${endpoint.slice(-SHOWN_CHARACTERS)}`
}
