import type { IncomingMessage, Server } from 'node:http'
import { isIP } from 'node:net'
import { Fault } from '../../kernel/fault.ts'
import type { Settings } from '../../kernel/settings.ts'

export type GateSettings = Pick<Settings, 'public_url' | 'behind_proxy'>

/** What is checked of every request before anything else, so that no other site and no rebound name reaches in. */
export interface Gate {
  /** Why the request may not come in, or nothing. `api` is what pages of other sites may not even ask for. */
  check(request: IncomingMessage, api: boolean): Fault | undefined
  /** The address that limits count by. Behind a proxy it is the one that the proxy itself saw. */
  ip(request: IncomingMessage, peer?: string): string
}

interface Names {
  hosts: ReadonlySet<string>
  origins: ReadonlySet<string>
}

/** @param server - Its own names hold the port that it listens on. */
export function openGate(
  { public_url, behind_proxy }: GateSettings,
  server: Pick<Server, 'address' | 'on'>,
): Gate {
  let names = namesFor(public_url, portOf(server))
  // Asked once: a server that closes has no address any more, but still calls to answer.
  server.on('listening', () => (names = namesFor(public_url, portOf(server))))
  return {
    check: (request, api) => checkNames(request, names, api),
    ip: (request, peer = request.socket.remoteAddress ?? '') => {
      if (!behind_proxy) return plain(peer)
      const seen =
        (request.headersDistinct['x-forwarded-for'] ?? []).join(',').split(',').at(-1)?.trim() ?? ''
      return plain(isIP(seen) > 0 ? seen : peer)
    },
  }
}

/** The port that a server listens on, or 0. */
export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Writes an IPv4 address that was mapped into IPv6 as what it is. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
}

function namesFor(public_url: string, port: number): Names {
  const local = ['localhost', '127.0.0.1', '[::1]'].map((name) => new URL(`http://${name}:${port}`))
  const urls = [...local, new URL(public_url)]
  return {
    // A browser leaves out port 80, a plain client may write it.
    hosts: new Set([...urls.map(({ host }) => host), ...local.map(({ hostname }) => `${hostname}:${port}`)]),
    origins: new Set(urls.map(({ origin }) => origin)),
  }
}

function checkNames(request: IncomingMessage, { hosts, origins }: Names, api: boolean): Fault | undefined {
  const { url = '', headersDistinct: headers } = request
  // A proxy's form of the address names a second host, and no client of ours is behind one that speaks it.
  if (!url.startsWith('/') && url !== '*')
    return new Fault('VALIDATION_ERROR', 'The address must begin with /.')
  const host = headers['host'] ?? []
  if (host.length !== 1 || !hosts.has((host[0] ?? '').toLowerCase())) {
    return refusal('This server does not answer to that host name.')
  }
  const origin = headers['origin'] ?? []
  if (origin.length > 1 || (origin[0] !== undefined && !origins.has(origin[0]))) {
    return refusal('Pages of that origin may not ask this server.')
  }
  const isForeign = headers['sec-fetch-site']?.includes('cross-site') ?? false
  return api && isForeign ? refusal('Pages of other sites may not ask this server.') : undefined
}

function refusal(message: string): Fault {
  return new Fault('VALIDATION_ERROR', message, undefined, { status: 403 })
}

/** Names under which clients put a token into the address, where logs and histories keep it. */
const TOKEN_NAMES = new Set([
  'token',
  'access_token',
  'refresh_token',
  'auth_token',
  'bearer',
  'authorization',
  'jwt',
])

/** Refuses a token in the address. */
export function checkQuery(url: string): Fault | undefined {
  const start = url.indexOf('?')
  if (start < 0) return undefined
  const names = [...new URLSearchParams(url.slice(start)).keys()]
  if (!names.some((name) => TOKEN_NAMES.has(name.toLowerCase()))) return undefined
  return new Fault(
    'UNAUTHORIZED',
    'A token in the address is never accepted: send it in the Authorization header.',
  )
}
