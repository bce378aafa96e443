import { createRequire } from 'node:module'
import type * as Keyring from '@napi-rs/keyring'

/** The keychain of the operating system: Keychain, Credential Manager, or the Secret Service of a Linux desktop. */
export interface Keychain {
  get(account: string): string | undefined
  set(account: string, secret: string): void
  remove(account: string): void
}

/** The keychain is not there, is locked, or refuses; the message is for people. */
export class KeychainError extends Error {}

const SERVICE = 'paios'

/** @throws KeychainError where the package for this platform is not installed. */
export function openKeychain(): Keychain {
  return {
    get: (account) => told(() => entry(account).getPassword()) ?? undefined,
    set: (account, secret) => told(() => entry(account).setPassword(secret)),
    remove: (account) => void told(() => entry(account).deletePassword()),
  }
}

function entry(account: string) {
  const { Entry } = load()
  // Without a Secret Service the package would fall back to a keyring that the next start of the machine empties.
  return new Entry(SERVICE, account, { linux: { store: 'secret-service' } })
}

function load(): typeof Keyring {
  try {
    return createRequire(import.meta.url)('@napi-rs/keyring') as typeof Keyring
  } catch (error) {
    throw new KeychainError('There is no keychain for this platform here: npm install @napi-rs/keyring', {
      cause: error,
    })
  }
}

function told<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof KeychainError) throw error
    throw new KeychainError(sayRefusal((error as Error).message), { cause: error })
  }
}

/** What the package says where a Secret Service cannot be used, and what that means. */
const REFUSALS: readonly (readonly [said: RegExp, meaning: string])[] = [
  [/prompt was dismissed|is ?locked/i, 'The keychain of this system is locked: unlock it.'],
  [
    /no result found/i,
    'The keychain of this system holds no keyring yet: sign in there once, and unlock it.',
  ],
  [
    /dbus|ServiceUnknown|NoStorageAccess/i,
    'There is no keychain that could be reached: no Secret Service runs in this session.',
  ],
]

function sayRefusal(message: string): string {
  const known = REFUSALS.find(([said]) => said.test(message))
  return known?.[1] ?? `The keychain of this system refuses: ${message}`
}
