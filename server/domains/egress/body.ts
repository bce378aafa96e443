import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Fault } from '../../kernel/fault.ts'
import type { Redactor } from '../../kernel/redact.ts'
import { HostFailure, toFailure } from './failure.ts'

/** What a compressed form may have in excess of what it holds, for its own headers and an empty body. */
const CONTAINER_BYTES = 65_536

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}
/** What every request says that it takes. */
export const ENCODINGS = 'gzip, br'

interface Reading {
  host: string
  bytes_max: number
  /** Whether a body whose end cannot be had is answered as far as it was read. */
  cuts: boolean
  redactor: Redactor | undefined
  /** Of the exchange: once it has ended, nothing is answered. */
  signal: AbortSignal
  /** Takes the pieces; nothing of them is kept then. */
  received?: ((part: Uint8Array) => void) | undefined
}

export interface Read {
  bytes: Uint8Array
  isCut: boolean
  /** It was cut because no more of it arrived, or could be read, rather than being too long. */
  isBroken: boolean
}

/**
 * Reads a body to its end, decoded and redacted. Both what arrives and what it unfolds to are bounded, and reading stops
 * where either is too large: a few bytes can stand for gigabytes.
 *
 * @param encoding - of the header `content-encoding`; empty or `identity` is none, and one that holds another is refused.
 * @throws Fault when it is too large, in no known encoding, or breaks off, unless it may be cut.
 */
export async function readBody(body: Readable, encoding: string, reading: Reading): Promise<Read> {
  const parts: Uint8Array[] = []
  try {
    await read(body, encoding, reading, parts)
    return { bytes: Buffer.concat(parts), isCut: false, isBroken: false }
  } catch (error) {
    const failure = toFailure(error, reading.host)
    const isOfBody = failure instanceof Fault && !reading.signal.aborted
    if (!reading.cuts || !isOfBody) throw error
    // What the redactor held back stays with it: that may be the beginning of a secret.
    return { bytes: Buffer.concat(parts), isCut: true, isBroken: failure instanceof HostFailure }
  }
}

/** @param parts - gets what is read, piece by piece. */
async function read(
  body: Readable,
  encoding: string,
  { host, bytes_max, redactor, received = (part) => void parts.push(part) }: Reading,
  parts: Uint8Array[],
): Promise<void> {
  const keep = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of bounded(source, host, bytes_max, 0))
      received(redactor === undefined ? chunk : redactor.chunk(chunk))
    if (redactor !== undefined) received(redactor.end())
  }
  const decoder = decoderOf(encoding, host)
  if (decoder === undefined) await pipeline(body, keep)
  else {
    const raw = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
      bounded(source, host, bytes_max, CONTAINER_BYTES)
    await pipeline(body, raw, decoder, keep)
  }
}

/** Says a text as the redactor leaves it. */
export function redacted(text: string, redactor: Redactor | undefined): string {
  if (redactor === undefined) return text
  return Buffer.concat([redactor.chunk(Buffer.from(text)), redactor.end()]).toString()
}

export function tooLarge(host: string, bytes_max: number): Fault {
  return new Fault('AGENT_EXECUTION_FAILED', `${host} answered with more than ${bytes_max} bytes.`, { host })
}

/** What comes until it is too much, to the last byte that is not. */
async function* bounded(
  source: AsyncIterable<Uint8Array>,
  host: string,
  bytes_max: number,
  excess: number,
): AsyncGenerator<Uint8Array> {
  let room = bytes_max + excess
  for await (const chunk of source) {
    yield chunk.subarray(0, room)
    room -= chunk.byteLength
    if (room < 0) throw tooLarge(host, bytes_max)
  }
}

function decoderOf(encoding: string, host: string): Transform | undefined {
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return undefined
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined
  if (decoder === undefined)
    throw new HostFailure(host, 'answered in an encoding that is not understood', false)
  return decoder()
}
