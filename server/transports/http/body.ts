import type { IncomingMessage } from 'node:http'
import { Fault } from '../../kernel/fault.ts'
import { JsonError, parseJson } from '../json.ts'

/** What a body may be announced as. */
export interface BodyType {
  pattern: RegExp
  /** In words, for who announced something else. */
  said: string
}

const JSON_TYPE: BodyType = {
  pattern: /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i,
  said: 'application/json',
}
/** What is still taken of a body that nobody reads, so that its sender gets to the answer. */
const DISCARDED_BYTES_MAX = 33_554_432

/** Whether the head announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Refuses what is announced as something else than JSON, or the type given, in UTF-8, or as too large. */
export function checkBody(
  { headers, headersDistinct }: IncomingMessage,
  bytes_max: number,
  { pattern, said } = JSON_TYPE,
): Fault | undefined {
  const encoding = headers['content-encoding'] ?? 'identity'
  const types = headersDistinct['content-type'] ?? []
  if (encoding !== 'identity' || types.length !== 1 || !pattern.test(types[0] ?? '')) {
    const text = `A body must be ${said} in UTF-8, not compressed.`
    return new Fault('VALIDATION_ERROR', text, undefined, { status: 415 })
  }
  return Number(headers['content-length'] ?? 0) > bytes_max ? tooLarge(bytes_max) : undefined
}

function tooLarge(bytes_max: number): Fault {
  return new Fault(
    'VALIDATION_ERROR',
    `The body is larger than ${bytes_max} bytes.`,
    { bytes_max },
    { status: 413 },
  )
}

/** A body while it arrives. `fail` ends the reading, when the connection turns out to be broken. */
export interface Reading {
  bytes: Promise<Buffer>
  fail: (fault: Fault) => void
}

/** Reads at most `bytes_max`; `bytes` rejects with the Fault that says why there is no body. */
export function readBody(request: IncomingMessage, bytes_max: number): Reading {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  const fail = (fault: Fault) => {
    request.off('data', onData)
    chunks.length = 0
    reject(fault)
  }
  const onData = (chunk: Buffer) => {
    size += chunk.length
    if (size > bytes_max) fail(tooLarge(bytes_max))
    else chunks.push(chunk)
  }
  let isWhole = false
  // Every request closes in the end, and making a fault costs a trace of the stack.
  const onCut = () => {
    if (!isWhole) fail(new Fault('VALIDATION_ERROR', 'The body ended too early.'))
  }
  request.on('data', onData)
  request.once('end', () => {
    isWhole = true
    resolve(Buffer.concat(chunks, size))
  })
  request.once('error', onCut)
  request.once('close', onCut)
  return { bytes: promise, fail }
}

/** Lets the rest of a body pass unread, and cuts the connection when it does not end. */
export function discard(request: IncomingMessage): void {
  if (request.complete) return
  let size = 0
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > DISCARDED_BYTES_MAX) request.destroy()
  })
}

/** @throws Fault when the bytes are no JSON document. */
export function parseValue(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new Fault('VALIDATION_ERROR', `The body is not valid JSON: ${error.message}.`, {
      issues: [{ path: '', message: error.message }],
    })
  }
}

/** @throws Fault when the bytes are not one JSON object. */
export function parseBody(bytes: Uint8Array): Record<string, unknown> {
  const value = bytes.length === 0 ? {} : parseValue(bytes)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new Fault('VALIDATION_ERROR', 'The body must be a JSON object.', {
    issues: [{ path: '', message: 'must be an object' }],
  })
}
