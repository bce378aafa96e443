import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Reading } from './body.ts'

interface Connection {
  /** Requests that have no whole answer yet. */
  requests: number
  /** What ends the reading of a body, while one arrives. */
  fail: Reading['fail'] | undefined
  /** It no longer speaks HTTP. */
  broken: boolean
}

/** The connections of a server and what goes on on each. */
export class Traffic {
  readonly #connections = new Map<Socket, Connection>()
  #closing = false

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#connections.set(socket, { requests: 0, fail: undefined, broken: false })
      socket.once('close', () => this.#connections.delete(socket))
    })
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#count(request.socket, response),
    )
  }

  get closing(): boolean {
    return this.#closing
  }

  of(socket: Socket): Connection | undefined {
    return this.#connections.get(socket)
  }

  /** Ends what is idle at once, and the others after their answers. */
  close(): void {
    this.#closing = true
    for (const [socket, { requests }] of this.#connections) if (requests === 0) socket.destroy()
  }

  /** Ends everything. */
  destroy(): void {
    for (const socket of this.#connections.keys()) socket.destroy()
  }

  #count(socket: Socket, response: ServerResponse): void {
    const connection = this.#connections.get(socket)
    if (connection === undefined) return
    connection.requests += 1
    response.once('close', () => {
      connection.requests -= 1
      if (this.#closing && connection.requests === 0) socket.destroySoon()
    })
  }
}
