import type { CredentialData } from '../../../contract/credentials.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Next } from './reseal.ts'
import type { About, Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'

/** Credentials that a user may store. */
const CREDENTIALS_MAX = 20_000

const NEW = {
  last_used: null,
  usage_count: 0,
  warned_days: null,
  former: null,
  former_at: null,
  renewal: null,
}

/** Seals a secret into a row of its own; the caller wipes it. @throws Fault `VALIDATION_ERROR` (409) when there is no room. */
export type Put = (
  tx: Tx,
  user_id: string,
  about: Omit<About, 'number'>,
  secret: Buffer,
) => Promise<CredentialRow>

export function openPutting(kernel: Kernel, safe: Safe): Put {
  return async (tx, user_id, about, secret) => {
    const db = tx.tables<VaultTables>()
    if ((await vaultStore.count(db, user_id)) >= CREDENTIALS_MAX)
      throw new Fault('VALIDATION_ERROR', `There are already ${CREDENTIALS_MAX} credentials.`, undefined, {
        status: 409,
      })
    const place = { id: kernel.id(), user_id }
    const sealed = await safe.seal(db, place, about, secret)
    const now = kernel.now()
    const times = { created_at: now, updated_at: now }
    const row = { ...place, ...sealed, ...NEW, ...times }
    await vaultStore.insert(db, row)
    return row
  }
}

/** Secrets that stand in the configuration of agents, which keeps references to them. */
export interface Kept {
  /** Stores a secret; answers its id. @throws Fault as storing one does. */
  keep(tx: Tx, user_id: string, service_name: string, value: string): Promise<string>
  has(tx: Pick<Tx, 'connection'>, user_id: string, id: string): boolean
  /** What is shown in place of a secret: `****`, and the last four characters of one that is long. */
  mask(user_id: string, id: string): string
}

export function openKept(kernel: Kernel, safe: Safe, put: Put): Kept {
  /** Of secrets whose transaction has not ended yet; those of one that failed are few. */
  const fresh = new Map<string, string>()
  const masked = ({ user_id, id }: Pick<CredentialRow, 'user_id' | 'id'>): string => {
    const known = fresh.get(id)
    if (known !== undefined) return known
    const row = vaultStore.findNow(kernel.store.reader.connection, { user_id, id })
    try {
      return `${MASK}${(row === undefined ? undefined : safe.aboutOf(row).hint) ?? ''}`
    } catch (error) {
      if (error instanceof Fault) return MASK
      throw error
    }
  }
  return {
    keep: async (tx, user_id, service_name, value) => {
      const secret = Buffer.from(JSON.stringify({ value }))
      const about = {
        service_name,
        credential_type: 'api_key',
        expires_at: null,
        auto_rotate: false,
      } as const
      const hinted = { ...about, ...hintOf(value) }
      const { id } = await put(tx, user_id, hinted, secret).finally(() => secret.fill(0))
      if (fresh.size >= FRESH_MAX) fresh.clear()
      fresh.set(id, `${MASK}${hinted.hint ?? ''}`)
      tx.afterCommit(() => fresh.delete(id))
      return id
    },
    has: ({ connection }, user_id, id) => vaultStore.findNow(connection, { user_id, id }) !== undefined,
    mask: (user_id, id) => masked({ user_id, id }),
  }
}

const FRESH_MAX = 1_000
/** What a secret is masked with. */
export const MASK = '****'
const HINT = 4
const HINTED_MIN = 12

/** The end of a secret that is long enough for it to tell nothing. */
export function hintOf(value: string): Pick<About, 'hint'> {
  return value.length < HINTED_MIN ? {} : { hint: value.slice(-HINT) }
}

/** What is known of a secret beside it. @throws Fault `VALIDATION_ERROR` for one that is sealed and has fields that are not. */
export function marksOf({ value, additional_fields, sealed }: CredentialData): Pick<Next, 'hint' | 'sealed'> {
  if (sealed === undefined) return { hint: hintOf(value).hint, sealed: undefined }
  if (additional_fields === undefined) return { hint: undefined, sealed: true }
  const issue = {
    path: '/credential_data/additional_fields',
    message: 'belong into what is sealed',
  }
  throw new Fault('VALIDATION_ERROR', `${issue.path} ${issue.message}.`, { issues: [issue] })
}
