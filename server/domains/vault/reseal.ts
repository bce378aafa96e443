import type { Credential } from '../../../contract/credentials.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { About, Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'
import { keptRenewal, show } from './view.ts'

/** A secret that takes the place of another, and the end of it by which its owner knows it. */
export interface Next {
  /** Wiped. */
  secret: Buffer
  hint: string | undefined
  sealed: true | undefined
  /** Whether the one before is kept for a while: not where it is the same with more beside it. */
  replaces: boolean
}

/** Seals a credential anew, with what is known of it then, and a secret that takes the place of the one before. */
export type Reseal = (
  tx: Tx,
  before: CredentialRow,
  about: Omit<About, 'number' | 'hint' | 'sealed'>,
  next: Next | undefined,
) => Promise<Credential>

export function openResealing(kernel: Pick<Kernel, 'now'>, safe: Safe): Reseal {
  return async (tx, before, about, next) => {
    const db = tx.tables<VaultTables>()
    const { hint, sealed: own } = next ?? safe.aboutOf(before)
    // How a service fared with a secret is nothing that the next one has to do with, once it has answered.
    const renewal = keptRenewal(before)?.state === 'under_way' ? before.renewal : null
    const retired =
      next?.replaces === true ? { former: safe.retire(before), former_at: kernel.now(), renewal } : {}
    const secret = next?.secret ?? (await safe.open(db, before)).secret
    const sealed = await safe
      .seal(db, before, { ...about, hint, sealed: own }, secret)
      .finally(() => secret.fill(0))
    const warned_days = about.expires_at === before.expires_at ? before.warned_days : null
    const row = { ...before, ...sealed, ...retired, warned_days, updated_at: kernel.now() }
    await vaultStore.update(db, row)
    return show(row, { ...about, sealed: own, number: row.number }, row.envelope)
  }
}
