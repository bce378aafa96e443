import type { Socket } from 'socket.io-client'
import type { APIError } from '../../contract/errors.ts'
import type { Came } from './sequence.ts'

/** Calls back once after so many milliseconds; the answer cancels. */
export type After = (delay_ms: number, work: () => void) => () => void

/** Why a connection ended: it was lost, or the server does not take the token. */
export type Cut = 'away' | 'refused'

/** What a server acknowledges. */
export type Acknowledged = { readonly success: true; readonly data?: unknown } | APIError

export interface LineOptions {
  url: string
  token: string
  after: After
  hear(event: Came): void
}

/** One connection to the server. */
export interface Line {
  /** Whether the server welcomed the connection; false when it ended before. */
  readonly welcome: Promise<boolean>
  readonly cut: Promise<Cut>
  /** Sends an event and waits for its acknowledgement. @throws Error when there is none in time. */
  ask(event: string, ...args: readonly unknown[]): Promise<Acknowledged>
  close(): void
}

const CONNECT_MS = 10_000
const WELCOME_MS = 10_000
/** Sending what was missed goes at the pace of the client, so this is long. */
const ANSWER_MS = 60_000

/** Opens one connection. The library is loaded on the first use, so that whoever never listens never waits for it. */
export async function openLine({ url, token, after, hear }: LineOptions): Promise<Line> {
  const { io } = await import('socket.io-client')
  const socket: Socket = io(url, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: CONNECT_MS,
  })
  const welcome = Promise.withResolvers<boolean>()
  const cut = Promise.withResolvers<Cut>()
  const cancel = after(CONNECT_MS + WELCOME_MS, () => end('away'))
  const end = (why: Cut): void => {
    cancel()
    welcome.resolve(false)
    cut.resolve(why)
    socket.offAny()
    socket.disconnect()
  }
  socket.on('authenticated', () => {
    cancel()
    welcome.resolve(true)
  })
  socket.on('unauthorized', () => end('refused'))
  socket.on('connect_error', () => end('away'))
  socket.on('disconnect', () => end('away'))
  socket.onAny((name: string, data: unknown, place: unknown) => {
    if (isPlace(place)) hear({ name, data, place })
  })
  return {
    welcome: welcome.promise,
    cut: cut.promise,
    ask: (event, ...args) => socket.timeout(ANSWER_MS).emitWithAck(event, ...args) as Promise<Acknowledged>,
    close: () => end('away'),
  }
}

/** Events have a place; what concerns the connection itself has none. */
function isPlace(value: unknown): value is Came['place'] {
  const { seq, created_at } = (value ?? {}) as Partial<Came['place']>
  return Number.isSafeInteger(seq) && typeof created_at === 'string'
}
