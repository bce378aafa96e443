import { iso } from '../../kernel/clock.ts'
import { openDaily } from '../../kernel/daily.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { CredentialsCapability } from '../../skills/capabilities.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Renewal } from './renewal.ts'
import type { Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'
import { FORMER_DAYS, knownOf } from './view.ts'

const DAY_MS = 86_400_000
/** Days before its end at which the owner of a credential is warned; 0 is the end itself. */
const STAGES = [0, 1, 7, 30] as const
const LEASE_MS = 600_000
/** Credentials that an agent is told of at once. */
const LISTED_MAX = 100
/** Credentials that are warned of in one transaction. */
const AT_ONCE = 50

interface ExpiryParts {
  safe: Pick<Safe, 'aboutOf'>
  renewal: Pick<Renewal, 'renewDue' | 'look' | 'namesOf'>
  notifications: Pick<Notifications, 'notify'>
}

export interface Expiry {
  /** Has it look once a day, and at once when it never did. */
  begin(): Promise<void>
  /** Looks at one whose end was set, in that transaction. */
  look(tx: Tx, place: Pick<CredentialRow, 'id' | 'user_id'>): Promise<void>
  /** What an agent may know of when credentials end. */
  bind(of: { owner: { user_id: string } }): CredentialsCapability
}

/** Warns users before a credential ends and when it has ended, once for each stage, and lets go of former secrets. */
export function openExpiry(kernel: Kernel, { safe, notifications, renewal }: ExpiryParts): Expiry {
  const { clock, events, log, store } = kernel
  const warn = async (tx: Tx, row: CredentialRow, stage: number): Promise<void> => {
    const { id, user_id, expires_at } = row
    await vaultStore.update(tx.tables<VaultTables>(), { id, user_id, warned_days: stage })
    const service_name = knownOf(safe, row)?.service_name
    if (service_name === undefined || expires_at === null) return
    const told = { credential_id: id, service_name, expires_at, expired: stage === 0 }
    events.tell(tx, 'credential:expiring', user_id, told)
    const severity = stage <= 1 ? 'critical' : 'warning'
    await notifications.notify(tx, user_id, { source_agent: 9, severity, text: sayExpiry(told, clock.now()) })
  }
  /** Warns of some; answers whether there may be more. */
  const piece = (): Promise<boolean> =>
    store.write(async (tx) => {
      for (const stage of STAGES) {
        const until = iso(clock.now() + stage * DAY_MS)
        const due = await vaultStore.unwarned(tx.tables<VaultTables>(), { until, stage }, AT_ONCE)
        for (const row of due) await warn(tx, row, stage)
        if (due.length > 0) return true
      }
      return false
    })
  const daily = openDaily(kernel, {
    kind: 'vault.daily',
    lease_ms: LEASE_MS,
    attempts_max: 3,
    next: () => clock.now() + DAY_MS,
    run: async (signal) => {
      await renewal.renewDue(signal)
      for (let isMore = true; isMore; isMore = await piece()) signal.throwIfAborted()
      return (tx) =>
        vaultStore.forgetFormer(tx.tables<VaultTables>(), iso(clock.now() - FORMER_DAYS * DAY_MS))
    },
    giveUp: (error) => {
      log.error('credentials that end could not be looked for', { error })
      return undefined
    },
  })
  return {
    begin: () => (daily.isSet() ? Promise.resolve() : daily.set(clock.now())),
    look: async (tx, { id, user_id }) => {
      const row = await vaultStore.find(tx.tables<VaultTables>(), user_id, id)
      const end = row?.expires_at
      if (row === undefined || end === null || end === undefined) return
      const stage = STAGES.find((days) => end <= iso(clock.now() + days * DAY_MS))
      if (stage !== undefined && (row.warned_days === null || row.warned_days > stage))
        await warn(tx, row, stage)
      renewal.look(tx, row)
    },
    bind: openBinding(kernel, { safe, renewal }),
  }
}

function openBinding(
  { clock, store }: Pick<Kernel, 'clock' | 'store'>,
  { safe, renewal }: Pick<ExpiryParts, 'safe' | 'renewal'>,
): Expiry['bind'] {
  return ({ owner: { user_id } }) => ({
    list: async () => {
      const db = store.reader.tables<VaultTables>()
      const rows = await vaultStore.list(db, user_id, { limit: LISTED_MAX })
      const credentials = rows.flatMap((row) => {
        const service_name = knownOf(safe, row)?.service_name
        const { id: credential_id, expires_at } = row
        const expired = expires_at !== null && Date.parse(expires_at) <= clock.now()
        return service_name === undefined ? [] : [{ credential_id, service_name, expires_at, expired }]
      })
      return { credentials, total: await vaultStore.count(db, user_id) }
    },
    expiring: async (seconds) => {
      const until = iso(clock.now() + seconds * 1000)
      const rows = await vaultStore.ending(store.reader.tables<VaultTables>(), user_id, until)
      const renewers = await renewal.namesOf(user_id)
      return rows.flatMap((row) => {
        const { service_name, auto_rotate } = knownOf(safe, row) ?? {}
        const { id: credential_id, expires_at } = row
        if (service_name === undefined || expires_at === null) return []
        const expired = Date.parse(expires_at) <= clock.now()
        const renewed_by = auto_rotate === true ? renewers.get(credential_id) : undefined
        const renewed = renewed_by === undefined ? {} : { renewed_by }
        return [{ credential_id, service_name, expires_at, expired, ...renewed }]
      })
    },
  })
}

function sayExpiry(
  { service_name, expires_at }: { service_name: string; expires_at: string },
  now: number,
): string {
  const days = Math.ceil((Date.parse(expires_at) - now) / DAY_MS)
  if (days <= 0)
    return `The credential for ${service_name} has expired: no agent can use it until you renew it.`
  const when = days === 1 ? 'within a day' : `in ${days} days`
  return `The credential for ${service_name} expires ${when}.`
}
