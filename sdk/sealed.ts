import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { CredentialData, SealedItem } from '../contract/credentials.ts'
import type { SoftwareKey } from './authenticator.ts'

/**
 * Who can open a sealed item: a passkey, by what its PRF extension answers, or a recovery key. `id` is the WebAuthn id of the
 * passkey, or `recovery`.
 */
export interface Opener {
  readonly id: string
  /** 32 bytes that nobody else can find, the same for the same salt. */
  secretFor(salt: Uint8Array): Promise<Uint8Array>
}

/** The item cannot be opened: it is sealed for others, or it is not as it was sealed. */
export class SealedItemError extends Error {}

type Plain = Omit<CredentialData, 'sealed'>

const ITEM = 'paios sealed item 1'
const WRAP = 'paios sealed item key 1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const OPENERS_MIN = 2

/**
 * Seals a secret for some openers before it leaves this machine: the server keeps it, and cannot open it. What `open` needs
 * is in what this answers.
 *
 * @param openers - two at least, since one passkey is easily lost, with different ids.
 * @see WebAuthn Level 3, section 10.1.4 (prf); NIST SP 800-38D: each key seals once.
 */
export async function sealItem(plain: Plain, openers: readonly Opener[]): Promise<CredentialData> {
  if (new Set(openers.map(({ id }) => id)).size < Math.max(OPENERS_MIN, openers.length))
    throw new SealedItemError('An item is sealed for two different openers at least.')
  const key = randomBytes(KEY_BYTES)
  const nonce = randomBytes(NONCE_BYTES)
  const wraps: SealedItem['wraps'] = []
  for (const opener of openers) {
    const salt = randomBytes(KEY_BYTES)
    const own = randomBytes(NONCE_BYTES)
    const wrapped = encrypt(await wrapKeyOf(opener, salt), own, key, `${WRAP} ${opener.id}`)
    wraps.push({ credential_id: opener.id, salt: toText(salt), key: toText(Buffer.concat([own, wrapped])) })
  }
  const bytes = Buffer.from(JSON.stringify(plain))
  const value = toText(encrypt(key, nonce, bytes, ITEM))
  key.fill(0)
  return { value, sealed: { nonce: toText(nonce), wraps } }
}

/** Opens what `sealItem` has sealed. @throws SealedItemError */
export async function openItem({ value, sealed }: CredentialData, opener: Opener): Promise<Plain> {
  const wrap = sealed?.wraps.find(({ credential_id }) => credential_id === opener.id)
  if (sealed === undefined || wrap === undefined)
    throw new SealedItemError('The item is not sealed for this opener.')
  try {
    const bytes = toBytes(wrap.key)
    const own = await wrapKeyOf(opener, toBytes(wrap.salt))
    const [nonce, wrapped] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)]
    const key = decrypt(own, nonce, wrapped, `${WRAP} ${opener.id}`)
    const plain = decrypt(key, toBytes(sealed.nonce), toBytes(value), ITEM)
    return JSON.parse(plain.toString()) as Plain
  } catch (error) {
    throw new SealedItemError('The item is not as it was sealed, or is sealed for another key.', {
      cause: error,
    })
  }
}

/** A new recovery key: 32 bytes, base64url. Whoever has it opens what is sealed for it; it is kept nowhere. */
export function makeRecoveryKey(): string {
  return toText(randomBytes(KEY_BYTES))
}

export function recoveryOpener(key: string): Opener {
  return {
    id: 'recovery',
    secretFor: (salt) => Promise.resolve(createHmac('sha256', toBytes(key)).update(salt).digest()),
  }
}

/** What the PRF extension of a software passkey answers, as authenticators make it from hmac-secret (CTAP 2.1, section 12.5). */
export function passkeyOpener({ credential_id, private_key }: SoftwareKey): Opener {
  const own = Buffer.from(
    hkdfSync('sha256', toBytes(private_key), '', 'paios software passkey prf', KEY_BYTES),
  )
  return {
    id: credential_id,
    secretFor: (salt) => {
      const digest = createHash('sha256').update('WebAuthn PRF\0').update(salt).digest()
      return Promise.resolve(createHmac('sha256', own).update(digest).digest())
    },
  }
}

async function wrapKeyOf(opener: Opener, salt: Uint8Array): Promise<Buffer> {
  const secret = await opener.secretFor(salt)
  return Buffer.from(hkdfSync('sha256', secret, salt, `${WRAP} ${opener.id}`, KEY_BYTES))
}

/** Ciphertext with its tag behind it, as WebCrypto has it. */
function encrypt(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, tied: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(tied))
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Buffer, tied: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(tied))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}

function toBytes(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}
