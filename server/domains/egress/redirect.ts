import { Fault } from '../../kernel/fault.ts'
import { toURL } from './parse.ts'
import type { Hop } from './parse.ts'
import { isRead } from './policy.ts'

/** What goes along to another origin. Everything else may be meant for the first one alone. */
const HARMLESS = new Set(['accept', 'user-agent', 'content-type'])
/** What describes a body, and goes with it. */
const OF_BODY = /^content-/

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/**
 * The hop that an answer sends to, as browsers go.
 *
 * @throws Fault when it leads where no request may go, or from https to http.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function follow(hop: Hop, status: number, location: string): Hop {
  const url = toURL(location, hop.url)
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    throw new Fault(
      'UNAUTHORIZED',
      `${hop.url.host} sends from https to http at ${url.host}, where others could read along.`,
      { host: url.host },
      { status: 403 },
    )
  const becomesGet =
    (status === 303 && !isRead(hop.method)) || ((status === 301 || status === 302) && hop.method === 'POST')
  const staysAtOrigin = url.origin === hop.url.origin
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (staysAtOrigin || HARMLESS.has(name)) && !(becomesGet && OF_BODY.test(name)),
  )
  return {
    method: becomesGet ? 'GET' : hop.method,
    url,
    headers: Object.fromEntries(headers),
    body: becomesGet ? undefined : hop.body,
  }
}
