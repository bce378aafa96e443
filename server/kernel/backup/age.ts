import { createCipheriv, createDecipheriv, createHmac, hkdfSync, scrypt, timingSafeEqual } from 'node:crypto'
import type { Random } from '../ids.ts'
import { BackupError } from './manifest.ts'

type Bytes = AsyncIterable<Buffer>

/** The first line of every file of the format. */
export const AGE = 'age-encryption.org/v1'
/** Binary logarithm of scrypt's cost: 256 MB and about a second for each guess, the default of `age`. */
const COST = 18
/** A file that asks for more memory than this (1 GB) is not opened. */
const COST_MAX = 20
const SCRYPT_BLOCK = 8
const KEY_BYTES = 16
const SALT_BYTES = 16
const NONCE_BYTES = 16
const TAG_BYTES = 16
const CHUNK_BYTES = 65_536
/** A header with one passphrase has about 200 bytes. */
const HEADER_BYTES_MAX = 4_096

/**
 * Encrypts with a passphrase in the `age` format: authenticated in chunks of 64 KiB, so that a file of any size is
 * written and read in a stream, and `age -d` opens it too.
 *
 * @param cost - binary logarithm of scrypt's cost, for tests.
 * @see https://c2sp.org/age
 */
export async function* encrypt(
  plain: Bytes,
  passphrase: string,
  random: Random,
  cost = COST,
): AsyncGenerator<Buffer> {
  const file_key = Buffer.from(random(KEY_BYTES))
  const salt = Buffer.from(random(SALT_BYTES))
  const wrapped = seal(await wrapKey(passphrase, salt, cost), Buffer.alloc(12), file_key)
  const head = `${AGE}\n-> scrypt ${base64(salt)} ${cost}\n${base64(wrapped)}\n---`
  yield Buffer.from(`${head} ${base64(macOf(file_key, head))}\n`)
  const nonce = Buffer.from(random(NONCE_BYTES))
  yield nonce
  const key = payloadKey(file_key, nonce)
  let counter = 0
  // One chunk is held back: only at the end is it known which is the last.
  let held: Buffer = Buffer.alloc(0)
  for await (const part of plain) {
    held = held.length === 0 ? part : Buffer.concat([held, part])
    for (; held.length > CHUNK_BYTES; held = held.subarray(CHUNK_BYTES)) {
      yield seal(key, chunkNonce(counter, false), held.subarray(0, CHUNK_BYTES))
      counter += 1
    }
  }
  yield seal(key, chunkNonce(counter, true), held)
}

/**
 * Opens what `encrypt`, or `age -p`, has made. What comes out must not be used before the end is reached: only then is
 * it known that nothing was cut off.
 *
 * @throws BackupError for a wrong passphrase, and for a file that was changed, cut or lengthened.
 */
export async function* decrypt(sealed: Bytes, passphrase: string): AsyncGenerator<Buffer> {
  const source = openSource(sealed)
  const { head, salt, cost, wrapped, mac } = await readHeader(source)
  const file_key = open(await wrapKey(passphrase, salt, cost), Buffer.alloc(12), wrapped)
  if (file_key === undefined) throw new BackupError('The passphrase is wrong.')
  const expected = macOf(file_key, head)
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) throw damaged()
  const nonce = await source.read(NONCE_BYTES)
  if (nonce.length < NONCE_BYTES) throw damaged()
  const key = payloadKey(file_key, nonce)
  for (let counter = 0; ; counter += 1) {
    const chunk = await source.read(CHUNK_BYTES + TAG_BYTES)
    const isLast = await source.isOver()
    const plain = open(key, chunkNonce(counter, isLast), chunk)
    // A file may be empty, but no file has an empty chunk after others.
    if (plain === undefined || (plain.length === 0 && counter > 0)) throw damaged()
    yield plain
    if (isLast) return
  }
}

interface Source {
  /** So many bytes, or those that are left. */
  read(bytes: number): Promise<Buffer>
  line(): Promise<string>
  isOver(): Promise<boolean>
}

function openSource(bytes: Bytes): Source {
  const parts = bytes[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  let ended = false
  const fill = async (least: number): Promise<void> => {
    const more: Buffer[] = [held]
    let length = held.length
    while (length < least && !ended) {
      const { value, done } = await parts.next()
      if (done === true) ended = true
      else {
        more.push(value)
        length += value.length
      }
    }
    held = more.length === 1 ? held : Buffer.concat(more)
  }
  const read = async (count: number): Promise<Buffer> => {
    await fill(count)
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }
  return {
    read,
    async line() {
      await fill(HEADER_BYTES_MAX)
      const end = held.subarray(0, HEADER_BYTES_MAX).indexOf(0x0a)
      if (end === -1) throw damaged()
      return (await read(end + 1)).subarray(0, -1).toString('latin1')
    },
    async isOver() {
      await fill(1)
      return held.length === 0
    },
  }
}

async function readHeader(source: Source) {
  const lines = [await source.line(), await source.line(), await source.line(), await source.line()]
  const [version, stanza = '', body = '', end = ''] = lines
  if (version !== AGE) throw new BackupError('The file is not in the age format.')
  const [, salt, cost] = /^-> scrypt ([A-Za-z0-9+/]{22}) ([1-9]\d?)$/.exec(stanza) ?? []
  if (salt === undefined || cost === undefined)
    throw new BackupError('The file was not encrypted with a passphrase.')
  if (Number(cost) > COST_MAX) throw new BackupError(`The file asks for too much memory (2^${cost}).`)
  const [, mac] = /^--- ([A-Za-z0-9+/]{43})$/.exec(end) ?? []
  if (mac === undefined || !/^[A-Za-z0-9+/]{43}$/.test(body)) throw damaged()
  const head = `${AGE}\n${stanza}\n${body}\n---`
  return { head, salt: unbase64(salt), cost: Number(cost), wrapped: unbase64(body), mac: unbase64(mac) }
}

function wrapKey(passphrase: string, salt: Buffer, cost: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const N = 2 ** cost
  const options = { N, r: SCRYPT_BLOCK, p: 1, maxmem: 128 * SCRYPT_BLOCK * (N + 16) * 2 }
  const salted = Buffer.concat([Buffer.from(`${AGE}/scrypt`), salt])
  scrypt(passphrase, salted, 32, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  return promise
}

function macOf(file_key: Buffer, head: string): Buffer {
  return createHmac('sha256', Buffer.from(hkdfSync('sha256', file_key, '', 'header', 32)))
    .update(head)
    .digest()
}

function payloadKey(file_key: Buffer, nonce: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', file_key, nonce, 'payload', 32))
}

/** Eleven bytes that count, and one that marks the last: no chunk can be left out, moved, or be the end when it is not. */
function chunkNonce(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(counter, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

const CIPHER = 'chacha20-poly1305'

function seal(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** Text that stands for the same bytes as another one is no text of this format: else a changed file would pass. */
function unbase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (base64(bytes) !== text) throw damaged()
  return bytes
}

function damaged(): BackupError {
  return new BackupError('The file was changed, or part of it is missing.')
}
