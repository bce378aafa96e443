import type { Socket } from 'node:net'
import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../../kernel/clock.ts'
import { ENCODINGS, readBody, redacted, tooLarge } from './body.ts'
import type { Redactor } from '../../kernel/redact.ts'
import { dial } from './dial.ts'
import type { Target } from './dial.ts'
import type { Hop } from './parse.ts'
import { isRedirect } from './redirect.ts'

/** What one hop came to. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: Uint8Array
  /** The body is only the beginning of what was answered. */
  isCut: boolean
  /** The rest of it did not arrive. */
  isBroken: boolean
  /** Where it sends to; its body is then left unread. */
  location: string | undefined
}

export interface HopOptions {
  clock: Clock
  signal: AbortSignal
  user_agent: string
  bytes_max: number
  /** Whether an answer that sends elsewhere will be followed. */
  follows: boolean
  /** Whether an answer whose end cannot be had is taken for what there is of it. */
  cuts: boolean
  redact: (() => Redactor) | undefined
  /** Takes the pieces of a body that is an answer to what was asked, instead of the answer. */
  received: ((part: Uint8Array) => void) | undefined
  /** Awaited before the first byte. */
  sends: (() => Promise<void>) | undefined
  measured: ((bytes: number) => void) | undefined
}

const HEADER_BYTES_MAX = 16_384

/**
 * Sends one request over a connection of its own, which ends with it: nothing that was allowed once stays open, and a
 * server that closes idle connections cannot break a request off.
 */
export async function perform(hop: Hop, target: Target, options: HopOptions): Promise<Answer> {
  const sockets: Socket[] = []
  const count = (socket: Socket): unknown => sockets.push(socket)
  try {
    const socket = await dial(target, options.clock, options.signal, count)
    await options.sends?.()
    return await ask(hop, socket, options)
  } finally {
    for (const socket of sockets) socket.destroy()
    const bytes = sockets.reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, 0)
    options.measured?.(bytes)
  }
}

async function ask(hop: Hop, socket: Socket, options: HopOptions): Promise<Answer> {
  const { Client } = await import('undici')
  const client = new Client(hop.url.origin, {
    // It waits for ever when it is called back before it has begun to wait.
    connect: (_options, callback) => queueMicrotask(() => callback(null, socket)),
    pipelining: 0,
    allowH2: false,
    useMilo: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    // The exchange has one deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  try {
    const answered = await client.request({
      method: hop.method,
      path: `${hop.url.pathname}${hop.url.search}`,
      headers: { ...toSend(hop, options.user_agent) },
      body: hop.body ?? null,
      signal: options.signal,
    })
    answered.body.on('error', () => {})
    return await toAnswer(hop, answered, options)
  } finally {
    await client.destroy()
  }
}

interface Answered {
  statusCode: number
  headers: IncomingHttpHeaders
  body: Parameters<typeof readBody>[0]
}

async function toAnswer(
  hop: Hop,
  { statusCode: status, headers, body }: Answered,
  { bytes_max, follows, cuts, redact, received, signal }: HopOptions,
): Promise<Answer> {
  const host = hop.url.host
  const plain = Object.entries(headers).map(
    ([name, value = '']) => [name, Array.isArray(value) ? value.join(', ') : value] as const,
  )
  const raw = Object.fromEntries(plain)
  const location = follows && isRedirect(status) ? raw['location'] : undefined
  const isEmpty = hop.method === 'HEAD' || status === 204 || status === 304 || location !== undefined
  if (!isEmpty && !cuts && Number(raw['content-length'] ?? 0) > bytes_max) throw tooLarge(host, bytes_max)
  const encoding = raw['content-encoding'] ?? ''
  const read = isEmpty
    ? { bytes: new Uint8Array(0), isCut: false, isBroken: false }
    : await readBody(body, encoding, {
        host,
        bytes_max,
        cuts,
        redactor: redact?.(),
        signal,
        received: status >= 200 && status < 300 ? received : undefined,
      })
  return {
    status,
    location,
    body: read.bytes,
    isCut: read.isCut,
    isBroken: read.isBroken,
    headers: Object.fromEntries(
      plain
        // They describe the body as it came, which is decoded here.
        .filter(([name]) => isEmpty || (name !== 'content-encoding' && name !== 'content-length'))
        .map(([name, value]) => [name, redacted(value, redact?.())]),
    ),
  }
}

function toSend(hop: Hop, user_agent: string): Record<string, string> {
  return { accept: '*/*', 'user-agent': user_agent, ...hop.headers, 'accept-encoding': ENCODINGS }
}
