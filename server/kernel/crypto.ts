import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import type { Random } from './ids.ts'
import { KEY_BYTES, KeyFileError, createRing, readRing } from './ring.ts'
import type { KeyPlace, Ring } from './ring.ts'

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
  /** Overwrites the keys in memory: nothing is derived or opened any more. */
  erase(): void
}

/**
 * Reads the root key, or makes one on the first start.
 *
 * @param isFirst - whether there is nothing yet that another key was made for.
 * @throws KeyFileError when the key is wrong, as `readRing` says, or when it is missing though there is data: a fresh one
 * would only stand where the right one is to be put back.
 */
export function openRootKey(place: KeyPlace, random: Random, isFirst = true): Keys {
  return openKeys(readRing(place) ?? createKey(place, random, isFirst), random)
}

/** Keys that are derived from the root key. */
export function openKeys(ring: Ring, random: Random): Keys {
  const derived = new Map<Purpose, Buffer>()
  let erased = false
  const derive = (purpose: Purpose): Buffer => {
    if (erased) throw new Error('The keys were erased.')
    const known = derived.get(purpose)
    if (known !== undefined) return known
    const root = RENEWED.has(purpose) ? ring.root : (ring.carried ?? ring.root)
    const key = subKey(root, purpose)
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
      try {
        return unwrap(derive(purpose), wrapped, associated)
      } catch (error) {
        if (ring.previous === undefined || !RENEWED.has(purpose)) throw error
        return unwrap(subKey(ring.previous, purpose), wrapped, associated)
      }
    },
    erase: () => {
      erased = true
      for (const key of [...derived.values(), ring.root, ring.carried, ring.previous]) key?.fill(0)
      derived.clear()
    },
  }
}

/** What is sealed anew when the root key changes; all else stays derived from the first root key. */
const RENEWED: ReadonlySet<Purpose> = new Set(['vault-key-wrap'])

function subKey(root: Buffer, purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync('sha256', root, '', `paios ${purpose}`, KEY_BYTES))
}

function unwrap(key: Buffer, wrapped: string, associated: string): Buffer {
  const bytes = Buffer.from(wrapped, 'base64url')
  const nonce = bytes.subarray(0, NONCE_BYTES)
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(associated))
  cipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  return Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()])
}

/** SHA-256, base64url. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** Of two servers that start at once, one makes the key, and both use it. */
function createKey(place: KeyPlace, random: Random, isFirst: boolean): Ring {
  if (!isFirst)
    throw new KeyFileError(
      `The key file ${place.key_file} is missing, and the data cannot be read without it: put it back.`,
    )
  const made = { root: Buffer.from(random(KEY_BYTES)) }
  createRing(place.key_file, made)
  return readRing(place) ?? made
}
