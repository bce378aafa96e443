import { argon2Sync, createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { createDurably, writeDurably } from './files.ts'
import type { Random } from './ids.ts'
import { openKeychain } from './keychain.ts'
import type { Keychain } from './keychain.ts'
import { findIssues } from './validate.ts'

/** The root key file is wrong; the message says how. */
export class KeyFileError extends Error {}

/** The root key is sealed by a passphrase that was not given. */
export class SealedError extends KeyFileError {}

/** The passphrase that was given is not the one that seals the root key. */
export class PassphraseError extends KeyFileError {}

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SALT_BYTES = 16

/** Where the root key is looked for. */
export interface KeyPlace {
  key_file: string
  /** The key itself, from the environment or a credential of the service manager: then there is no file. */
  root_key?: string | undefined
  /** What opens a file that a passphrase seals. */
  passphrase?: string | undefined
  /** Of the operating system; its own unless given. */
  keychain?: () => Keychain
}

/** In what the root key is kept. */
export type KeyKind = 'file' | 'passphrase' | 'keychain' | 'environment'

/** The root key, and what is left of the ones before it. */
export interface Ring {
  root: Buffer
  /** The first one, from which stays derived what cannot be made anew: it is absent while it is the root itself. */
  carried?: Buffer
  /** The one before, while keys of users may still be sealed by it. */
  previous?: Buffer
}

/** RFC 9106: what a guess costs whoever has the file. */
const COST = { memory: 65_536, passes: 3, parallelism: 4 }

const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const Open = Type.Object(
  {
    format: Type.Literal(1),
    kind: Type.Literal('file'),
    root: Key,
    carried: Type.Optional(Key),
    previous: Type.Optional(Key),
  },
  { additionalProperties: false },
)
const Sealed = Type.Object(
  {
    format: Type.Literal(1),
    kind: Type.Literal('passphrase'),
    memory: Type.Integer({ minimum: 128, maximum: 1_048_576 }),
    passes: Type.Integer({ minimum: 1, maximum: 10 }),
    parallelism: Type.Integer({ minimum: 1, maximum: 16 }),
    salt: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
    /** Mixed into the passphrase: what is guessed without this file opens nothing. */
    device: Key,
    /** `nonce || ciphertext || tag` of an open file. */
    sealed: Type.String(),
  },
  { additionalProperties: false },
)
const Elsewhere = Type.Object(
  { format: Type.Literal(1), kind: Type.Literal('keychain'), account: Type.String() },
  { additionalProperties: false },
)
const KINDS = { file: Open, passphrase: Sealed, keychain: Elsewhere }

/** In what the key is kept; nothing when there is none. @throws KeyFileError */
export function kindOf({ key_file, root_key }: KeyPlace): KeyKind | undefined {
  if (root_key !== undefined) return 'environment'
  const text = readText(key_file)
  return text === undefined ? undefined : parse(fileOf(key_file), text).kind
}

/**
 * Reads the root key; nothing when there is none.
 *
 * @throws SealedError without the passphrase that it needs; PassphraseError with another; KeyFileError for a file that is
 * damaged or that others on this machine can read, and when there are two keys.
 */
export function readRing(place: KeyPlace): Ring | undefined {
  const { key_file, root_key } = place
  const text = readText(key_file)
  if (root_key !== undefined) {
    if (text !== undefined)
      throw new KeyFileError(`There is a root key in the environment and another in ${key_file}: keep one.`)
    return readOpen('The root key of the environment', root_key.trim())
  }
  if (text === undefined) return undefined
  const what = fileOf(key_file)
  const parsed = parse(what, text)
  if (parsed.kind === 'file') return open(what, parsed)
  if (parsed.kind === 'passphrase') return unseal(key_file, parsed, place.passphrase)
  const kept = (place.keychain ?? openKeychain)().get(parsed.account)
  if (kept === undefined)
    throw new KeyFileError(`The keychain of this system has no root key ${parsed.account}: unlock it.`)
  return readOpen('The root key of the keychain', kept)
}

/** Keeps a first key, unless another process was faster. */
export function createRing(key_file: string, { root }: Ring): void {
  createDurably(key_file, `${root.toString('base64url')}\n`)
}

/**
 * Keeps the root key in another way, or another key in the same way; a crash leaves the old file or the new one.
 *
 * @throws KeyFileError when it is kept in the environment, which nothing here can change.
 */
export function writeRing(place: KeyPlace, ring: Ring, kind: KeyKind, random: Random): void {
  if (kind === 'environment' || place.root_key !== undefined)
    throw new KeyFileError('The root key comes from the environment, and can only be changed there.')
  const before = kindOf(place) === 'keychain' ? accountOf(place.key_file) : undefined
  const chain = kind === 'keychain' || before !== undefined ? (place.keychain ?? openKeychain)() : undefined
  if (kind === 'keychain') {
    const account = `root-${Buffer.from(random(9)).toString('base64url')}`
    chain?.set(account, encode(ring))
    writeDurably(place.key_file, `${JSON.stringify({ format: 1, kind, account })}\n`)
  } else {
    const text = kind === 'file' ? encode(ring) : JSON.stringify(seal(ring, place.passphrase, random))
    writeDurably(place.key_file, `${text}\n`)
  }
  // Last: until the file names another place, the key must be where it was.
  if (before !== undefined) chain?.remove(before)
}

function fileOf(path: string): string {
  return `The key file ${path}`
}

function accountOf(key_file: string): string | undefined {
  const parsed = parse(fileOf(key_file), readText(key_file) ?? '')
  return parsed.kind === 'keychain' ? parsed.account : undefined
}

function toText(key: Buffer): string {
  return key.toString('base64url')
}

function encode({ root, carried, previous }: Ring): string {
  if (carried === undefined && previous === undefined) return toText(root)
  return JSON.stringify({
    format: 1,
    kind: 'file',
    root: toText(root),
    ...(carried === undefined ? {} : { carried: toText(carried) }),
    ...(previous === undefined ? {} : { previous: toText(previous) }),
  })
}

type Parsed = Static<typeof Open> | Static<typeof Sealed> | Static<typeof Elsewhere>

/** @throws KeyFileError */
function parse(what: string, text: string): Parsed {
  if (!text.startsWith('{')) return { format: 1, kind: 'file', root: text }
  const wrong = (cause?: unknown) => new KeyFileError(`${what} is damaged, or is no root key.`, { cause })
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    throw wrong(error)
  }
  const { kind } = read as { kind?: unknown }
  const shape = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind as Parsed['kind']] : Open
  if (findIssues(shape, read).length > 0) throw wrong()
  return read as Parsed
}

