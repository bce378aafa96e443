import { Type } from 'typebox'
import type { Capabilities, NetRequest } from '../capabilities.ts'
import { ActionError, shape } from '../skill.ts'
import { readBody } from './body.ts'
import type { Body } from './body.ts'
import { JSON_BYTES_MAX, beginningOf, jsonBytes } from './fit.ts'
import { shownHeaders } from './headers.ts'
import { sayAnswer } from './say.ts'

export type Can = Pick<Capabilities, 'net'>

/** Bytes that are read. An answer becomes the result of an execution, which is kept and handed on, so it may not be huge. */
export const ANSWER_BYTES_MAX = 1_000_000

/** What another machine answered. Nobody vouches for it: `untrusted` follows it to whatever uses it. */
export const Answer = shape({
  status: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String(),
  encoding: Type.Enum(['text', 'base64']),
  /** The body is only the beginning of what was answered: that was too long, or could not be read to its end. */
  truncated: Type.Optional(Type.Literal(true)),
  /** Address that answered at last, after redirects. */
  url: Type.String(),
  untrusted: Type.Literal(true),
})

export async function exchange(can: Can, request: NetRequest) {
  const response = await can.net.request({ bytes_max: ANSWER_BYTES_MAX, ...request })
  const { status, url, headers, body } = response
  const frame = { status, headers: shownHeaders(headers), url, untrusted: true as const }
  return { data: fitted(frame, readBody(response), response.cut), size: body.byteLength }
}

/** Asks for more than an answer: one whose status means trouble is a failure then. */
export const MustSucceed = Type.Optional(Type.Boolean())

/** @throws ActionError when an answer that had to be a good one is none. */
export function checkAnswer(must_succeed: boolean | undefined, url: string, status: number): void {
  if (must_succeed === true && (status < 200 || status >= 300))
    throw new ActionError(`${sayAnswer(url, status)}.`)
}

/** The answer, its body cut where it would be too large: as JSON much takes more bytes than it did on the way. */
function fitted<T extends object>(
  frame: T,
  { body, encoding }: Body,
  cut: true | undefined,
): T & Body & { truncated?: true } {
  const room = JSON_BYTES_MAX - jsonBytes({ ...frame, body: '', encoding, truncated: true })
  const beginning = beginningOf(body, room)
  if (beginning.length === body.length)
    return { ...frame, body, encoding, ...(cut === true ? { truncated: cut } : {}) }
  // Four characters of base64 are three bytes; fewer are none.
  const whole = encoding === 'text' ? beginning.length : beginning.length - (beginning.length % 4)
  return { ...frame, body: beginning.slice(0, whole), encoding, truncated: true }
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
