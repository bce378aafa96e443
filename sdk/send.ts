import { APPROVAL_HEADER } from '../contract/approvals.ts'
import { PROOF_HEADER } from '../contract/credentials.ts'
import type { Operation } from '../contract/operation.ts'
import type { Assertion } from './authenticator.ts'
import { ApiFault, NoAnswer } from './fault.ts'
import { toRequest } from './request.ts'
import { readAnswer } from './response.ts'

export interface CallOptions {
  /** Most milliseconds to wait for the answer. Default: 60,000, or 10,000 more than an input's own `timeout_ms`. */
  timeout_ms?: number
  /** Idempotency key, for operations that take one in a header: the same call twice has one effect. */
  key?: string
  /** What proves the call, when that is known beforehand; otherwise the authenticator of the client is asked. */
  proof?: Assertion | string
  /** Asks the user for an approval where a proof would be needed; the answer is then a `PendingApproval`. */
  approval?: boolean
  signal?: AbortSignal
}

/** One exchange with the server. */
export type Send = (
  operation: Operation,
  input: object,
  options: CallOptions,
  token: string | undefined,
) => Promise<unknown>

const TIMEOUT_MS = 60_000
/** What the way there and back may take when the server itself was told how long to wait. */
const TRAVEL_MS = 10_000

/** Sends to one origin, and to no other. */
export function openSend(origin: string, reach: typeof fetch, user_agent: string | undefined): Send {
  return async (operation, input, { key, proof, approval, signal, timeout_ms }, token) => {
    const { method, path, body = null } = toRequest(operation, input as Record<string, unknown>)
    const headers = new Headers({ Accept: 'application/json' })
    if (body !== null) headers.set('Content-Type', 'application/json')
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
    if (key !== undefined) headers.set('Idempotency-Key', key)
    if (proof !== undefined) headers.set(PROOF_HEADER, toHeader(proof))
    if (approval === true) headers.set(APPROVAL_HEADER, 'request')
    if (user_agent !== undefined) headers.set('User-Agent', user_agent)
    const signals = [AbortSignal.timeout(timeout_ms ?? timeoutFor(input)), ...(signal ? [signal] : [])]
    // Following a redirect would hand the token to whoever it names.
    const init: RequestInit = { method, headers, body, redirect: 'manual', signal: AbortSignal.any(signals) }
    try {
      return await readAnswer(operation, await reach(`${origin}${path}`, init))
    } catch (error) {
      throw signal?.aborted === true ? error : explain(error, origin)
    }
  }
}

/** A proof travels as base64url JSON, a ticket as it is. */
function toHeader(proof: Assertion | string): string {
  if (typeof proof === 'string') return proof
  const bytes = new TextEncoder().encode(JSON.stringify(proof))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function timeoutFor(input: object): number {
  const waits = 'timeout_ms' in input && typeof input.timeout_ms === 'number' ? input.timeout_ms : 0
  return Math.max(TIMEOUT_MS, waits + TRAVEL_MS)
}

function explain(error: unknown, origin: string): unknown {
  if (error instanceof ApiFault || error instanceof NoAnswer) return error
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  if (isLate) return new NoAnswer('timeout', `${origin} did not answer in time.`, { cause: error })
  return new NoAnswer('unreachable', `No server answers at ${origin}.`, { cause: error })
}
