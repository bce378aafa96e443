import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import type { SocketEvents, WebSocketClientEvents, WebSocketEvents } from './types/sockets.ts'

export type Heard = SocketEvents & WebSocketEvents

/** A socket of a client that knows nothing but the specification: no acknowledgements, no events beyond it. */
export interface Live {
  emit<N extends keyof WebSocketClientEvents>(name: N, ...args: Parameters<WebSocketClientEvents[N]>): void
  /** What an event of this name carries, the next one that fits, counted from the last that was asked for. */
  hear<N extends keyof Heard>(
    name: N,
    fits?: (...args: Parameters<Heard[N]>) => boolean,
  ): Promise<Parameters<Heard[N]>>
  /** Every event so far, oldest first. */
  heard: readonly (readonly [name: string, ...args: unknown[]])[]
  close(): void
}

export interface LiveOptions {
  url: string
  token: string
  /** Sees every event that the server sends. */
  seen: (name: string, args: readonly unknown[]) => void
  /** Sees the name of every event that is sent. */
  sent: (name: string) => void
}

/** No event of a walk takes so long: the server looks at itself every five seconds. */
const ENOUGH_MS = 30_000

export function openLive({ url, token, seen, sent }: LiveOptions): Live {
  const socket: Socket<Heard, WebSocketClientEvents> = io(url, {
    auth: { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  })
  const heard: [string, ...unknown[]][] = []
  const taken = new Set<unknown>()
  const listeners = new Set<() => void>()
  const note = (name: string, args: readonly unknown[]) => {
    seen(name, args)
    heard.push([name, ...args])
    for (const listen of listeners) listen()
  }
  socket.onAny((name: string, ...args: unknown[]) => note(name, args))
  socket.on('connect', () => note('connect', []))
  socket.on('disconnect', (reason) => note('disconnect', [reason]))
  return {
    heard,
    emit: (name, ...args) => {
      sent(name)
      socket.emit(name, ...(args as never))
    },
    hear: (name, fits = () => true) => {
      const { promise, resolve, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => reject(new Error(`${name} was not heard, but ${heard.map(([one]) => one).join(', ')}`)),
        ENOUGH_MS,
      )
      const look = () => {
        const found = heard.find(
          (one) => one[0] === name && !taken.has(one) && fits(...(one.slice(1) as never)),
        )
        if (found === undefined) return
        taken.add(found)
        resolve(found.slice(1) as never)
      }
      listeners.add(look)
      look()
      return promise.finally(() => {
        clearTimeout(timer)
        listeners.delete(look)
      })
    },
    close: () => socket.disconnect(),
  }
}
