import type { Socket } from 'node:net'
import { Fault } from '../../kernel/fault.ts'
import { tooLarge } from './body.ts'
import { within } from './bounds.ts'
import { dial } from './dial.ts'
import { addressesOf, rulesOf } from './exchange.ts'
import type { Frame, Ways } from './exchange.ts'
import { HostFailure, toFailure } from './failure.ts'
import type { Connection, ConnectionTarget } from './index.ts'
import { toPlace } from './parse.ts'
import { authority, reachOf } from './policy.ts'

/** What becomes of a connection once it is open. */
export interface Opened {
  connection: Connection
  closed: Promise<void>
}

/**
 * Opens a raw TCP connection, by the rules for what sends: it is no HTTP, so nobody could tell what only looks. Its place
 * among the connections is held until it has closed.
 */
export async function openConnection(
  ways: Ways,
  target: ConnectionTarget,
  { context, signal, at }: Frame,
): Promise<Opened> {
  const { bounds, kernel } = ways
  const place = toPlace(target.host, target.port)
  const host = authority(place)
  const reach = reachOf(rulesOf(ways), place, 'CONNECT', context.hosts)
  at(host)
  const way = { user_id: context.user_id, host }
  const release = await ways.slots.acquire(way, signal)
  let socket: Socket | undefined
  try {
    const leave = ways.breaker.enter(way)
    try {
      context.before?.({ method: 'CONNECT', host })
      const addresses = await addressesOf(ways, place, reach, signal)
      socket = await dial({ place, addresses, reach, tls: false }, kernel.clock, signal)
      leave('worked')
    } catch (error) {
      const failure = toFailure(error, host)
      const isOfHost = failure instanceof HostFailure && !signal.aborted
      leave(isOfHost ? 'failed' : 'unknown', failure instanceof HostFailure ? failure.what : undefined)
      throw failure
    }
  } finally {
    if (socket === undefined) release()
  }
  const open = socket
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const cancel = kernel.clock.after(bounds.connection_ms, () =>
    open.destroy(new Fault('AGENT_TIMEOUT', `${host} was spoken with for too long.`, { host })),
  )
  const finish = (): void => {
    cancel()
    release()
    context.measured?.(open.bytesRead + open.bytesWritten, host)
    resolve()
  }
  // Broken off in the very moment in which it opened, it has told so already.
  if (open.closed) finish()
  else open.once('close', finish)
  const bytes_max = within(target.bytes_max, bounds.bytes, bounds.bytes_max)
  return { connection: toConnection(open, { host, bytes_max, signal }), closed }
}

function toConnection(
  socket: Socket,
  { host, bytes_max, signal }: { host: string; bytes_max: number; signal: AbortSignal },
): Connection {
  let isClosed = false
  async function* received(): AsyncGenerator<Uint8Array> {
    let room = bytes_max
    try {
      for await (const chunk of socket as AsyncIterable<Uint8Array>) {
        room -= chunk.byteLength
        if (room < 0) throw tooLarge(host, bytes_max)
        yield chunk
      }
    } catch (error) {
      if (isClosed) return
      signal.throwIfAborted()
      throw toFailure(error, host)
    } finally {
      socket.destroy()
    }
  }
  return {
    received: received(),
    write: async (bytes) => {
      signal.throwIfAborted()
      if (!socket.writable) throw new HostFailure(host, 'closed the connection too early', true)
      if (!socket.write(bytes)) await drained(socket)
      signal.throwIfAborted()
    },
    close: () => {
      isClosed = true
      socket.destroy()
    },
  }
}

/** Until more may be written, or nothing can be any more: the next write says so. */
async function drained(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const go = (): void => resolve()
  socket.once('drain', go)
  socket.once('close', go)
  try {
    await promise
  } finally {
    socket.off('drain', go)
    socket.off('close', go)
  }
}
