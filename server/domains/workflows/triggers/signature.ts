import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery } from '../../../kernel/delivery.ts'
import { Fault } from '../../../kernel/fault.ts'
import { signingKey } from '../../../kernel/signing-key.ts'

/** A delivery is signed with a time at most so far off: an older one may be a replay. */
const SKEW_MS = 300_000
/** A sender that changes its secret signs with two for a while. */
const SIGNATURES_MAX = 8

type Signed = Pick<Delivery, 'bytes' | 'signature'>

/**
 * Makes sure that whoever sent this knows the secret. Standard Webhooks signs the id and the time as well, and is what
 * counts when both are there; GitHub signs the body alone, with the secret as it is written.
 *
 * @throws Fault `UNAUTHORIZED`, or `VALIDATION_ERROR` for an id with which it would not be certain what was signed.
 */
export function checkSignature(secret: string, { bytes, signature }: Signed, now: number): void {
  const { standard, hub } = signature
  if (standard !== undefined) checkStandard(secret, { bytes, signature }, now)
  else if (hub === undefined)
    throw refused(
      'signature_missing',
      'This webhook takes signed calls alone: send webhook-signature or X-Hub-Signature-256.',
    )
  else if (!isSame(inSmall(hub), `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`))
    throw wrong()
}

/** Hexadecimal may be written in capitals. */
function inSmall(text: string): string {
  return text.replaceAll(/[A-F]/g, (digit) => digit.toLowerCase())
}

function checkStandard(secret: string, { bytes, signature }: Signed, now: number): void {
  const { id, timestamp, standard = '' } = signature
  if (id === undefined || timestamp === undefined)
    throw refused('signature_missing', 'webhook-id and webhook-timestamp are signed, too: send them.')
  // The signed text is joined by full stops: what an id ends with could as well be the time, and that the body.
  if (id.includes('.'))
    throw new Fault('VALIDATION_ERROR', 'webhook-id may not have a full stop in it.', {
      issues: [{ path: '/webhook-id', message: 'may not have a full stop in it' }],
    })
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1000) > SKEW_MS)
    throw refused('timestamp_off', 'webhook-timestamp is not in seconds, or more than 5 minutes off.')
  const key = signingKey(secret)
  if (key === undefined) throw wrong()
  const signed = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(bytes).digest('base64')
  const sent = standard.split(' ', SIGNATURES_MAX)
  if (!sent.some((one) => isSame(one, `v1,${signed}`))) throw wrong()
}

/** Compared as they are written: of a signature there is one writing, and nothing may stand beside it. */
function isSame(sent: string, expected: string): boolean {
  const [given, wanted] = [Buffer.from(sent), Buffer.from(expected)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function wrong(): Fault {
  return refused('signature_wrong', 'The signature is not that of this body with the secret of this webhook.')
}

function refused(reason: string, message: string): Fault {
  return new Fault('UNAUTHORIZED', message, { reason })
}
