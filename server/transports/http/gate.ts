import type { IncomingMessage, Server } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { Fault } from '../../kernel/fault.ts'
import type { Settings } from '../../kernel/settings.ts'

export type GateSettings = Pick<
  Settings,
  'public_url' | 'behind_proxy' | 'trusted_proxies' | 'allowed_origins' | 'tls'
>

/** What is checked of every request before anything else, so that no other site and no rebound name reaches in. */
export interface Gate {
  /** Why the request may not come in, or nothing. `api` is what pages of other sites may not even ask for. */
  check(request: IncomingMessage, api: boolean): Fault | undefined
  /** The address that limits count by. Behind a proxy it is the one that the proxy itself saw. */
  ip(request: IncomingMessage, peer?: string): string
  /** Origin of the page that asks or, when it does not say, of the address that it asked; always one of our own. */
  origin(request: IncomingMessage): string
  /** Origin of the page that asks, when it is one that this server serves itself. */
  page(request: IncomingMessage): string | undefined
  /** Where a page is at home that was asked for at an address of this machine: passkeys need a name. */
  home(request: IncomingMessage): string | undefined
  /** What lets a page of an allowed origin read the answer (CORS); nothing for our own pages and for no page. */
  sharing(request: IncomingMessage): Readonly<Record<string, string>>
}

interface Names {
  hosts: ReadonlySet<string>
  origins: ReadonlySet<string>
  /** What is asked at an address of this machine counts as asked at this one: passkeys need a name. */
  local: string
  public: URL
  /** Origins of the pages that are served here. */
  own: ReadonlySet<string>
  /** Origins of other pages that may ask. */
  allowed: ReadonlySet<string>
}

/** What pages of allowed origins may send, and for how many seconds a browser need not ask again. */
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, X-Biometric-Proof, X-Approval, X-Request-Id, API-Version',
  'Access-Control-Max-Age': '600',
}
const SHARED_HEADERS =
  'API-Version, Retry-After, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Type'

/** A host that is this machine's address rather than a name of it. */
const ADDRESS = /^(?:127\.0\.0\.1|\[::1\])(?::\d+)?$/

/** @param server - Its own names hold the port that it listens on. */
export function openGate(settings: GateSettings, server: Pick<Server, 'address' | 'on'>): Gate {
  let names = namesFor(settings, portOf(server))
  // Asked once: a server that closes has no address any more, but still calls to answer.
  server.on('listening', () => (names = namesFor(settings, portOf(server))))
  const proxies = settings.behind_proxy ? toBlockList(settings.trusted_proxies) : undefined
  return {
    check: (request, api) => checkNames(request, names, api),
    ip: (request, peer = request.socket.remoteAddress ?? '') => {
      const address = plain(peer)
      if (proxies === undefined || !isIn(proxies, address)) return address
      // From the nearest: each trusted proxy has added whom it saw, and what stands before the first other is hearsay.
      const seen = (request.headersDistinct['x-forwarded-for'] ?? []).join(',').split(',')
      const hops = seen.map((hop) => plain(hop.trim())).toReversed()
      const client = hops.find((hop) => isIP(hop) === 0 || !isIn(proxies, hop))
      return client !== undefined && isIP(client) > 0 ? client : address
    },
    origin: ({ headersDistinct: headers }) => {
      const origin = headers['origin']?.[0]
      const isPublic =
        origin === undefined ? headers['host']?.[0] === names.public.host : origin === names.public.origin
      if (origin !== undefined && names.allowed.has(origin)) return origin
      return isPublic ? names.public.origin : names.local
    },
    page: ({ headersDistinct: headers }) => {
      const [origin = '', ...more] = headers['origin'] ?? []
      return more.length === 0 && names.own.has(origin) ? origin : undefined
    },
    // A proxy on this machine may well ask by address, for somebody who cannot follow to its localhost.
    home: ({ headersDistinct: headers }) =>
      !settings.behind_proxy && ADDRESS.test(headers['host']?.[0] ?? '') ? names.local : undefined,
    sharing: ({ headersDistinct: headers }) => {
      const origin = headers['origin']?.[0]
      if (origin === undefined || !names.allowed.has(origin)) return {}
      return {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': SHARED_HEADERS,
        'Cross-Origin-Resource-Policy': 'cross-origin',
        Vary: 'Origin',
        ...(headers['access-control-request-method'] === undefined ? {} : PREFLIGHT),
      }
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

function namesFor({ public_url, allowed_origins, tls }: GateSettings, port: number): Names {
  const scheme = tls === undefined ? 'http' : 'https'
  const local = ['localhost', '127.0.0.1', '[::1]'].map((name) => new URL(`${scheme}://${name}:${port}`))
  const urls = [...local, new URL(public_url)]
  return {
    // A browser leaves out port 80, a plain client may write it.
    hosts: new Set([...urls.map(({ host }) => host), ...local.map(({ hostname }) => `${hostname}:${port}`)]),
    origins: new Set([...urls.map(({ origin }) => origin), ...allowed_origins]),
    own: new Set(urls.map(({ origin }) => origin)),
    allowed: new Set(allowed_origins),
    local: new URL(`${scheme}://localhost:${port}`).origin,
    public: new URL(public_url),
  }
}

function checkNames(
  request: IncomingMessage,
  { hosts, origins, allowed }: Names,
  api: boolean,
): Fault | undefined {
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
  const isShared = allowed.has(origin[0] ?? '')
  const isForeign = !isShared && (headers['sec-fetch-site']?.includes('cross-site') ?? false)
  return api && isForeign ? refusal('Pages of other sites may not ask this server.') : undefined
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

function isIn(list: BlockList, address: string): boolean {
  return isIP(address) > 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
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
