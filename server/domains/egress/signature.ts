import { createHmac } from 'node:crypto'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { KEY_BYTES_MIN, SECRET_PREFIX, signingKey } from '../../kernel/signing-key.ts'
import type { Hop } from './parse.ts'

/** The header of a secret that signs and is not sent. */
export const SIGNATURE = 'webhook-signature'

/**
 * Signs a request after Standard Webhooks: the receiver can tell who sent it, when, and whether it was sent before. What
 * carries an idempotency key has that as its id, so that a repetition is seen to be one.
 *
 * @see https://www.standardwebhooks.com
 */
export function signed(hop: Hop, secret: string, { clock, random }: Pick<Kernel, 'clock' | 'random'>): Hop {
  const id = hop.headers['idempotency-key'] ?? `msg_${Buffer.from(random(16)).toString('hex')}`
  const timestamp = String(Math.floor(clock.now() / 1_000))
  const key = keyOf(secret)
  const signature = createHmac('sha256', key)
    .update(`${id}.${timestamp}.`)
    .update(hop.body ?? '')
    .digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, [SIGNATURE]: `v1,${signature}` }
  return { ...hop, headers: { ...hop.headers, ...headers } }
}

/** @throws Fault for a key that is cut off, which anybody could guess. */
function keyOf(secret: string): Buffer {
  const key = signingKey(secret)
  if (key !== undefined) return key
  throw new Fault(
    'VALIDATION_ERROR',
    `A key that signs has at least ${KEY_BYTES_MIN} bytes; after ${SECRET_PREFIX} it is base64.`,
    {
      reason: 'unsendable',
    },
  )
}
