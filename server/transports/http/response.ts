import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { API_VERSION, LIMIT_HEADERS, VERSION_HEADER } from '../../../contract/limits.ts'
import type { Operation } from '../../../contract/operation.ts'
import type { Standing } from '../../kernel/limits.ts'
import type { Reply } from '../dispatch.ts'
import { discard } from './body.ts'
import { deprecationHeaders, envelope } from './envelope.ts'

/** Ready to be written. */
export interface Response {
  status: number
  headers: Readonly<Record<string, string>>
  body: string | Buffer
}

/** On every answer: nothing is guessed, framed, or told to other sites. */
const ALWAYS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
}
const NOT_FRAMED =
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

/** Headers of what a browser must never show as a page. */
export const DATA_HEADERS: Readonly<Record<string, string>> = {
  ...ALWAYS,
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; ${NOT_FRAMED}; trusted-types 'none'`,
}

/** Headers of a page and its parts: everything from here, no inline script, and only named ways to make markup. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  ...ALWAYS,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(self)',
  'Content-Security-Policy': [
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'",
    "worker-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:",
    `${NOT_FRAMED}; trusted-types paios dompurify`,
  ].join('; '),
}

const JSON_HEADERS = {
  ...DATA_HEADERS,
  [VERSION_HEADER]: API_VERSION,
  'Content-Type': 'application/json; charset=utf-8',
}

/** How the tightest limit stands, as the specification says it and as the IETF does (draft RateLimit fields). */
function limitHeaders(standing: Standing | undefined, now: number): Record<string, string> {
  if (standing === undefined) return {}
  const { name, type, limit, remaining, window_s, reset } = standing
  const [inLimit, inRemaining, inReset, inType] = LIMIT_HEADERS
  return {
    [inLimit]: String(limit),
    [inRemaining]: String(remaining),
    [inReset]: String(reset),
    [inType]: type,
    'RateLimit-Policy': `"${name}";q=${limit};w=${window_s}`,
    RateLimit: `"${name}";r=${remaining};t=${Math.max(0, Math.ceil(reset - now / 1000))}`,
  }
}

/** The HTTP form of a reply. */
export function toResponse(
  operation: Operation | undefined,
  reply: Reply,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const limits = limitHeaders(reply.standing, reply.at)
  const known = { ...JSON_HEADERS, 'X-Request-Id': reply.request_id, ...limits, ...headers }
  if (!reply.ok) {
    const { status, error, retry_after_s } = reply
    const retry = retry_after_s === undefined ? {} : { 'Retry-After': String(Math.ceil(retry_after_s)) }
    const challenge = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}
    return { status, headers: { ...known, ...retry, ...challenge }, body: JSON.stringify(error) }
  }
  const { status, data } = reply
  if (operation === undefined) return { status, headers: known, body: JSON.stringify(data) }
  const { media } = operation.http
  if (media !== undefined && !reply.pending) {
    const { audio_data } = data as { audio_data: string }
    return { status, headers: { ...known, 'Content-Type': media }, body: Buffer.from(audio_data, 'base64') }
  }
  return {
    status,
    headers: { ...known, ...deprecationHeaders(operation) },
    body: JSON.stringify(reply.pending ? { success: true, data } : envelope(operation, data)),
  }
}

/** Whether the client has this version already. */
export function isKnown({ headers }: IncomingMessage, etag: string): boolean {
  const sent = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return sent.includes(etag) || sent.includes('*')
}

/** Writes a response, and lets what is left of the request pass. `last` ends the connection after it. */
export function send(request: IncomingMessage, out: ServerResponse, response: Response, last: boolean): void {
  discard(request)
  if (out.destroyed) return
  const { status, headers, body } = response
  const hasNoBody = status === 204 || status === 304
  out.writeHead(status, {
    ...headers,
    ...(hasNoBody ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    ...(last ? { Connection: 'close' } : {}),
  })
  out.end(hasNoBody || request.method === 'HEAD' ? undefined : body)
}

/** How long a client that sent nonsense is listened to, so that it can read the answer. */
const LINGER_MS = 1_000

/** Writes a response to a connection that no longer speaks HTTP, and ends it. */
export function sendRaw(socket: Socket, { status, headers, body }: Response): void {
  const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body.toString()}`)
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}
