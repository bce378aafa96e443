import type * as Client from 'socket.io-client'
import type { Session } from './session.ts'
import { isEnd } from './session.ts'

/** The client of the socket library, as the server hands it out beside this page. */
const LIBRARY = './socket-client.js'
const EVENTS = ['approval:requested', 'approval:decided', 'notification:created'] as const
export type Heard = (typeof EVENTS)[number]
const AGAIN_MS = [1_000, 5_000, 30_000]

export interface Live {
  /** Goes on with a new token, in place of one that will expire. */
  renew(token: string): void
  close(): void
}

interface Hooks {
  heard(event: Heard): void
  /** Called with true whenever the connection is new: what happened in between was missed. */
  connected(is: boolean): void
}

/** Listens to what happens to the user. */
export async function openLive(session: Session, { heard, connected }: Hooks): Promise<Live> {
  const { io } = (await import(LIBRARY)) as typeof Client
  let failures = 0
  let isClosed = false
  let used: string | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const socket = io({
    transports: ['websocket', 'polling'],
    autoConnect: false,
    auth: (give) => {
      // Without a token the server sends us away, and that is judged below.
      session.token().then(
        (token) => give({ token: (used = token) }),
        () => give({}),
      )
    },
  })
  for (const event of EVENTS) socket.on(event, () => heard(event))
  socket.on('authenticated', () => {
    failures = 0
    connected(true)
  })
  socket.on('disconnect', (reason) => {
    connected(false)
    if (reason !== 'io server disconnect' || isClosed) return
    // The token expired or its session ended: another one tells which.
    const wait_ms = AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)]
    failures += 1
    timer = setTimeout(() => {
      // A sign-in that was just renewed is not spent: the password would no longer count as fresh.
      const renewal = session.last === used ? session.renew() : session.token()
      renewal.then(
        () => isClosed || socket.connect(),
        (error: unknown) => isEnd(error) || isClosed || socket.connect(),
      )
    }, wait_ms)
  })
  socket.connect()
  return {
    renew: (token) => socket.emit('authenticate', token),
    close() {
      isClosed = true
      clearTimeout(timer)
      socket.disconnect()
    },
  }
}
