import type { Kernel } from '../../kernel/kernel.ts'
import { KEY_BYTES_MIN, signingKey } from '../../kernel/signing-key.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { findClosed } from './lend.ts'
import { toData } from './safe.ts'
import type { Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { VaultTables } from './store.ts'

/** A secret with which what comes in is signed, or why there is none, as the rest of a sentence. */
export type SigningSecret = { secret: string } | { problem: string }

/** Secrets of a user against which the signatures of what comes in are held: they leave the vault for nobody. */
export interface Signing {
  /**
   * @param db - the transaction in which the credential may just have been stored.
   * @throws Fault `SERVICE_UNAVAILABLE` when it was damaged, or its key is missing.
   */
  open(user_id: string, credential_id: string, db?: Pick<Reader, 'tables'>): Promise<SigningSecret>
  /** Counts a use, in the transaction of what it was used for. */
  used(tx: Tx, user_id: string, credential_id: string): Promise<void>
}

export function openSigning(kernel: Kernel, safe: Safe): Signing {
  return {
    open: async (user_id, credential_id, reader = kernel.store.reader) => {
      const db = reader.tables<VaultTables>()
      const row = await vaultStore.find(db, user_id, credential_id)
      if (row === undefined) return { problem: 'is not there' }
      const problem = findClosed(row, safe.aboutOf(row), kernel.clock.now())
      if (problem !== undefined) return { problem }
      const { value } = toData((await safe.open(db, row)).secret)
      return signingKey(value) === undefined
        ? { problem: `has less than ${KEY_BYTES_MIN} bytes, with which nothing is signed` }
        : { secret: value }
    },
    used: async (tx, user_id, id) => {
      await vaultStore.used(tx.tables<VaultTables>(), { user_id, id }, kernel.now())
    },
  }
}
