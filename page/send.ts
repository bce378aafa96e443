import type { APIError } from '../contract/errors.ts'
import type { OperationName, Operations } from '../contract/index.ts'
import type { Input, Output } from '../contract/operation.ts'
import { NoAnswer, Refusal } from './failure.ts'

/** Where the operations are that this page asks for. */
const ROUTES = {
  'auth.setup': 'POST /auth/setup',
  'auth.login': 'POST /auth/login',
  'auth.logout': 'POST /auth/logout',
  'auth.refresh': 'POST /auth/refresh',
  'auth.me': 'GET /auth/me',
  'auth.password': 'PUT /auth/password',
  'auth.preferences': 'PUT /auth/preferences',
  'auth.biometric_challenge': 'POST /auth/biometric/challenge',
  'auth.biometric_setup': 'POST /auth/biometric/setup',
  'auth.passkeys': 'GET /auth/passkeys',
  'auth.passkey_rename': 'PUT /auth/passkeys/:id',
  'auth.passkey_remove': 'DELETE /auth/passkeys/:id',
  'auth.sessions': 'GET /auth/sessions',
  'auth.session_end': 'DELETE /auth/sessions/:id',
  'credentials.backup': 'POST /credentials/backup',
  'approvals.list': 'GET /approvals',
  'approvals.approve': 'POST /approvals/:id/approve',
  'approvals.deny': 'POST /approvals/:id/deny',
  'notifications.list': 'GET /notifications',
  'notifications.read': 'POST /notifications/:id/read',
  'notifications.read_all': 'POST /notifications/read',
  'notifications.push': 'GET /push',
  'notifications.push_add': 'POST /push',
  'notifications.push_remove': 'DELETE /push/:id',
  'notifications.push_test': 'POST /push/:id/test',
} as const satisfies Partial<Record<OperationName, string>>

export type Asked = keyof typeof ROUTES
export type Given<N extends Asked> = Input<Operations[N]>
export type Answered<N extends Asked> = Output<Operations[N]>

export interface SendOptions {
  token?: string | undefined
  /** Of a passkey, base64url. */
  proof?: string | undefined
  /** Says that this is the page: its refresh token then goes into the cookie, and comes from there. Default: true. */
  as_page?: boolean
}

const TIMEOUT_MS = 60_000

/** One exchange with the server. @throws Refusal, NoAnswer */
export async function send<N extends Asked>(
  name: N,
  input: Given<N>,
  { token, proof, as_page = true }: SendOptions = {},
): Promise<Answered<N>> {
  const [method = '', pattern = ''] = ROUTES[name].split(' ')
  const fields = new Map(Object.entries(input))
  const path = pattern.replaceAll(/:(\w+)/g, (_part, field: string) => {
    const value = String(fields.get(field))
    fields.delete(field)
    return encodeURIComponent(value)
  })
  const isReading = method === 'GET'
  const body = fields.size > 0 && !isReading ? JSON.stringify(Object.fromEntries(fields)) : null
  const query = new URLSearchParams(Array.from(fields, ([key, value]) => [key, String(value)])).toString()
  const headers = new Headers({ Accept: 'application/json' })
  if (as_page) headers.set('X-PAIOS-Client', 'page')
  if (body !== null) headers.set('Content-Type', 'application/json')
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`)
  if (proof !== undefined) headers.set('X-Biometric-Proof', proof)
  const url = `/api${path}${isReading && query !== '' ? `?${query}` : ''}`
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const [response, answer] = await reach(url, { method, headers, body, signal, redirect: 'error' })
  if (!response.ok) throw refusalFrom(response, answer)
  const { data, success: _, ...flat } = answer as { data?: unknown; success: true }
  return (data ?? flat) as Answered<N>
}

async function reach(url: string, init: RequestInit): Promise<[Response, unknown]> {
  try {
    const response = await fetch(url, init)
    return [response, (await response.json()) as unknown]
  } catch (cause) {
    throw new NoAnswer('There was no answer.', { cause })
  }
}

function refusalFrom({ status, headers }: Response, answer: unknown): Error {
  if (typeof answer !== 'object' || answer === null || !('error' in answer))
    return new NoAnswer(`Something else than PAIOS answered with ${status}.`)
  const seconds = Number(headers.get('Retry-After') ?? Number.NaN)
  return new Refusal(status, answer as APIError, Number.isNaN(seconds) ? undefined : seconds)
}
