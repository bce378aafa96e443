import type { IncomingMessage } from 'node:http'
import { auth } from '../../../contract/auth.ts'
import type { Operation } from '../../../contract/operation.ts'
import type { Reply } from '../dispatch.ts'
import type { Gate } from './gate.ts'
import { PREFIXES } from './routes.ts'

/** By this header our own page says that its refresh token belongs into a cookie, out of the reach of scripts. */
export const CLIENT_HEADER = 'X-PAIOS-Client'
const PAGE = 'page'
/** What stands in an answer for a token that went into the cookie. */
const IN_COOKIE = 'cookie'
const TOKEN = 'refresh_token'
const TOKEN_FORM = /^[\w-]{1,256}$/
/** A session that is not used this long has ended (decision 5). */
const IDLE_S = 30 * 86_400
/** The one address that browsers send the cookie to. */
const PATH = `${PREFIXES[0]}${auth.refresh.http.path}`
const ENDING: ReadonlySet<string> = new Set([auth.logout.name])

/** The cookie of one call by the page. */
export interface Cookie {
  /** Puts the kept token into a body that brings none. */
  fill(body: Record<string, unknown> | undefined): Record<string, unknown> | undefined
  /** Takes a token out of an answer, and says what the browser is to do with its cookie. */
  keep(reply: Reply): { reply: Reply; headers: Readonly<Record<string, string>> }
}

/**
 * The cookie for a call, or nothing when it has none to do with it. Which operations take a token and which answer one
 * is read from the contract; to all others a cookie says nothing. The custom header cannot be sent by a page of another
 * origin without being asked first, and the origin is checked all the same: pages at other ports count as the same site.
 */
export function openCookie(operation: Operation, request: IncomingMessage, gate: Gate): Cookie | undefined {
  const takes = has(operation.input, TOKEN)
  const gives = has(operation.output, TOKEN)
  const origin = takes || gives || ENDING.has(operation.name) ? pageOf(request, gate) : undefined
  if (origin === undefined) return undefined
  const name = nameFor(origin)
  return {
    fill(body) {
      const kept = takes && body !== undefined && !(TOKEN in body) ? read(request, name) : undefined
      return kept === undefined ? body : { ...body, [TOKEN]: kept }
    },
    keep(reply) {
      const { data } = reply.ok ? reply : { data: undefined }
      if (reply.ok && gives && isToken(data)) {
        const headers = { 'Set-Cookie': write(origin, data[TOKEN], IDLE_S) }
        return { reply: { ...reply, data: { ...data, [TOKEN]: IN_COOKIE } }, headers }
      }
      const isOver = reply.ok ? ENDING.has(operation.name) : takes && reply.status === 401
      return { reply, headers: isOver ? { 'Set-Cookie': write(origin, '', 0) } : {} }
    },
  }
}

/** The origin of our own page, when it is that which asks. */
function pageOf(request: IncomingMessage, gate: Gate): string | undefined {
  const sent = request.headersDistinct[CLIENT_HEADER.toLowerCase()] ?? []
  return sent.length === 1 && sent[0] === PAGE ? gate.page(request) : undefined
}

/** Browsers keep cookies by host alone, so the port is in the name: two servers on one machine stay apart. */
function nameFor(origin: string): string {
  const { protocol, port } = new URL(origin)
  return `${protocol === 'https:' ? '__Secure-' : ''}paios_refresh${port === '' ? '' : `_${port}`}`
}

function write(origin: string, value: string, age_s: number): string {
  const secure = origin.startsWith('https:') ? '; Secure' : ''
  return `${nameFor(origin)}=${value}; Path=${PATH}; Max-Age=${age_s}; HttpOnly; SameSite=Strict${secure}`
}

/** Of two cookies with the same name one was put there by somebody else, and nobody can tell which. */
function read({ headers }: IncomingMessage, name: string): string | undefined {
  const values = (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
  const [value = ''] = values
  return values.length === 1 && TOKEN_FORM.test(value) ? value : undefined
}

function has(schema: object, name: string): boolean {
  return 'properties' in schema && Object.hasOwn(schema.properties as object, name)
}

function isToken(data: unknown): data is Record<typeof TOKEN, string> {
  return typeof data === 'object' && data !== null && typeof Reflect.get(data, TOKEN) === 'string'
}
