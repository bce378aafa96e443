import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery } from '../../../kernel/delivery.ts'
import { Fault } from '../../../kernel/fault.ts'

/** How a secret is written for Standard Webhooks; what follows is base64. */
export const SECRET_PREFIX = 'whsec_'
/** A delivery is signed with a time at most so far off: an older one may be a replay. */
const SKEW_MS = 300_000
/** A sender that changes its secret signs with two for a while. */
const SIGNATURES_MAX = 8

type Signed = Pick<Delivery, 'bytes' | 'signature'>

/**
 * Makes sure that whoever sent this knows the secret. Standard Webhooks signs the id and the time as well, and is what
 * counts when both are there; GitHub signs the body alone, with the secret as it is written.
 *
 * @throws Fault `UNAUTHORIZED`
 */
export function checkSignature(secret: string, { bytes, signature }: Signed, now: number): void {
  const { standard, hub } = signature
  if (standard !== undefined) checkStandard(secret, { bytes, signature }, now)
  else if (hub === undefined)
    throw refused(
      'signature_missing',
      'This webhook takes signed calls alone: send webhook-signature or X-Hub-Signature-256.',
    )
  else if (!isSame(hub, 'sha256=', 'hex', createHmac('sha256', secret).update(bytes).digest())) throw wrong()
}

function checkStandard(secret: string, { bytes, signature }: Signed, now: number): void {
  const { id, timestamp, standard = '' } = signature
  if (id === undefined || timestamp === undefined)
    throw refused('signature_missing', 'webhook-id and webhook-timestamp are signed, too: send them.')
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1000) > SKEW_MS)
    throw refused('timestamp_off', 'webhook-timestamp is not in seconds, or more than 5 minutes off.')
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(bytes).digest()
  const sent = standard.split(' ', SIGNATURES_MAX)
  if (!sent.some((one) => isSame(one, 'v1,', 'base64', expected))) throw wrong()
}

function isSame(sent: string, prefix: string, encoding: 'base64' | 'hex', expected: Uint8Array): boolean {
  if (!sent.startsWith(prefix)) return false
  const given = Buffer.from(sent.slice(prefix.length), encoding)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function wrong(): Fault {
  return refused('signature_wrong', 'The signature is not that of this body with the secret of this webhook.')
}

function refused(reason: string, message: string): Fault {
  return new Fault('UNAUTHORIZED', message, { reason })
}
