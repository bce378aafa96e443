import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '../../kernel/clock.ts'
import { notPublic } from './address.ts'
import { literalOf } from './policy.ts'
import type { Place, Reach } from './policy.ts'

/** Where a connection goes: the name that the other side must prove, and the checked addresses that it stands for. */
export interface Target {
  place: Place
  addresses: readonly string[]
  reach: Reach
  tls: boolean
}

/** How long an address is waited for while there is another one, as where IPv6 leads nowhere. */
const PATIENCE_MS = 3_000
const ADDRESSES_MAX = 4

/**
 * Connects to the first of the addresses that answers, and to no other: no name is looked up here.
 *
 * @param opened - hears of every socket, to count what goes through it.
 * @throws what the last address failed with, or the reason of the signal.
 */
export async function dial(
  target: Target,
  clock: Clock,
  signal: AbortSignal,
  opened: (socket: Socket) => unknown = () => {},
): Promise<Socket> {
  const addresses = target.addresses.slice(0, ADDRESSES_MAX)
  let failure: unknown = Object.assign(new Error('no address'), { code: 'ENOTFOUND' })
  for (const [index, address] of addresses.entries()) {
    const isLast = index === addresses.length - 1
    try {
      const socket = await reach(target, address, isLast ? undefined : clock, signal, opened)
      return target.tls ? await secure(socket, target.place.hostname) : socket
    } catch (error) {
      signal.throwIfAborted()
      failure = error
    }
  }
  throw failure
}

function reach(
  { place, reach: to }: Target,
  address: string,
  clock: Clock | undefined,
  signal: AbortSignal,
  opened: (socket: Socket) => unknown,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({
    host: address,
    port: place.port,
    noDelay: true,
    signal,
    // For TLS the platform takes this list without a word and without effect, hence TLS is spoken over this socket.
    ...(to === 'public' ? { blockList: notPublic(address) } : {}),
  })
  opened(socket)
  const giveUp = (): unknown => socket.destroy(Object.assign(new Error('no patience'), { code: 'ETIMEDOUT' }))
  const cancel = clock?.after(PATIENCE_MS, giveUp)
  socket.once('connect', () => {
    cancel?.()
    resolve(socket)
  })
  // It stays for the whole life of the socket: an error that nobody hears would end the process.
  socket.on('error', (error) => {
    cancel?.()
    reject(error)
  })
  return promise
}

/** Speaks TLS over a connection; the certificate must be good, whatever the environment says. */
function secure(socket: Socket, hostname: string): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const literal = literalOf(hostname)
  const secured = connectTls({
    socket,
    host: literal ?? hostname,
    // An address is no name to ask for, says RFC 6066; the certificate must be for it all the same.
    ...(literal === undefined || isIP(literal) === 0 ? { servername: hostname } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  })
  secured.once('secureConnect', () => resolve(secured))
  secured.on('error', (error) => {
    socket.destroy()
    reject(error)
  })
  secured.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  socket.once('error', reject)
  return promise
}
