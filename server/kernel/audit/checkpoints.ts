import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Keys } from '../crypto.ts'
import { makeFolder, syncFolder } from '../folder.ts'
import type { ChainHead } from './chain.ts'

/** What the chain was at some time, signed: whoever cuts off its end cannot make these agree. */
export interface Checkpoint extends ChainHead {
  /** Random, the same for all checkpoints of a data folder. */
  instance: string
  /** ISO-8601. */
  time: string
  /** Ed25519 over the other fields, base64url. */
  signature: string
}

/** The file of the checkpoints of a data folder. */
export function checkpointsPath(data_dir: string): string {
  return join(data_dir, 'audit', 'checkpoints.jsonl')
}

/** A line of the file that is no checkpoint of this server. */
export interface BadCheckpoint {
  line: number
  why: string
}

/** What stands before the 32 bytes of the seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key that signs checkpoints; it follows from the root key, so that a lost database can still be judged. */
export function checkpointKey(keys: Keys): KeyObject {
  const key = Buffer.concat([PKCS8_PREFIX, keys.derive('audit-signing')])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

export function signCheckpoint(key: KeyObject, checkpoint: Omit<Checkpoint, 'signature'>): Checkpoint {
  const signature = sign(null, covered(checkpoint), key).toString('base64url')
  return { ...checkpoint, signature }
}

/**
 * Makes the file ready to be appended to: it is there for good, and ends with a whole line. What a power cut left of the
 * last one would spoil the next.
 */
export function mendCheckpoints(path: string): void {
  const folder = dirname(path)
  makeFolder(folder)
  const file = openSync(path, 'a+', 0o600)
  try {
    const text = readFileSync(file)
    const whole = text.lastIndexOf(0x0a) + 1
    if (whole < text.length) ftruncateSync(file, whole)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncFolder(folder)
}

/** Appends to the file outside the database, and resolves when that is on the disk. Only the server's user can read it. */
export async function appendCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(`${JSON.stringify(checkpoint)}\n`)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Reads the file; a last line that was cut short by a power cut counts as not there. */
export function readCheckpoints(
  path: string,
  key: KeyObject,
): { checkpoints: Checkpoint[]; bad: BadCheckpoint[] } {
  if (!existsSync(path)) return { checkpoints: [], bad: [] }
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  const checkpoints: Checkpoint[] = []
  const bad: BadCheckpoint[] = []
  const public_key = createPublicKey(key)
  for (const [index, line] of whole.entries()) {
    const checkpoint = parse(line)
    const signature = Buffer.from(checkpoint?.signature ?? '', 'base64url')
    if (checkpoint === undefined) bad.push({ line: index + 1, why: 'cannot be read' })
    else if (!verify(null, covered(checkpoint), public_key, signature))
      bad.push({ line: index + 1, why: 'is not signed by this server' })
    else checkpoints.push(checkpoint)
  }
  return { checkpoints, bad }
}

function covered({ seq, mac, instance, time }: Omit<Checkpoint, 'signature'>): Buffer {
  return Buffer.from(JSON.stringify(['paios audit checkpoint', seq, mac, instance, time]))
}

function parse(line: string): Checkpoint | undefined {
  try {
    const value = JSON.parse(line) as Partial<Checkpoint>
    const texts = [value.mac, value.instance, value.time, value.signature]
    if (!Number.isSafeInteger(value.seq) || texts.some((text) => typeof text !== 'string')) return undefined
    return value as Checkpoint
  } catch {
    return undefined
  }
}
