import { isIP } from 'node:net'
import { Fault } from '../../kernel/fault.ts'
import type { Bounds } from './bounds.ts'
import type { EgressRequest } from './index.ts'
import { isRead } from './policy.ts'
import type { Place } from './policy.ts'

/** One request and where it goes. */
export interface Hop {
  method: string
  url: URL
  /** Names in small letters. */
  headers: Readonly<Record<string, string>>
  body: Uint8Array | undefined
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
const URL_CHARACTERS_MAX = 8_192
const HOST_CHARACTERS_MAX = 253
const HEADERS_MAX = 64
const HEADER_CHARACTERS_MAX = 16_384

/** Headers that belong to the connection or to the egress itself; with them a caller could smuggle a second request. */
const OURS = new Set(
  'host cookie cookie2 connection keep-alive te trailer trailers transfer-encoding upgrade content-length expect accept-encoding http2-settings'.split(
    ' ',
  ),
)
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
// Control characters end a header; characters beyond one byte would be cut to others.
export const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/**
 * Checks everything about a request that needs no network.
 *
 * @throws Fault `VALIDATION_ERROR`, without any value that may be secret.
 */
export function toHop(request: EgressRequest, bounds: Bounds): Hop {
  const method: string = request.method ?? 'GET'
  if (!METHODS.has(method)) throw wrong(`${JSON.stringify(method.slice(0, 32))} is not a method.`)
  const body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body
  if (body !== undefined && isRead(method)) throw wrong(`${method} has no body.`)
  if (body !== undefined && body.byteLength > bounds.request_bytes_max)
    throw wrong(`The body has more than ${bounds.request_bytes_max} bytes.`)
  return { method, url: toURL(request.url), headers: toHeaders(request.headers ?? {}), body }
}

/**
 * Reads an address as browsers do, so that every spelling of a host becomes one: `0x7f.1` is `127.0.0.1`.
 *
 * @param base - what a relative address is relative to.
 */
export function toURL(text: string, base?: URL): URL {
  if (text.length > URL_CHARACTERS_MAX)
    throw wrong(`An address may have ${URL_CHARACTERS_MAX} characters at most.`)
  const url = URL.parse(text, base)
  if (url === null) throw wrong('The address is not a valid URL.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw wrong(`Only http and https are spoken, not ${url.protocol.slice(0, 32)}`)
  if (url.username !== '' || url.password !== '')
    throw wrong('An address may not hold a user name or a password.')
  // A name with a dot at its end is the same host under another spelling.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  const isName = NAME.test(url.hostname) && url.hostname.length <= HOST_CHARACTERS_MAX
  if (!isName && !url.hostname.startsWith('[')) throw wrong('The address names no host.')
  url.hash = ''
  return url
}

/** Where a TCP connection would go. */
export function toPlace(host: string, port: number): Place {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrong(`${port} is not a port from 1 to 65535.`)
  const bare = isIP(host) === 6 ? `[${host}]` : host
  if (!/^(?:\[[\da-f:.]+\]|[^\s/?#@\\:[\]]+)$/i.test(bare)) throw wrong('This is not a host.')
  return { hostname: toURL(`http://${bare}:${port}/`).hostname, port }
}

export function placeOf(url: URL): Place {
  const implied = url.protocol === 'https:' ? 443 : 80
  return { hostname: url.hostname, port: url.port === '' ? implied : Number(url.port) }
}

function toHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const)
  if (entries.length > HEADERS_MAX) throw wrong(`A request may have ${HEADERS_MAX} headers at most.`)
  let characters = 0
  for (const [name, value] of entries) {
    const said = JSON.stringify(name.slice(0, 64))
    characters += name.length + value.length
    if (!TOKEN.test(name)) throw wrong(`${said} is not the name of a header.`)
    if (OURS.has(name) || name.startsWith('proxy-')) throw wrong(`The header ${said} may not be given.`)
    if (!VALUE.test(value)) throw wrong(`The value of the header ${said} has characters that none may have.`)
  }
  if (characters > HEADER_CHARACTERS_MAX)
    throw wrong(`The headers have more than ${HEADER_CHARACTERS_MAX} characters.`)
  const headers = Object.fromEntries(entries)
  if (Object.keys(headers).length < entries.length) throw wrong('A header is given twice.')
  return headers
}

function wrong(message: string): Fault {
  return new Fault('VALIDATION_ERROR', message)
}
