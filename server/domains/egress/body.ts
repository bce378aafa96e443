import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Fault } from '../../kernel/fault.ts'
import { HostFailure } from './failure.ts'

/** Takes secrets out of what comes back, also where one lies across two chunks. */
export interface Redactor {
  chunk(bytes: Uint8Array): Uint8Array
  end(): Uint8Array
}

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

/**
 * Reads a body to its end, decoded and redacted. Both what arrives and what it unfolds to are bounded, and reading stops
 * where either is too large: a few bytes can stand for gigabytes.
 *
 * @param encoding - of the header `content-encoding`; empty or `identity` is none, and one that holds another is refused.
 * @throws Fault when it is too large, in no known encoding, or breaks off.
 */
export async function readBody(
  body: Readable,
  encoding: string,
  { host, bytes_max, redactor }: { host: string; bytes_max: number; redactor: Redactor | undefined },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const keep = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of bounded(source, host, bytes_max, 0))
      parts.push(redactor === undefined ? chunk : redactor.chunk(chunk))
    if (redactor !== undefined) parts.push(redactor.end())
  }
  const decoder = decoderOf(encoding, host)
  if (decoder === undefined) await pipeline(body, keep)
  else {
    const raw = (source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
      bounded(source, host, bytes_max, CONTAINER_BYTES)
    await pipeline(body, raw, decoder, keep)
  }
  return Buffer.concat(parts)
}

/** Says a text as the redactor leaves it. */
export function redacted(text: string, redactor: Redactor | undefined): string {
  if (redactor === undefined) return text
  return Buffer.concat([redactor.chunk(Buffer.from(text)), redactor.end()]).toString()
}

export function tooLarge(host: string, bytes_max: number): Fault {
  return new Fault('AGENT_EXECUTION_FAILED', `${host} answered with more than ${bytes_max} bytes.`, { host })
}

async function* bounded(
  source: AsyncIterable<Uint8Array>,
  host: string,
  bytes_max: number,
  excess: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.byteLength
    if (bytes > bytes_max + excess) throw tooLarge(host, bytes_max)
    yield chunk
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
