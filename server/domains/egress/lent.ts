import type { Kernel } from '../../kernel/kernel.ts'
import { Fault } from '../../kernel/fault.ts'
import { redactorsOf } from '../../kernel/redact.ts'
import type { Redactor } from '../../kernel/redact.ts'
import type { EgressContext, EgressRequest, Lent } from './index.ts'
import { VALUE } from './parse.ts'
import type { Hop } from './parse.ts'
import { isRead } from './policy.ts'
import { SIGNATURE, signed } from './signature.ts'

/** A hop as it is really sent, which is kept nowhere, and what takes the secrets out of what comes back. */
export interface Sent {
  hop: Hop
  redact: (() => Redactor) | undefined
}

/**
 * Puts the secret of a request into one hop, at the last moment. Sent on to somewhere else, it goes along only where it may
 * be sent as well.
 *
 * @throws Fault `UNAUTHORIZED` (403) where the request itself goes and the secret may not.
 */
export async function withLent(
  hop: Hop,
  { url, credential_id, credential_place }: Pick<EgressRequest, 'url' | 'credential_id' | 'credential_place'>,
  { lend, redact }: Pick<EgressContext, 'lend' | 'redact'>,
  kernel: Pick<Kernel, 'clock' | 'random'>,
): Promise<Sent> {
  if (credential_id === undefined) return { hop, redact }
  if (lend === undefined)
    throw new Fault('UNAUTHORIZED', 'Nothing may be sent with a credential here.', undefined, { status: 403 })
  const { origin } = hop.url
  const isFirst = URL.parse(url)?.origin === origin
  const granted = await lend({ credential_id, origin }).catch((error: unknown) => {
    if (!isFirst && error instanceof Fault && error.details?.['reason'] === 'wrong_destination') return []
    throw error
  })
  const lent = granted.filter((one) => credential_place === undefined || isAt(one, credential_place))
  if (lent.length === 0 && granted.length > 0 && credential_place !== undefined)
    throw new Fault(
      'UNAUTHORIZED',
      `The credential was not granted for the ${credential_place.in} ${credential_place.name} of ${origin}.`,
      { credential_id, reason: 'wrong_place' },
      { status: 403 },
    )
  // It takes as long as all else here, and is not needed before there is an answer.
  let redactors: (() => Redactor) | undefined
  const own = (): Redactor => {
    redactors ??= redactorsOf(lent.map(({ secret }) => ({ credential_id, value: secret })))
    return redactors()
  }
  // What only looks has no body for a secret to be in.
  const fitting = lent.filter((one) => one.in !== 'body' || !isRead(hop.method))
  const [signing] = fitting.filter(isSigning)
  const filled = fitting.filter((one) => !isSigning(one)).reduce(put, hop)
  // Last: what is signed is what is sent.
  const whole = signing === undefined ? filled : signed(filled, signing.text, kernel)
  return { hop: whole, redact: () => both(own(), redact?.()) }
}

function isAt(one: Pick<Lent, 'in' | 'name'>, place: Pick<Lent, 'in' | 'name'>): boolean {
  const name = place.in === 'header' ? place.name.toLowerCase() : place.name
  return one.in === place.in && one.name === name
}

function isSigning({ in: where, name }: Lent): boolean {
  return where === 'header' && name === SIGNATURE
}

function put(hop: Hop, { in: where, name, text }: Lent): Hop {
  if (where === 'header' && !VALUE.test(text))
    throw new Fault(
      'VALIDATION_ERROR',
      `The credential has characters that the header ${name} cannot carry.`,
      {
        reason: 'unsendable',
      },
    )
  if (where === 'header') return { ...hop, headers: { ...hop.headers, [name]: text } }
  if (where === 'query') {
    const url = new URL(hop.url)
    url.searchParams.set(name, text)
    return { ...hop, url }
  }
  return { ...hop, body: withField(hop.body, name, text) }
}

/** @throws Fault `VALIDATION_ERROR` when there is no JSON object that the field could be in. */
function withField(body: Uint8Array | undefined, name: string, text: string): Uint8Array {
  const fields = parsed(body)
  Object.defineProperty(fields, name, { value: text, enumerable: true, configurable: true, writable: true })
  return Buffer.from(JSON.stringify(fields))
}

function parsed(body: Uint8Array | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body === undefined ? '{}' : Buffer.from(body).toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Not JSON: the same refusal as for any other JSON.
  }
  throw new Fault('VALIDATION_ERROR', 'The credential belongs into a JSON object, and the body is none.')
}

function both(own: Redactor, given: Redactor | undefined): Redactor {
  if (given === undefined) return own
  return {
    chunk: (bytes) => given.chunk(own.chunk(bytes)),
    end: () => Buffer.concat([given.chunk(own.end()), given.end()]),
  }
}
