import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createDurably } from './files.ts'
import type { Random } from './ids.ts'

/** The root key file is wrong; the message says how. */
export class KeyFileError extends Error {}

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What the sub-keys are for. Each purpose has its own, so that none can stand in for another. */
export type Purpose =
  | 'signing-key-wrap'
  | 'token-hash'
  | 'password-pepper'
  | 'cursor'
  | 'audit'
  | 'audit-signing'
  | 'challenge'
  | 'ticket'
  | 'evidence'
  | 'code-hash'
  | 'approval'
  | 'push-key-wrap'
  | 'webhook'
  | 'backup'
  | 'vault-key-wrap'
  | 'vault'

/** Keys derived from the root key, which nothing else sees. */
export interface Keys {
  /** 32 bytes for one purpose (RFC 5869). */
  derive(purpose: Purpose): Buffer
  /** HMAC-SHA-256 under the key of the purpose, base64url. */
  mac(purpose: Purpose, text: string): string
  /** `nonce || ciphertext || tag`, base64url; AES-256-GCM with a random nonce (NIST SP 800-38D). */
  wrap(purpose: Purpose, secret: Buffer, associated: string): string
  /** @throws Error when the text was not wrapped under this root key for this purpose and associated data. */
  unwrap(purpose: Purpose, wrapped: string, associated: string): Buffer
}

/**
 * Reads the root key, or makes one on the first start.
 *
 * @param isFirst - whether there is nothing yet that another key was made for.
 * @throws KeyFileError when the file has another length, when others on the machine may read it, or when it is missing
 * though there is data: a fresh key would only stand where the right one is to be put back.
 */
export function openRootKey(path: string, random: Random, isFirst = true): Keys {
  const root = readKey(path) ?? createKey(path, random, isFirst)
  const derived = new Map<Purpose, Buffer>()
  const derive = (purpose: Purpose): Buffer => {
    const known = derived.get(purpose)
    if (known !== undefined) return known
    const key = Buffer.from(hkdfSync('sha256', root, '', `paios ${purpose}`, KEY_BYTES))
    derived.set(purpose, key)
    return key
  }
  return {
    derive,
    mac: (purpose, text) => createHmac('sha256', derive(purpose)).update(text).digest('base64url'),
    wrap: (purpose, secret, associated) => {
      const nonce = Buffer.from(random(NONCE_BYTES))
      const cipher = createCipheriv('aes-256-gcm', derive(purpose), nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(associated))
      return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      )
    },
    unwrap: (purpose, wrapped, associated) => {
      const bytes = Buffer.from(wrapped, 'base64url')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const cipher = createDecipheriv('aes-256-gcm', derive(purpose), nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(associated))
      cipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      return Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()])
    },
  }
}

/** SHA-256, base64url. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function readKey(path: string): Buffer | undefined {
  let mode: number
  try {
    mode = statSync(path).mode
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new KeyFileError(`The key file ${path} cannot be read.`, { cause: error })
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new KeyFileError(`The key file ${path} can be read by others on this machine: chmod 600 it.`)
  }
  const text = readFileSync(path, 'utf8').trim()
  const key = Buffer.from(text, 'base64url')
  if (key.length !== KEY_BYTES)
    throw new KeyFileError(`The key file ${path} does not hold a key of ${KEY_BYTES} bytes.`)
  return key
}

/** Of two servers that start at once, one makes the key, and both use it. */
function createKey(path: string, random: Random, isFirst: boolean): Buffer {
  if (!isFirst)
    throw new KeyFileError(
      `The key file ${path} is missing, and the data cannot be read without it: put it back.`,
    )
  const key = Buffer.from(random(KEY_BYTES))
  createDurably(path, `${key.toString('base64url')}\n`)
  return readKey(path) ?? key
}
