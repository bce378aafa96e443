import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { bodyOf } from '../http/body.ts'
import { serveParent } from '../http/child.ts'

/** Posts on connections that are kept, each after the whole answer to the one before. */
export interface Load {
  port: number
  path: string
  /** Lines of the head that only one of the servers understands. */
  headers: readonly string[]
  clients: number
  requests: number
  /** What every answer has in it. */
  proof: string
}

export interface Measured {
  elapsed_ms: number
  /** Milliseconds of each request. */
  times: number[]
  sample: string
}

async function run(load: Load): Promise<Measured> {
  const sockets = await Promise.all(
    Array.from({ length: load.clients }, async () => {
      const socket = connect(load.port, '127.0.0.1')
      socket.setNoDelay()
      await once(socket, 'connect')
      return socket
    }),
  )
  const times: number[] = []
  const started = performance.now()
  const samples = await Promise.all(sockets.map((socket, lane) => postAll(load, socket, lane, times)))
  const elapsed_ms = performance.now() - started
  for (const socket of sockets) socket.destroy()
  return { elapsed_ms, times, sample: samples[0] ?? '' }
}

function request({ port, path, headers }: Load, number: number): string {
  const body = JSON.stringify({ number, customer: 'Ann', note: 'two days earlier, if that can be' })
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    'Content-Type: application/json',
    ...headers,
  ]
  return `${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function postAll(load: Load, socket: Socket, lane: number, times: number[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let received: Buffer = Buffer.alloc(0)
  let answered = 0
  let asked = 0
  const ask = (): void => {
    asked = performance.now()
    socket.write(request(load, lane * load.requests + answered))
  }
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('The server closed the connection.')))
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const body = bodyOf(received)
    if (body === undefined) return
    times.push(performance.now() - asked)
    received = Buffer.alloc(0)
    if (!body.includes(load.proof)) reject(new Error(`Not the answer that was wanted: ${body}`))
    answered += 1
    if (answered < load.requests) ask()
    else resolve(body)
  })
  ask()
  return promise
}

serveParent({ run }, () => Promise.resolve())
