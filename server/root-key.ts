import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { keyslotsPath, resealKeyslots } from './domains/vault/keyslots.ts'
import { openKeys } from './kernel/crypto.ts'
import { systemRandom } from './kernel/ids.ts'
import { KEY_BYTES, KeyFileError, kindOf, readRing, writeRing } from './kernel/ring.ts'
import type { KeyKind, KeyPlace, Ring } from './kernel/ring.ts'
import type { Settings } from './kernel/settings.ts'
import { lockFolder } from './kernel/store/lock.ts'

export type RootKeyPlace = KeyPlace & Pick<Settings, 'data_dir'>

/** What is known of the root key without opening it. */
export interface RootKeyReport {
  kind: KeyKind | undefined
  key_file: string
  /** Where the keys of the users' secrets are, once there are any. */
  slots_file: string | undefined
}

/** @throws KeyFileError for a file that is damaged, or that others can read. */
export function describeRootKey(place: KeyPlace): RootKeyReport {
  const slots_file = keyslotsPath(place.key_file)
  const { key_file } = place
  return { kind: kindOf(place), key_file, slots_file: existsSync(slots_file) ? slots_file : undefined }
}

/**
 * Keeps the same root key in another way. A server that runs is not disturbed by it.
 *
 * @param place - with the passphrase that opens it now.
 * @param passphrase - the new one, where one seals it.
 * @throws KeyFileError
 */
export function keepRootKey(place: KeyPlace, kind: KeyKind, passphrase?: string): void {
  const unlock = lockKeys(place)
  try {
    writeRing({ ...place, passphrase }, needRing(place), kind, systemRandom)
  } finally {
    unlock()
  }
}

/** One command at a time: what reads a key before another is made must not write it after that. */
function lockKeys({ key_file }: KeyPlace): () => void {
  return existsSync(dirname(key_file)) ? lockFolder(dirname(key_file)) : () => {}
}

/**
 * Makes another root key, and seals the keys of all users by it. A crash at any point leaves files that open, and the next
 * call ends what was begun.
 *
 * @throws LockedFolderError while a server runs; KeyFileError, KeyslotsError
 */
export function rotateRootKey(place: RootKeyPlace): { resealed: number } {
  const unlock = existsSync(place.data_dir) ? lockFolder(place.data_dir) : undefined
  let unlockKeys: (() => void) | undefined
  try {
    // One folder for both is locked already.
    if (dirname(place.key_file) !== place.data_dir) unlockKeys = lockKeys(place)
    const before = needRing(place)
    const kind = kindOf(place) ?? 'file'
    if (kind === 'environment')
      throw new KeyFileError('The root key comes from the environment, and can only be changed there.')
    if (before.previous !== undefined) reseal(place, before)
    const root = Buffer.from(systemRandom(KEY_BYTES))
    const carried = before.carried ?? before.root
    const during = { root, carried, previous: before.root }
    writeRing(place, during, kind, systemRandom)
    const resealed = reseal(place, during)
    writeRing(place, { root, carried }, kind, systemRandom)
    return { resealed }
  } finally {
    unlockKeys?.()
    unlock?.()
  }
}

function reseal({ key_file }: KeyPlace, ring: Ring): number {
  return resealKeyslots(keyslotsPath(key_file), openKeys(ring, systemRandom))
}

function needRing(place: KeyPlace): Ring {
  const ring = readRing(place)
  if (ring === undefined)
    throw new KeyFileError(`There is no root key at ${place.key_file} yet: the first start makes it.`)
  return ring
}
