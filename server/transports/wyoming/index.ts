import { BlockList, createServer, isIP } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { isLoopback } from '../../kernel/settings.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { serve } from './connection.ts'
import { WYOMING_BOUNDS } from './service.ts'
import type { SpeechService, WyomingBounds } from './service.ts'

export interface WyomingOptions {
  service: SpeechService
  kernel: Pick<Kernel, 'clock' | 'log'>
  port: number
  /** An address of this machine; `127.0.0.1` unless given. */
  host?: string
  /**
   * Addresses and networks that may connect, such as `192.168.1.5` or `10.0.0.0/8`; this machine always may. The protocol
   * knows no password, so whoever listens to other machines says which.
   */
  peers?: readonly string[]
  version?: string
  bounds?: Partial<WyomingBounds>
}

export interface Wyoming {
  port: number
  /** Ends every connection, and answers once all of them have ended. */
  close(): Promise<void>
}

/**
 * Makes PAIOS a speech service for Home Assistant and others that speak Wyoming.
 *
 * @throws Error when it would listen to other machines and none of them is named, or the port is taken.
 */
export async function openWyoming(options: WyomingOptions): Promise<Wyoming> {
  const { host = '127.0.0.1', port, peers = [], kernel } = options
  if (!isLoopback(host) && peers.length === 0)
    throw new Error(`Wyoming has no password: to listen at ${host}, name the machines that may connect.`)
  const bounds = { ...WYOMING_BOUNDS, ...options.bounds }
  const allowed = toAllowed(peers)
  const sockets = new Set<Socket>()
  const running = new Set<Promise<void>>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('error', () => {})
    if (!isAllowed(allowed, socket.remoteAddress) || sockets.size >= bounds.connections) {
      kernel.log.warn('refused a connection of Wyoming', { address: socket.remoteAddress })
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const done: Promise<void> = serve(socket, { ...options, bounds }).finally(() => running.delete(done))
    running.add(done)
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, host, resolve)
  await promise
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      for (const socket of sockets) socket.destroy()
      await Promise.all([closed.promise, ...running])
    },
  }
}

function toAllowed(peers: readonly string[]): BlockList {
  const list = new BlockList()
  list.addSubnet('127.0.0.0', 8, 'ipv4')
  list.addAddress('::1', 'ipv6')
  for (const peer of peers) {
    const [address = '', prefix] = peer.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** An IPv4 address that came to an IPv6 socket is checked as what it is. */
function isAllowed(list: BlockList, address = ''): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
}
