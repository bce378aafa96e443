import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from '../canonical.ts'

/** Why a backup was made. */
export type Reason = 'asked' | 'daily' | 'migration' | 'restore'

/** One file of a backup. `path` is relative to its folder, with slashes. */
export interface BackedUpFile {
  path: string
  bytes: number
  /** Hexadecimal. */
  sha256: string
}

/** What a backup holds. It stands beside its files as `manifest.json`. */
export interface Manifest {
  format: typeof FORMAT
  /** Of the program that made it. */
  version: string
  /** ISO-8601. */
  created_at: string
  reason: Reason
  /** Names of the migrations that the database has seen, in order. */
  schema: string[]
  /** Rows of each table. */
  rows: Record<string, number>
  files: BackedUpFile[]
  /** Tells root keys apart, and nothing else of them. */
  key_id: string
  /** HMAC-SHA-256 over the canonical form of the other fields, base64url. */
  mac: string
}

/** A backup cannot be made, or is not one that can be restored; the message is for people. */
export class BackupError extends Error {}

const FORMAT = 'paios-backup-1'
const NAME = 'manifest.json'
/** A manifest is some kilobytes; what is larger is something else. */
const BYTES_MAX = 4_194_304
/** Bytes of a key id: enough to tell two keys apart. */
const KEY_ID_BYTES = 8

export function manifestPath(folder: string): string {
  return join(folder, NAME)
}

/** @param key - that of the purpose `backup`. */
export function keyIdOf(key: Buffer): string {
  return createHmac('sha256', key).update('key id').digest().subarray(0, KEY_ID_BYTES).toString('hex')
}

export function signManifest(key: Buffer, given: Omit<Manifest, 'format' | 'key_id' | 'mac'>): Manifest {
  const unsigned = { ...given, format: FORMAT, key_id: keyIdOf(key) } as const
  return { ...unsigned, mac: macOf(key, unsigned) }
}

/**
 * Reads the manifest of a folder and proves that it was made under this root key.
 *
 * @throws BackupError for one that is missing, damaged, of another root key or of a newer program.
 */
export function readManifest(folder: string, key: Buffer): Manifest {
  const found = parse(folder)
  if (found['format'] !== FORMAT)
    throw new BackupError(
      `${folder} was made by a newer version, or is no backup (${String(found['format'])}).`,
    )
  if (!isManifest(found)) throw new BackupError(`The manifest of ${folder} is damaged.`)
  const { mac, ...unsigned } = found
  if (found.key_id !== keyIdOf(key)) {
    throw new BackupError(
      `${folder} was made under another root key: put that server's key in the place of this one first.`,
    )
  }
  const [given, expected] = [Buffer.from(mac), Buffer.from(macOf(key, unsigned))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new BackupError(`The manifest of ${folder} was changed or is damaged.`)
  return found
}

/** What a folder says of itself, proven or not; for lists. */
export function peekManifest(folder: string): Manifest | undefined {
  try {
    const found = parse(folder)
    return isManifest(found) ? found : undefined
  } catch {
    return undefined
  }
}

function macOf(key: Buffer, unsigned: Omit<Manifest, 'mac'>): string {
  return createHmac('sha256', key)
    .update(`manifest ${canonical(unsigned)}`)
    .digest('base64url')
}

type Fields = Record<string, unknown>

function isManifest(found: Fields): found is Fields & Manifest {
  const { format, version, created_at, reason, schema, rows, files, key_id, mac } = found
  const texts = [version, created_at, reason, key_id, mac]
  if (format !== FORMAT || texts.some((text) => typeof text !== 'string')) return false
  return Array.isArray(schema) && isFields(rows) && Array.isArray(files) && files.every(isFile)
}

function isFile(found: unknown): boolean {
  if (!isFields(found)) return false
  const { path, bytes, sha256 } = found
  return typeof path === 'string' && Number.isSafeInteger(bytes) && typeof sha256 === 'string'
}

function isFields(found: unknown): found is Fields {
  return typeof found === 'object' && found !== null && !Array.isArray(found)
}

function parse(folder: string): Fields {
  let bytes: Buffer
  try {
    bytes = readFileSync(manifestPath(folder))
  } catch (error) {
    throw new BackupError(`There is no backup in ${folder}: its manifest cannot be read.`, { cause: error })
  }
  try {
    if (bytes.length > BYTES_MAX) throw new Error('It is too large.')
    const value: unknown = JSON.parse(bytes.toString())
    if (isFields(value)) return value
    throw new Error('It is no object.')
  } catch (error) {
    throw new BackupError(`The manifest of ${folder} is damaged.`, { cause: error })
  }
}
