import type { IncomingMessage } from 'node:http'
import type { Issue } from '../../../contract/errors.ts'
import type { Delivery } from '../../kernel/delivery.ts'
import { Fault } from '../../kernel/fault.ts'
import { pointTo } from '../../kernel/json-pointer.ts'
import type { Arguments, Reply } from '../dispatch.ts'
import { parseValue } from './body.ts'
import type { BodyType } from './body.ts'
import { KEY } from './decode.ts'
import type { InTurn } from './in-turn.ts'
import { readQuery } from './query.ts'
import type { Params } from './router.ts'

export const WEBHOOK_TYPE: BodyType = {
  pattern:
    /^(?:application\/json|application\/x-www-form-urlencoded|text\/plain)[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i,
  said: 'application/json, application/x-www-form-urlencoded or text/plain',
}

/** Each field costs a look at all before it, and a form of people has fewer. */
const FORM_FIELDS_MAX = 1_000
/** Headers that are passed on: what a run keeps of them is not for their sender to choose. */
const HEADERS_MAX = 64
const HEADER_LENGTH_MAX = 1_024
/** Headers that open something, here or at the sender's; runs are shown, and kept for long. */
const OPENS =
  /^__proto__$|auth(?!or(?!iz))|cookie|secret|token|passw|passphrase|credential|signature|hmac|(?<!idempotency)(?:^|[-_]|api)keys?(?:[-_]|$)|proof|session|csrf|xsrf|jwt|(?:^|[-_])(?:otp|totp|pin|pwd|sig|sid)(?:[-_]|$)/

/** Names of the delivery, the first that is sent counts: only that of Standard Webhooks is signed, too. */
const DELIVERY_HEADERS = ['webhook-id', 'x-github-delivery', 'idempotency-key']

const WAIT_S_DEFAULT = 30
const WAIT_S_MAX = 60

/** What came with a call of a webhook, and how large bodies are read. */
interface Sent {
  params: Params
  bytes: Uint8Array
  inTurn: InTurn
}

/**
 * Reads what the sender of a webhook sent, but for the body, which is read when it is asked for.
 *
 * @throws Fault when what names or asks for something is malformed.
 */
export function decodeWebhook(
  request: IncomingMessage,
  { params: { token = '' }, bytes, inTurn }: Sent,
): Omit<Arguments, 'signal'> {
  const issues: Issue[] = []
  const query = readFields(request.url ?? '')
  if (typeof query === 'string') throw malformed(`The query ${query}.`, query)
  const wait_s = readWait(query.get('wait'), issues) ?? readPreference(request)
  // What is for the server is not for the workflow.
  query.delete('wait')
  const delivery: Delivery = {
    method: request.method ?? '',
    headers: readHeaders(request),
    query: toFields(query),
    read: () => inTurn(bytes.length, () => (bytes.length === 0 ? null : readContent(request, bytes))),
    bytes,
    signature: {
      id: only(request, 'webhook-id'),
      timestamp: only(request, 'webhook-timestamp'),
      standard: only(request, 'webhook-signature'),
      hub: only(request, 'x-hub-signature-256'),
    },
    id: readId(request, issues),
    wait_s,
  }
  return { input: { token }, delivery, issues }
}

/** The header that tells which method an address takes (RFC 9110, section 15.5.6). */
export function allowing(reply: Reply): Readonly<Record<string, string>> {
  const allow = !reply.ok && reply.status === 405 ? reply.error.error.details?.['allow'] : undefined
  return typeof allow === 'string' ? { Allow: allow } : {}
}

/** A header that came once; one that came twice says nothing. */
function only({ headersDistinct }: IncomingMessage, name: string): string | undefined {
  const values = headersDistinct[name] ?? []
  return values.length === 1 ? values[0] : undefined
}

function readHeaders({ headers }: IncomingMessage): Record<string, string> {
  const seen = Object.entries(headers)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const)
    .filter(([name, value]) => !OPENS.test(name) && name.length + value.length <= HEADER_LENGTH_MAX)
  return Object.fromEntries(seen.slice(0, HEADERS_MAX))
}

function readContent({ headers }: IncomingMessage, bytes: Uint8Array): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return parseValue(bytes)
  const text = readText(bytes)
  return type === 'text/plain' ? text : readForm(text)
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed('The body is not UTF-8.', 'is not UTF-8')
  }
}

function readForm(text: string): Record<string, string | readonly string[]> {
  if (text.split('&', FORM_FIELDS_MAX + 1).length > FORM_FIELDS_MAX)
    throw malformed(`The body has more than ${FORM_FIELDS_MAX} fields.`, 'has too many fields')
  const fields = readFields(`?${text}`)
  if (typeof fields === 'string') throw malformed(`The body ${fields}.`, fields)
  return toFields(fields)
}

/** The fields behind the question mark, or why they cannot be read. */
function readFields(url: string): Map<string, string[]> | string {
  const fields = readQuery(url)
  if (fields === undefined) return 'is not valid percent-encoded UTF-8'
  // As in JSON: what runs keep can be taken up by expressions.
  return fields.has('__proto__') ? 'has a field __proto__' : fields
}

function malformed(text: string, message: string): Fault {
  return new Fault('VALIDATION_ERROR', text, { issues: [{ path: '', message }] })
}

function toFields(map: ReadonlyMap<string, readonly string[]>): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Array.from(map, ([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

function readId(request: IncomingMessage, issues: Issue[]): string | undefined {
  const name = DELIVERY_HEADERS.find((one) => request.headersDistinct[one] !== undefined)
  if (name === undefined) return undefined
  const id = only(request, name)
  if (id !== undefined && KEY.test(id)) return id
  issues.push({ path: pointTo(name), message: 'must be one header of 1 to 128 visible characters' })
  return undefined
}

function readWait(given: readonly string[] | undefined, issues: Issue[]): number | undefined {
  if (given === undefined) return undefined
  const [text = ''] = given
  if (text === '' && given.length === 1) return WAIT_S_DEFAULT
  const seconds = /^[1-9]\d?$/.test(text) ? Number(text) : Infinity
  if (given.length === 1 && seconds <= WAIT_S_MAX) return seconds
  issues.push({ path: pointTo('wait'), message: `must be 1 to ${WAIT_S_MAX} seconds, once` })
  return undefined
}

/** `Prefer: wait` (RFC 7240): what is wrong with a wish is no mistake, and one for too much is met as far as it can be. */
function readPreference({ headersDistinct }: IncomingMessage): number | undefined {
  const wishes = (headersDistinct['prefer'] ?? []).join(',').split(',')
  const found = wishes.map((wish) => /^\s*wait\s*(?:=\s*"?(\d{1,9})"?\s*)?(?:;.*)?$/i.exec(wish))
  const wish = found.find((one) => one !== null)
  if (wish === undefined) return undefined
  const seconds = wish?.[1] === undefined ? WAIT_S_DEFAULT : Number(wish[1])
  return seconds === 0 ? undefined : Math.min(seconds, WAIT_S_MAX)
}
