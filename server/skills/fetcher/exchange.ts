import { Type } from 'typebox'
import type { Capabilities, NetRequest } from '../capabilities.ts'
import { shape } from '../skill.ts'
import { readBody } from './body.ts'
import { shownHeaders } from './headers.ts'

export type Can = Pick<Capabilities, 'net'>

/** An answer becomes the result of an execution, which is kept and handed on, so it may not be huge. */
export const ANSWER_BYTES_MAX = 1_000_000

/** What another machine answered. Nobody vouches for it: `untrusted` follows it to whatever uses it. */
export const Answer = shape({
  status: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
  encoding: Type.Enum(['text', 'base64']),
  /** Address that answered at last, after redirects. */
  url: Type.String(),
  untrusted: Type.Literal(true),
})

export async function exchange(can: Can, request: NetRequest) {
  const response = await can.net.request({ bytes_max: ANSWER_BYTES_MAX, ...request })
  const { status, url, headers, body } = response
  const data = {
    status,
    headers: shownHeaders(headers),
    ...readBody(response),
    url,
    untrusted: true as const,
  }
  return { data, size: body.byteLength }
}

/** A body that is sent: a text as it is, anything else as JSON. */
export function writeBody(body: unknown): { body: string; type: string } {
  if (typeof body !== 'string') return { body: JSON.stringify(body), type: 'application/json' }
  return { body, type: isJson(body) ? 'application/json' : 'text/plain; charset=utf-8' }
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