/** A key that nothing seals. */
function readOpen(what: string, text: string): Ring {
  const parsed = parse(what, text)
  if (parsed.kind === 'file') return open(what, parsed)
  throw new KeyFileError(`${what} is damaged, or is no root key.`)
}

/** @throws KeyFileError when a key has another length. */
function open(what: string, { root, carried, previous }: Omit<Static<typeof Open>, 'format' | 'kind'>): Ring {
  const decoded = (text: string): Buffer => {
    const key = Buffer.from(text, 'base64url')
    if (key.length === KEY_BYTES) return key
    throw new KeyFileError(`${what} does not hold a key of ${KEY_BYTES} bytes.`)
  }
  return {
    root: decoded(root),
    ...(carried === undefined ? {} : { carried: decoded(carried) }),
    ...(previous === undefined ? {} : { previous: decoded(previous) }),
  }
}

function seal(ring: Ring, passphrase: string | undefined, random: Random): Static<typeof Sealed> {
  if (passphrase === undefined || passphrase === '')
    throw new KeyFileError('The root key is to be sealed by a passphrase, and there is none.')
  const salt = Buffer.from(random(SALT_BYTES))
  const device = Buffer.from(random(KEY_BYTES))
  const head = { format: 1, kind: 'passphrase', ...COST } as const
  const named = { ...head, salt: salt.toString('base64url'), device: device.toString('base64url') }
  const nonce = Buffer.from(random(NONCE_BYTES))
  const key = stretch(passphrase, named)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(JSON.stringify(named)))
  const parts = [nonce, cipher.update(encode(ring), 'utf8'), cipher.final(), cipher.getAuthTag()]
  key.fill(0)
  return { ...named, sealed: Buffer.concat(parts).toString('base64url') }
}

function unseal(path: string, { sealed, ...named }: Static<typeof Sealed>, passphrase?: string): Ring {
  if (passphrase === undefined) throw new SealedError(`The root key ${path} is sealed by a passphrase.`)
  const bytes = Buffer.from(sealed, 'base64url')
  const key = stretch(passphrase, named)
  let text: string
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(Buffer.from(JSON.stringify(named)))
    cipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const opened = Buffer.concat([cipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()])
    text = opened.toString()
    opened.fill(0)
  } catch (error) {
    throw new PassphraseError('That is not the passphrase of the root key, or its file is damaged.', {
      cause: error,
    })
  } finally {
    key.fill(0)
  }
  return readOpen(fileOf(path), text)
}

/** The same letters typed on another keyboard may come as other bytes: they are brought to one form (NFKC). */
function stretch(passphrase: string, given: Omit<Static<typeof Sealed>, 'sealed'>): Buffer {
  const { memory, passes, parallelism, salt, device } = given
  const message = Buffer.from(passphrase.normalize('NFKC'))
  const nonce = Buffer.from(salt, 'base64url')
  const cost = { memory, passes, parallelism, tagLength: KEY_BYTES }
  const stretched = argon2Sync('argon2id', { message, nonce, ...cost })
  const secret = Buffer.from(device, 'base64url')
  const key = Buffer.from(hkdfSync('sha256', stretched, secret, 'paios passphrase', KEY_BYTES))
  for (const bytes of [message, stretched]) bytes.fill(0)
  return key
}

function readText(path: string): string | undefined {
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
  return readFileSync(path, 'utf8').trim()
}
