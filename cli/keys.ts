import type { SoftwareKey } from '../sdk/authenticator.ts'
import { writeDurably } from '../server/kernel/files.ts'
import { EXIT, Stop } from './exit.ts'
import { readPrivate, unreadable } from './private.ts'

/** A passkey that this machine holds, and whose it is. */
export interface OwnKey extends SoftwareKey {
  readonly user_id: string
  /** Of the user when the passkey was made; it may have changed since. */
  readonly email: string
}

/** The passkeys of this machine for one page. Every method throws Stop for a file that others can read or that is broken. */
export interface KeyFile {
  /** Oldest first. */
  load(): OwnKey[]
  add(key: OwnKey): void
  remove(credential_id: string): void
}

const KEYS_MAX = 100
/** Whoever removes it loses what nobody can make again. */
const REMEDY = 'It holds passkeys: bring back a copy, or move it away and make others: paios passkey add'

/**
 * Keeps passkeys in a file that holds those for all pages.
 *
 * @param page - origin that they are good for.
 */
export function keyFile(path: string, page: string): KeyFile {
  const write = (passkeys: readonly OwnKey[]): void =>
    writeDurably(path, `${JSON.stringify({ passkeys }, undefined, 2)}\n`)
  return {
    load: () => read(path).filter(({ origin }) => origin === page),
    add(key) {
      const kept = read(path)
      if (kept.length >= KEYS_MAX) {
        throw new Stop(EXIT.failed, `${path} holds ${KEYS_MAX} passkeys already: remove some first.`)
      }
      write([...kept, key])
    },
    remove(credential_id) {
      const kept = read(path)
      const left = kept.filter((key) => key.credential_id !== credential_id)
      if (left.length < kept.length) write(left)
    },
  }
}

function read(path: string): OwnKey[] {
  const text = readPrivate(path, REMEDY)
  if (text === undefined) return []
  try {
    const { passkeys } = JSON.parse(text) as { passkeys: OwnKey[] }
    if (passkeys.every(isKey)) return passkeys
  } catch (error) {
    throw unreadable(path, REMEDY, error)
  }
  throw unreadable(path, REMEDY)
}

function isKey(value: Partial<OwnKey>): boolean {
  const { credential_id, private_key, origin, user_id, email } = value
  return [credential_id, private_key, origin, user_id, email].every((part) => typeof part === 'string')
}
