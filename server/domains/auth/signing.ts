import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { ACCESS_TOKEN_SECONDS } from '../../../contract/limits.ts'
import { KeyFileError } from '../../kernel/ring.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { authQueries } from './store.ts'
import type { AuthTables, SigningKeyRow } from './store.ts'

/** Two clocks may differ by this much (checklist C480). */
export const SKEW_MS = 30_000
/** A key that no longer signs is believed as long as the last token that it signed may live. */
const OVERLAP_MS = ACCESS_TOKEN_SECONDS * 1000 + SKEW_MS
const ROTATE_AFTER_MS = 90 * 86_400_000

const SEED_BYTES = 32
/** What stands before the 32 bytes of the seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface SigningKey {
  readonly kid: string
  /** First part of every token of this key. */
  readonly header: string
  readonly private_key: KeyObject
  readonly public_key: KeyObject
  readonly created_at: number
  readonly retired_at: number | undefined
}

/** The keys that access tokens are signed with. */
export interface Signing {
  /** The key for new tokens. */
  current(): SigningKey
  /** The key whose tokens begin with this header, as long as it is believed. */
  find(header: string): SigningKey | undefined
  isBelieved(key: SigningKey): boolean
  /**
   * Makes another key the one for new tokens; the one before is believed until its last token is over. `within` takes
   * part in the transaction, told which key that is.
   */
  rotate(within?: (tx: Tx, kid: string) => void): Promise<{ kid: string }>
}

/**
 * Loads the signing keys, and makes the first or a fresh one when that is due.
 *
 * @throws KeyFileError when they were wrapped under another root key.
 */
export async function openSigning(kernel: Kernel): Promise<Signing> {
  const { store, clock } = kernel
  const rows = await authQueries(store.reader.tables<AuthTables>()).signingKeys()
  const keys = new Map<string, SigningKey>()
  const add = (key: SigningKey): Map<string, SigningKey> => keys.set(key.header, key)
  for (const row of rows) add(toKey(kernel, row))

  const newest = (): SigningKey | undefined =>
    [...keys.values()].findLast((key) => key.retired_at === undefined)
  const isBelieved = ({ header }: SigningKey): boolean => {
    const key = keys.get(header)
    return key !== undefined && (key.retired_at === undefined || clock.now() < key.retired_at + OVERLAP_MS)
  }
  const rotate: Signing['rotate'] = async (within) => {
    const row = makeKey(kernel)
    await store.write(async (tx) => {
      const queries = authQueries(tx.tables<AuthTables>())
      await queries.deleteSigningKeys(row.created_at - OVERLAP_MS)
      await queries.retireSigningKeys(row.created_at)
      await queries.insertSigningKey(row)
      within?.(tx, row.kid)
      tx.afterCommit(() => {
        for (const key of keys.values()) {
          if (key.retired_at === undefined) add({ ...key, retired_at: row.created_at })
          else if (!isBelieved(key)) keys.delete(key.header)
        }
        add(toKey(kernel, row))
      })
    })
    return { kid: row.kid }
  }

  const loaded = newest()
  if (loaded === undefined || clock.now() - loaded.created_at > ROTATE_AFTER_MS) await rotate()
  return {
    current() {
      const key = newest()
      if (key === undefined) throw new Error('There is no signing key.')
      return key
    },
    find(header) {
      const key = keys.get(header)
      return key !== undefined && isBelieved(key) ? key : undefined
    },
    isBelieved,
    rotate,
  }
}

function makeKey(kernel: Kernel): SigningKeyRow {
  const kid = kernel.id()
  const wrapped = kernel.keys.wrap('signing-key-wrap', Buffer.from(kernel.random(SEED_BYTES)), kid)
  return { kid, wrapped, created_at: kernel.clock.now(), retired_at: null }
}

function toKey({ keys }: Kernel, { kid, wrapped, created_at, retired_at }: SigningKeyRow): SigningKey {
  let seed: Buffer
  try {
    seed = keys.unwrap('signing-key-wrap', wrapped, kid)
  } catch (cause) {
    throw new KeyFileError('The key file is not the one that this data folder was made with.', { cause })
  }
  const private_key = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    kid,
    header: Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid })).toString('base64url'),
    private_key,
    public_key: createPublicKey(private_key),
    created_at,
    retired_at: retired_at ?? undefined,
  }
}
