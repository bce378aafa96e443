import { Renewal } from '../../../contract/credentials.ts'
import type { Credential } from '../../../contract/credentials.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { About, Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'

/** A former secret can be brought back for so long. */
export const FORMER_DAYS = 30

/** @throws Fault `VALIDATION_ERROR` (404), the same for a credential of somebody else. */
export async function need(tx: Pick<Tx, 'tables'>, user_id: string, id: string): Promise<CredentialRow> {
  const row = await vaultStore.find(tx.tables<VaultTables>(), user_id, id)
  if (row !== undefined) return row
  throw new Fault('VALIDATION_ERROR', `There is no credential ${id}.`, { credential_id: id }, { status: 404 })
}

/** What is known of a credential; nothing of one that was damaged, which is told where credentials are listed. */
export function knownOf(safe: Pick<Safe, 'aboutOf'>, row: CredentialRow): About | undefined {
  try {
    return safe.aboutOf(row)
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

/** What a user is told of their secrets. */
export function told(text: string) {
  return { source_agent: 0, severity: 'info', text } as const
}

/** A credential as a client is shown it. */
export function show(row: CredentialRow, about: About, encrypted_data: string): Credential {
  return {
    id: row.id,
    user_id: row.user_id,
    service_name: about.service_name,
    credential_type: row.credential_type,
    encrypted_data,
    encryption_key_id: row.key_id,
    metadata: {
      ...(about.description === undefined ? {} : { description: about.description }),
      ...(row.expires_at === null ? {} : { expires_at: row.expires_at }),
      ...(row.last_used === null ? {} : { last_used: row.last_used }),
      usage_count: row.usage_count,
      auto_rotate: about.auto_rotate,
    },
    ...(about.sealed === true ? { sealed: true } : {}),
    created_at: row.created_at,
    updated_at: row.updated_at,
    ...restorable(row),
    ...renewalOf(row),
  }
}

/**
 * What is kept of a renewal: how it went, and by what key a service may still have a secret that did not arrive, and since
 * when.
 */
export interface KeptRenewal extends Renewal {
  request_key?: string
  requested_at?: string
}

/** Nothing where somebody else has written it: it is no part of what is sealed. */
export function keptRenewal({ renewal }: Pick<CredentialRow, 'renewal'>): KeptRenewal | undefined {
  if (renewal === null) return undefined
  try {
    const { request_key, requested_at, ...known } = Object(JSON.parse(renewal)) as KeptRenewal
    if (findIssues(Renewal, known).length > 0) return undefined
    const isAsked = typeof request_key === 'string' && !Number.isNaN(Date.parse(String(requested_at)))
    return isAsked ? { ...known, request_key, requested_at: String(requested_at) } : known
  } catch {
    return undefined
  }
}

/** Nothing where somebody else has written when it was kept. */
function restorable({ former_at }: CredentialRow): Pick<Credential, 'restorable_until'> {
  const since = former_at === null ? Number.NaN : Date.parse(former_at)
  return Number.isNaN(since) ? {} : { restorable_until: iso(since + FORMER_DAYS * DAY_MS) }
}

function renewalOf(row: CredentialRow): Pick<Credential, 'renewal'> {
  const kept = keptRenewal(row)
  if (kept === undefined) return {}
  const { request_key: _key, requested_at: _since, ...renewal } = kept
  return { renewal }
}

const DAY_MS = 86_400_000
