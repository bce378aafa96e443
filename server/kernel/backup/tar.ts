import { BackupError } from './manifest.ts'

type Bytes = AsyncIterable<Buffer>

/** A file that goes into an archive. `bytes` is its exact size. */
export interface TarEntry {
  path: string
  bytes: number
  content: Bytes | Iterable<Buffer>
}

const BLOCK = 512
/** The largest size that eleven octal digits hold; larger ones are written in base 256, as GNU and BSD tar read them. */
const OCTAL_MAX = 8 ** 11
const PATH_MAX = 100
const PARTS = 2

/**
 * Writes an archive that every `tar` reads.
 *
 * @param modified - epoch ms, of all files.
 * @see POSIX.1-1988, ustar
 */
export async function* pack(entries: Iterable<TarEntry>, modified: number): AsyncGenerator<Buffer> {
  for (const { path, bytes, content } of entries) {
    yield headerOf(path, bytes, modified)
    let written = 0
    for await (const part of content) {
      written += part.length
      yield part
    }
    if (written !== bytes) throw new Error(`${path} changed while it was archived.`)
    yield Buffer.alloc(-bytes & (BLOCK - 1))
  }
  yield Buffer.alloc(PARTS * BLOCK)
}

/**
 * Reads an archive as it comes, and hands over each of its files in turn. Nothing but plain files is taken.
 *
 * @param take - must read the whole of `content`.
 * @throws BackupError for what is no such archive, or ends before its end.
 */
export async function unpack(
  archive: Bytes,
  take: (path: string, bytes: number, content: Bytes) => Promise<void>,
): Promise<void> {
  const reader = openReader(archive)
  for (;;) {
    const header = await reader.exactly(BLOCK)
    if (header.every((byte) => byte === 0)) break
    const { path, bytes } = readHeader(header)
    await take(path, bytes, reader.stream(bytes))
    await reader.exactly(-bytes & (BLOCK - 1))
  }
  // What follows is filling, but it is read: an archive that is cut off here was cut off by somebody.
  for (;;) if ((await reader.some()) === undefined) return
}

function openReader(archive: Bytes) {
  const parts = archive[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const some = async (): Promise<Buffer | undefined> => {
    if (held.length > 0) {
      const taken = held
      held = Buffer.alloc(0)
      return taken
    }
    const { value, done } = await parts.next()
    return done === true ? undefined : value
  }
  const upTo = async (most: number): Promise<Buffer> => {
    const part = await some()
    if (part === undefined) throw new BackupError('The archive ends before its end.')
    held = part.subarray(most)
    return part.subarray(0, most)
  }
  return {
    some,
    async exactly(count: number): Promise<Buffer> {
      const taken: Buffer[] = []
      for (let left = count; left > 0;) {
        const part = await upTo(left)
        taken.push(part)
        left -= part.length
      }
      return Buffer.concat(taken)
    },
    async *stream(count: number): AsyncGenerator<Buffer> {
      for (let left = count; left > 0;) {
        const part = await upTo(left)
        left -= part.length
        if (part.length > 0) yield part
      }
    },
  }
}

function headerOf(path: string, bytes: number, modified: number): Buffer {
  if (Buffer.byteLength(path) > PATH_MAX) throw new Error(`The path ${path} is too long for an archive.`)
  const header = Buffer.alloc(BLOCK)
  header.write(path, 0)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  if (bytes < OCTAL_MAX) header.write(`${octal(bytes, 11)}\0`, 124)
  else {
    header[124] = 0x80
    header.writeUIntBE(bytes, 130, 6)
  }
  header.write(`${octal(Math.floor(modified / 1_000), 11)}\0`, 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\u000000', 257)
  header.write(`${octal(sumOf(header), 6)}\0 `, 148)
  return header
}

function readHeader(header: Buffer): { path: string; bytes: number } {
  const given = Number.parseInt(header.toString('latin1', 148, 156), 8)
  const plain = Buffer.from(header)
  plain.write('        ', 148)
  if (given !== sumOf(plain) || header.toString('latin1', 257, 262) !== 'ustar')
    throw new BackupError('This is no archive, or it is damaged.')
  const path = header.toString('utf8', 0, PATH_MAX).replace(/\0.*$/s, '')
  if (header[156] !== 0x30 && header[156] !== 0)
    throw new BackupError(`${path} is no plain file; nothing else belongs into this archive.`)
  const isBinary = (header[124] ?? 0) >= 0x80
  const bytes = isBinary ? header.readUIntBE(130, 6) : Number.parseInt(header.toString('latin1', 124, 136), 8)
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new BackupError(`${path} has no size.`)
  return { path, bytes }
}

function sumOf(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0)
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}
