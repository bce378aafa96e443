import type { IncomingMessage } from 'node:http'
import { APPROVAL_HEADER } from '../../../contract/approvals.ts'
import { PROOF_FIELD, PROOF_HEADER } from '../../../contract/credentials.ts'
import type { Issue } from '../../../contract/errors.ts'
import type { Operation } from '../../../contract/operation.ts'
import { pointTo } from '../../kernel/json-pointer.ts'
import type { Arguments } from '../dispatch.ts'
import { readQuery, typed } from './query.ts'
import type { Shape } from './query.ts'

/** What a request carries. `body` is absent when a body was sent where none belongs. */
export interface Carried {
  request: IncomingMessage
  params: Readonly<Record<string, string | undefined>>
  body: Readonly<Record<string, unknown>> | undefined
  signal: AbortSignal
}

/** What names one call among those of its sender. */
export const KEY = /^[!-~]{1,128}$/

/** Joins path parameters, query and body into one input, and finds what cannot be joined. */
export function decodeRequest(operation: Operation, { request, params, body, signal }: Carried): Arguments {
  const issues: Issue[] = []
  const input = new Map<string, unknown>()
  const properties = operation.input.properties as Readonly<Record<string, Shape | undefined>>
  const put = (name: string, texts: readonly string[]) => {
    const read = typed(properties[name], texts)
    if ('issue' in read) issues.push({ path: pointTo(name), message: read.issue })
    else input.set(name, read.value)
  }
  for (const [name, text] of Object.entries(params)) put(name, [text ?? ''])
  const proofs: unknown[] = headerValues(request, PROOF_HEADER)
  const isProven = operation.proof !== 'none'
  // A proof in the wrong place counts as none, so that the refusal says where it belongs.
  let isMisplaced = body === undefined

  const query = readQuery(request.url ?? '')
  if (query === undefined) issues.push({ path: '', message: 'the query is not valid percent-encoded UTF-8' })
  for (const [name, texts] of query ?? []) {
    if (isProven && name === PROOF_FIELD) isMisplaced = true
    else if (name in params) issues.push({ path: pointTo(name), message: 'is given in the path' })
    else put(name, texts)
  }
  for (const [name, value] of Object.entries(body ?? {})) {
    if (isProven && name === PROOF_FIELD) proofs.push(value)
    else if (name in params) issues.push({ path: pointTo(name), message: 'is given in the path' })
    else if (input.has(name)) issues.push({ path: pointTo(name), message: 'is given in the query, too' })
    else input.set(name, value)
  }
  if (proofs.length > 1) issues.push({ path: pointTo(PROOF_FIELD), message: 'is given more than once' })
  return {
    input: Object.fromEntries(input),
    issues,
    signal,
    ...(operation.key === undefined ? {} : { key: readKey(request, issues) }),
    ...(isProven && !isMisplaced && proofs.length === 1 ? { proof: proofs[0] } : {}),
    ...(isProven && wantsApproval(request, issues) ? { approval: true } : {}),
  }
}

function headerValues({ headersDistinct }: IncomingMessage, name: string): string[] {
  return headersDistinct[name.toLowerCase()] ?? []
}

function readKey(request: IncomingMessage, issues: Issue[]): string | undefined {
  const sent = headerValues(request, 'Idempotency-Key')
  if (sent.length > 1 || (sent[0] !== undefined && !KEY.test(sent[0]))) {
    issues.push({
      path: pointTo('Idempotency-Key'),
      message: 'must be one header of 1 to 128 visible characters',
    })
  }
  return sent[0]
}

function wantsApproval(request: IncomingMessage, issues: Issue[]): boolean {
  const sent = headerValues(request, APPROVAL_HEADER)
  if (sent.length === 0) return false
  if (sent.length > 1 || sent[0] !== 'request') {
    issues.push({ path: pointTo(APPROVAL_HEADER), message: 'can only be "request"' })
  }
  return true
}
