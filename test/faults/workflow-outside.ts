import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A request that came from a step. Its address says how it is answered, the name of its run, and the step. */
export interface Asked {
  manner: string
  name: string
  step: string
  sends: boolean
  /** What the header `Idempotency-Key` says. */
  key: string | undefined
  /** Told to come again: whoever only reads does so within the same attempt. */
  isPutOff: boolean
}

/** The world outside: it outlives the servers that are killed, and remembers what it was asked for. */
export interface Outside {
  /** Where it listens, as `host:port`. */
  readonly host: string
  readonly asked: Asked[]
  /** Resolves when nobody is connected any more, so that what comes later comes from another process. */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** How long a slow answer takes, in milliseconds. */
const SLOW_MS = 30
/** Turns of 2 ms after which whoever is still connected is no process that was killed. */
const TURNS_MAX = 2_500

/**
 * Opens it on a free port of this machine. `ok` and `slow` answer 200, `drop1` and `drop2` break the first one or two
 * requests of a step off, `busy` answers 503 and `broken` 500 to the first.
 */
export async function openOutside(): Promise<Outside> {
  const asked: Asked[] = []
  let connected = 0
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const [, manner = '', name = '', step = ''] = (request.url ?? '').split('/')
    const earlier = asked.filter((one) => one.name === name && one.step === step).length
    const key = request.headers['idempotency-key']
    const isPutOff = manner === 'busy' && earlier === 0
    const sends = request.method !== 'GET'
    asked.push({ manner, name, step, sends, key: typeof key === 'string' ? key : undefined, isPutOff })
    if (manner === 'drop2' ? earlier < 2 : manner === 'drop1' && earlier === 0) response.destroy()
    else if (isPutOff) response.writeHead(503).end()
    else if (manner === 'broken' && earlier === 0) response.writeHead(500).end()
    else if (manner === 'slow') setTimeout(() => response.end('ok'), SLOW_MS)
    else response.end('ok')
  }
  const server = createServer({ keepAliveTimeout: 1 }, answer)
  server.on('connection', (socket) => {
    connected += 1
    socket.on('error', () => {}).on('close', () => (connected -= 1))
  })
  const { promise: listens, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await listens
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    quiet: async () => {
      // What a process that is gone has sent may not have been taken in yet.
      for (let turn = 0, calm = 0; calm < 3; turn += 1) {
        if (turn > TURNS_MAX) throw new Error(`${connected} connections stay open.`)
        calm = connected === 0 ? calm + 1 : 0
        await pause(2)
      }
    },
    close: async () => {
      const { promise, resolve: closed } = Promise.withResolvers<void>()
      server.close(() => closed())
      server.closeAllConnections()
      await promise
    },
  }
}
