import { Type } from 'typebox'
import type { NetResponse } from '../capabilities.ts'
import { readBody } from '../fetcher/body.ts'
import { JSON_BYTES_MAX, beginningOf, jsonBytes } from '../fetcher/fit.ts'
import { ActionError, shape } from '../skill.ts'

/** Bytes that are read of an answer, which becomes the result of an execution. */
export const ANSWER_BYTES_MAX = 1_000_000
/** Deeper ones stay the text that they came as. */
const DEPTH_MAX = 60

/** What a service answered. Nobody vouches for it: `untrusted` follows it to whatever uses it. */
export const Answered = shape({
  status: Type.Integer(),
  /** What the answer says: as it is where it is JSON, else as text, or as base64 where it is none. */
  data: Type.Unknown(),
  /** There is only the beginning of it, as text. */
  truncated: Type.Optional(Type.Literal(true)),
  untrusted: Type.Literal(true),
})
export type Answered = Type.Static<typeof Answered>

/** @throws ActionError for an answer whose status means trouble. */
export function readAnswer(name: string, response: NetResponse): Answered {
  const { status, cut } = response
  const { body } = readBody(response)
  const json = cut === true ? undefined : parse(body)
  if (status >= 400) throw failed(name, status, json?.value ?? body)
  const frame = { status, untrusted: true as const }
  if (json !== undefined && jsonBytes(json.value) < JSON_BYTES_MAX) return { ...frame, data: json.value }
  const text = beginningOf(body, JSON_BYTES_MAX - 1_000)
  const isCut = cut === true || text.length < body.length
  return { ...frame, data: text === '' ? null : text, ...(isCut ? { truncated: true as const } : {}) }
}

function parse(text: string): { value: unknown } | undefined {
  if (!/^\s*(?:[[{"\d-]|true|false|null)/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isShallow(value, DEPTH_MAX) ? { value } : undefined
  } catch {
    return undefined
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((one) => isShallow(one, depth - 1))
}

const REASON_CHARACTERS_MAX = 200
/** Where services say what was wrong. */
const REASONS = ['message', 'error_description', 'detail', 'title', 'error', 'error_message']

function failed(name: string, status: number, said: unknown): ActionError {
  const reason = reasonIn(said)
  const text = `${name} answered with status ${status}${reason === undefined ? '' : `: ${reason}`}.`
  // What the service refuses was asked wrongly; what it cannot do is its own failure.
  const isOwn = status >= 500 || status === 429
  return new ActionError(text, isOwn ? { cause: new Error(`status ${status}`) } : undefined)
}

/** What a service says of its refusal, cut to a sentence. A page is none. */
function reasonIn(said: unknown): string | undefined {
  if (typeof said === 'string') return /^\s*</.test(said) ? undefined : clean(said)
  if (typeof said !== 'object' || said === null) return undefined
  for (const key of REASONS) {
    const value: unknown = Object.hasOwn(said, key) ? (said as Record<string, unknown>)[key] : undefined
    if (typeof value === 'string') return clean(value)
    if (typeof value === 'object' && value !== null) return reasonIn(value)
  }
  return undefined
}

function clean(text: string): string | undefined {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  if (line === '') return undefined
  const short = line.length > REASON_CHARACTERS_MAX ? `${line.slice(0, REASON_CHARACTERS_MAX - 1)}…` : line
  return short.replace(/[.!]$/, '')
}

const LISTED_MAX = 3
/** What something is called by; its number is the last that says anything. */
const CALLED = ['full_name', 'name', 'title', 'label', 'login']
const NAMES = [...CALLED, 'id']
const FIELDS_MAX = 4

/** What is said of an answer: how many there are and how the first are called, or what the one thing is. */
export function sayAnswered(name: string, { data, truncated }: Answered): string {
  const cut = truncated === true ? ' Only its beginning is kept.' : ''
  const list = Array.isArray(data) ? data : listIn(data)
  if (list === undefined) {
    const one = titleOf(data, CALLED) ?? fieldsOf(data) ?? titleOf(data)
    return `${name} answered${one === undefined ? '' : `: ${one}`}.${cut}`
  }
  if (list.length === 0) return `${name} answered with nothing.`
  const titles = list.slice(0, LISTED_MAX).flatMap((one) => titleOf(one) ?? [])
  const more = list.length > titles.length && titles.length > 0 ? ' and more' : ''
  const named = titles.length === 0 ? '' : `: ${titles.join(', ')}${more}`
  return `${name} answered with ${list.length} ${list.length === 1 ? 'entry' : 'entries'}${named}.${cut}`
}

/** The one list that an object is about, such as `{total_count, items}`. */
function listIn(data: unknown): unknown[] | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const lists = Object.values(data).filter((one) => Array.isArray(one))
  return lists.length === 1 && titleOf(data) === undefined ? lists[0] : undefined
}

/** "room kitchen, degrees 21": the first fields that can be said. */
function fieldsOf(data: unknown): string | undefined {
  if (typeof data === 'boolean') return String(data)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
  const said = Object.entries(data).flatMap(([key, value]) => {
    const text = typeof value === 'boolean' ? String(value) : titleOf(value, [])
    return text === undefined ? [] : [`${key.replaceAll(/[_-]+/g, ' ')} ${text}`]
  })
  return said.length === 0 ? undefined : said.slice(0, FIELDS_MAX).join(', ')
}

function titleOf(one: unknown, names: readonly string[] = NAMES): string | undefined {
  if (typeof one === 'string' || typeof one === 'number') return clean(String(one))?.slice(0, 80)
  if (typeof one !== 'object' || one === null) return undefined
  for (const key of names) {
    const value: unknown = Object.hasOwn(one, key) ? (one as Record<string, unknown>)[key] : undefined
    if (typeof value === 'string' || typeof value === 'number') return clean(String(value))?.slice(0, 80)
  }
  return undefined
}
