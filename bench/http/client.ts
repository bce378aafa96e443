import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { bodyOf } from './body.ts'
import { serveParent } from './child.ts'
import { AGENT_NUMBER } from './scene.ts'
import type { Visitor } from './scene.ts'

/** What the clients ask, and how often each of them. */
export interface Round {
  kind: 'execute' | 'get'
  port: number
  visitors: readonly Visitor[]
  requests: number
  /** Makes the requests of a round their own: every execution has another `request_id`. */
  name: string
}

export interface Measured {
  elapsed_ms: number
  /** One of the bodies. */
  sample: string
}

/** Connects everybody, writes all requests out beforehand, and measures from the first question to the last answer. */
async function run(round: Round): Promise<Measured> {
  const lanes = await Promise.all(
    round.visitors.map(async (visitor, lane) => {
      const socket = connect(round.port, '127.0.0.1')
      socket.setNoDelay()
      await once(socket, 'connect')
      const requests = Array.from({ length: round.requests }, (_, at) => request(round, visitor, lane, at))
      return { socket, requests }
    }),
  )
  const started = performance.now()
  const samples = await Promise.all(lanes.map(({ socket, requests }) => askAll(round.kind, socket, requests)))
  const elapsed_ms = performance.now() - started
  for (const { socket } of lanes) socket.destroy()
  return { elapsed_ms, sample: samples[0] ?? '' }
}

function request(round: Round, { user_id, token }: Visitor, lane: number, at: number): Buffer {
  const path = `/api/agents/${AGENT_NUMBER}`
  const head = `Host: localhost:${round.port}\r\nAuthorization: Bearer ${token}\r\n`
  if (round.kind === 'get') return Buffer.from(`GET ${path} HTTP/1.1\r\n${head}\r\n`)
  // What is said twice is remembered once, so every round has numbers of its own.
  const own = Buffer.from(round.name).reduce((sum, byte) => sum * 31 + byte, 7) % 1_000_000_007
  const command = {
    action: 'remember',
    parameters: { text: `the lock code of my bike number ${lane} is ${1000 + at} in ${own}` },
    user_id,
    request_id: `${round.name}-${lane}-${at}`,
    priority: 'normal',
  }
  const body = JSON.stringify({ command, wait_for_completion: true })
  return Buffer.from(
    `POST ${path}/execute HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
}

/** Asks one after the other on one connection, each after the whole answer to the one before. */
function askAll(kind: Round['kind'], socket: Socket, requests: readonly Buffer[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const proof = kind === 'execute' ? '"status":"completed"' : '"available_actions":['
  let received: Buffer = Buffer.alloc(0)
  let answered = 0
  const ask = () => socket.write(requests[answered] ?? '')
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('The server closed the connection.')))
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const body = bodyOf(received)
    if (body === undefined) return
    received = Buffer.alloc(0)
    if (!body.includes(proof)) reject(new Error(`Not the answer that was wanted: ${body}`))
    answered += 1
    if (answered < requests.length) ask()
    else resolve(body)
  })
  ask()
  return promise
}

serveParent({ run }, () => Promise.resolve())
