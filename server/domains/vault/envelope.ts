import { createCipheriv, createDecipheriv, createHash, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Random } from '../../kernel/ids.ts'

/** What a sealed value is tied to: opened under anything else, it stays closed. */
export interface Bound {
  user_id: string
  credential_id: string
  /** Which of the credential's values it is, from 1. */
  number: number
  /** The user key that it is sealed under. */
  key_id: string
  credential_type: string
  service_name: string
}

/** A value that was changed, cut, moved or sealed under another key. */
export class DamagedError extends Error {}

const FORMAT = 'v1'
const ALGORITHM = 'aes-256-gcm'
export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a value under a key of its own, and that under the key of its user (NIST SP 800-38D).
 *
 * @returns `v1.<key id>.<nonce>.<ciphertext and tag>.<sealed data key>`, the last three base64url.
 */
export function sealValue(user_key: Buffer, plain: Buffer, bound: Bound, random: Random): string {
  const data_key = Buffer.from(random(KEY_BYTES))
  try {
    const nonce = Buffer.from(random(NONCE_BYTES))
    const data = encrypt(data_key, nonce, plain, associated('data', bound))
    const key_nonce = Buffer.from(random(NONCE_BYTES))
    const wrapped = encrypt(user_key, key_nonce, data_key, associated('key', bound))
    const parts = [nonce, data, Buffer.concat([key_nonce, wrapped])]
    return [FORMAT, bound.key_id, ...parts.map((part) => part.toString('base64url'))].join('.')
  } finally {
    data_key.fill(0)
  }
}

/**
 * Opens what `sealValue` has sealed; the caller wipes the answer after use.
 *
 * @throws DamagedError
 */
export function openValue(user_key: Buffer, envelope: string, bound: Bound): Buffer {
  // Whoever edits the database may also make it no text at all.
  if (typeof envelope !== 'string') throw new DamagedError('no text')
  const [format, key_id, ...parts] = envelope.split('.')
  const [nonce, data, wrapped, ...rest] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (format !== FORMAT || key_id !== bound.key_id || rest.length > 0)
    throw new DamagedError('not an envelope')
  if (nonce?.length !== NONCE_BYTES || data === undefined || wrapped === undefined)
    throw new DamagedError('not a whole envelope')
  const key_nonce = wrapped.subarray(0, NONCE_BYTES)
  const data_key = decrypt(user_key, key_nonce, wrapped.subarray(NONCE_BYTES), associated('key', bound))
  try {
    return decrypt(data_key, nonce, data, associated('data', bound))
  } finally {
    data_key.fill(0)
  }
}

/** What may be shown in place of an envelope: it tells one from another and nothing else. */
export function fingerprint(envelope: string): string {
  return `sha256:${createHash('sha256').update(envelope).digest('hex').slice(0, 32)}`
}

/** Tells the right key from a wrong one, and says nothing about it. */
export function checkValueOf(user_key: Buffer): string {
  return Buffer.from(hkdfSync('sha256', user_key, '', 'paios vault key check', 16)).toString('base64url')
}

export function isKeyOf(user_key: Buffer, check: string): boolean {
  const [own, given] = [Buffer.from(checkValueOf(user_key)), Buffer.from(check)]
  return own.length === given.length && timingSafeEqual(own, given)
}

/** Each field with its length, so that no two lists of fields read the same. */
function associated(layer: 'data' | 'key', bound: Bound): Buffer {
  const { user_id, credential_id, number, key_id, credential_type, service_name } = bound
  const fields = [
    FORMAT,
    'credential',
    layer,
    user_id,
    credential_id,
    String(number),
    key_id,
    credential_type,
  ]
  const name = createHash('sha256').update(service_name).digest('hex')
  return Buffer.concat(
    [...fields, name].flatMap((field) => {
      const bytes = Buffer.from(field)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

function encrypt(key: Buffer, nonce: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(aad)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, nonce: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new DamagedError('too short')
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch (error) {
    throw new DamagedError('it is not as it was sealed', { cause: error })
  } finally {
    plain.fill(0)
  }
}
