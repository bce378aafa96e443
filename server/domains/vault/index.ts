import { credentials } from '../../../contract/credentials.ts'
import type { Credential, Destination } from '../../../contract/credentials.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Auth } from '../auth/index.ts'
import type { Notifications } from '../notifications/index.ts'
import { changing, endIn } from './changing.ts'
import { fingerprint } from './envelope.ts'
import { openExpiry } from './expiry.ts'
import type { Expiry } from './expiry.ts'
import { openGrants } from './grants.ts'
import type { GrantParts, Grants } from './grants.ts'
import { marksOf, openKept, openPutting } from './kept.ts'
import type { Kept, Put } from './kept.ts'
import { keyslotsPath, openKeyslots } from './keyslots.ts'
import { findClosed, openLending } from './lend.ts'
import type { Closed, Lend } from './lend.ts'
import { openRenewal } from './renewal.ts'
import type { Renewal, Renewing } from './renewal.ts'
import { openResealing } from './reseal.ts'
import { openRotation } from './rotation.ts'
import type { Rotation } from './rotation.ts'
import { openSafe, toBytes, toData } from './safe.ts'
import type { Safe } from './safe.ts'
import { openSigning } from './signing.ts'
import type { Signing } from './signing.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'
import { knownOf, need, show, told } from './view.ts'

interface Parts extends Omit<GrantParts, 'safe'> {
  auth: Pick<Auth, 'behind'>
  notifications: Pick<Notifications, 'notify'>
  /** The names of the agents whose configuration names a credential, and of the workflows whose webhooks do. */
  namedBy: (tx: Tx, user_id: string, credential_id: string) => Promise<string[]>
  renewing: Renewing
}

/** Why a credential is lent to nobody. */
export type Unlendable = 'is not there' | 'was damaged' | Closed

export interface Vault {
  answers: Answers
  /** Takes up what was left of a change of keys, and has credentials that end looked for each day. */
  begin(): Promise<void>
  /** Opens secrets for agents, one use at a time. */
  readonly lend: Lend
  /** Where an agent may send a credential now, or why nobody may. */
  lendable(user_id: string, agent_id: string, credential_id: string): Promise<Destination[] | Unlendable>
  /** What the signatures of webhooks are held against. */
  readonly signing: Signing
  /** Keeps the secrets of agents' configurations. */
  readonly kept: Kept
  /** What the agents of a user may know of when credentials end. */
  readonly bindExpiry: Expiry['bind']
  /** Who may use what, for domains that set agents up. */
  readonly grants: Pick<Grants, 'grant' | 'destinations'>
  /** Destroys the keys of a user who is gone, once that is on the disk: nothing of theirs opens ever again. */
  forget(user_id: string): void
}

/** Secrets of users: sealed under a key of each user, opened for a passkey, or for an agent that was granted it. */
export function openVault(kernel: Kernel, parts: Parts): Vault {
  const { settings, keys, random, now, store } = kernel
  const slots = openKeyslots({ path: keyslotsPath(settings.key_file), keys, random, now })
  const safe = openSafe(kernel, slots)
  const rotation = openRotation(kernel, { ...parts, slots, safe })
  const put = openPutting(kernel, safe)
  // The first key of a user is on the disk before anything is sealed under it, and that is no work for a transaction.
  const ready = async ({ user_id }: Call): Promise<void> => {
    if (
      slots.of(user_id).length === 0 &&
      (await vaultStore.count(store.reader.tables<VaultTables>(), user_id)) > 0
    )
      throw new Fault(
        'SERVICE_UNAVAILABLE',
        `The file of keys ${keyslotsPath(settings.key_file)} is missing: put it back, or delete what it closes.`,
        {
          reason: 'key_missing',
        },
      )
    slots.current(user_id)
  }
  const grants = openGrants(kernel, { ...parts, safe })
  const lend = openLending(kernel, { safe, grants })
  const reseal = openResealing(kernel, safe)
  const renewal = openRenewal(kernel, { ...parts, safe, reseal, lend })
  const expiry = openExpiry(kernel, { ...parts, safe, renewal })
  return {
    begin: async () => {
      for (const user_id of slots.users()) if (parts.auth.behind(user_id) === undefined) slots.forget(user_id)
      const closed = await vaultStore.closed(store.reader.tables<VaultTables>(), slots.all())
      if (closed > 0)
        kernel.log.warn('credentials have no key any more: put the file of keys back', {
          closed,
          file: keyslotsPath(settings.key_file),
        })
      await rotation.begin()
      await expiry.begin()
    },
    forget: (user_id) => {
      // Before the removal is durable a crash would bring the user back, and every credential closed for good.
      const gone = store.settled().then(() => slots.forget(user_id))
      gone.catch((error: unknown) =>
        kernel.log.error('keys of a removed user could not be destroyed', { error }),
      )
    },
    lend,
    lendable: async (user_id, agent_id, credential_id) => {
      const row = await vaultStore.find(store.reader.tables<VaultTables>(), user_id, credential_id)
      const about = row && knownOf(safe, row)
      const at = kernel.clock.now()
      if (row === undefined) return 'is not there'
      if (about === undefined) return 'was damaged'
      return findClosed(row, about, at) ?? (await grants.destinations(user_id, agent_id, credential_id, at))
    },
    signing: openSigning(kernel, safe),
    kept: openKept(kernel, safe, put),
    bindExpiry: expiry.bind,
    grants,
    answers: {
      ...listing(kernel, safe, renewal),
      ...grants.answers,
      ...storing({ ...parts, put, expiry, ready }),
      ...changing({ ...parts, safe, reseal, expiry, ready, isUnderWay: renewal.isUnderWay }),
      ...deleting({ ...parts, safe, grants, rotation }),
      ...opening(kernel, { ...parts, safe }),
      [credentials.rotate.name]: rotation.answer,
      [credentials.renew.name]: renewal.answer,
    },
  }
}

function listing({ store }: Kernel, safe: Safe, renewal: Pick<Renewal, 'isUnderWay'>): Answers {
  const db = () => store.reader.tables<VaultTables>()
  return {
    [credentials.list.name]: reads(
      credentials.list,
      async ({ user_id }, { service_name, credential_type, limit = LIMIT_DEFAULT, cursor }) => {
        const service_key = service_name === undefined ? undefined : safe.serviceKey(user_id, service_name)
        const filter = { service_key, credential_type }
        const before = cursor === undefined ? undefined : String(fromCursor(cursor))
        const found = await vaultStore.list(db(), user_id, { ...filter, before, limit: limit + 1 })
        const { rows, ...next } = toPage(found, limit, ({ id }) => id)
        return {
          credentials: rows.map((row) => ({
            ...listed(safe, row),
            ...(renewal.isUnderWay(store.reader, row.id) ? { renewal: { state: 'under_way' } as const } : {}),
          })),
          total_count: await vaultStore.count(db(), user_id, filter),
          ...next,
        }
      },
    ),
  }
}

/** What was damaged is told as such, and keeps nothing else from being listed. */
function listed(safe: Safe, row: CredentialRow): Credential {
  const about = knownOf(safe, row)
  if (about !== undefined) return show(row, about, fingerprint(row.envelope))
  const nameless = { ...row, service_name: '', auto_rotate: false }
  return { ...show(row, nameless, fingerprint(row.envelope)), damaged: true }
}

interface Storing extends Pick<Parts, 'notifications'> {
  grants: Pick<Grants, 'usersOf' | 'drop'>
  safe: Safe
  put: Put
  expiry: Pick<Expiry, 'look'>
  /** The key of the user is on the disk before anything is sealed under it. */
  ready: (call: Call) => Promise<void>
  rotation: Pick<Rotation, 'prepare' | 'start'>
  namedBy: Parts['namedBy']
}

function storing({
  notifications,
  put,
  expiry,
  ready,
}: Pick<Storing, 'notifications' | 'put' | 'expiry' | 'ready'>): Answers {
  return {
    [credentials.store.name]: writes(credentials.store, {
      prepare: ready,
      commit: async (tx, { user_id }, { service_name, credential_type, credential_data, metadata = {} }) => {
        const { description, auto_rotate = false } = metadata
        const about = {
          service_name,
          credential_type,
          ...(description === undefined ? {} : { description }),
          expires_at: endIn(metadata) ?? null,
          auto_rotate,
          ...marksOf(credential_data),
        }
        const secret = toBytes(credential_data)
        const row = await put(tx, user_id, about, secret).finally(() => secret.fill(0))
        await notifications.notify(tx, user_id, told(`The credential for ${service_name} was stored.`))
        await expiry.look(tx, row)
        return show(row, { ...about, number: row.number }, row.envelope)
      },
    }),
  }
}

function deleting({
  safe,
  notifications,
  grants,
  rotation,
  namedBy,
}: Omit<Storing, 'put' | 'expiry' | 'ready'>): Answers {
  return {
    [credentials.delete.name]: writes(credentials.delete, {
      prepare: ({ user_id }, { shred }) =>
        Promise.resolve(shred === true ? rotation.prepare(user_id, { shreds: true }) : undefined),
      commit: async (tx, { user_id }, { id, force, shred: shreds }) => {
        const db = tx.tables<VaultTables>()
        await need(tx, user_id, id)
        const granted = await grants.usersOf(tx, user_id, id)
        const users = [...new Set([...granted, ...(await namedBy(tx, user_id, id))])]
        if (users.length > 0 && force !== true)
          throw new Fault(
            'VALIDATION_ERROR',
            `It is used by ${users.join(', ')}: take it back from them first, or delete it with force.`,
            { used_by: users },
            { status: 409 },
          )
        await grants.drop(tx, user_id, id)
        await vaultStore.delete(db, user_id, id)
        await safe.unpin(db, { id, user_id })
        if (shreds === true) rotation.start(tx, user_id)
        await notifications.notify(tx, user_id, told('A credential was deleted.'))
        return {}
      },
    }),
  }
}

function opening(kernel: Kernel, { safe, notifications }: Pick<Storing, 'safe' | 'notifications'>): Answers {
  return {
    [credentials.get.name]: writes(credentials.get, {
      commit: async (tx, { user_id }, { id }) => {
        const db = tx.tables<VaultTables>()
        const row = await need(tx, user_id, id)
        const { secret, about } = await safe.open(db, row)
        const credential_data = toData(secret)
        const last_used = kernel.now()
        await vaultStore.used(db, row, last_used)
        await notifications.notify(tx, user_id, told(`The credential for ${about.service_name} was shown.`))
        const shown = { ...row, last_used, usage_count: row.usage_count + 1 }
        return { ...show(shown, about, row.envelope), credential_data }
      },
    }),
    [credentials.verify.name]: reads(credentials.verify, async ({ user_id, now }, { credential_id }) => {
      const { reader } = kernel.store
      const row = await need(reader, user_id, credential_id)
      const decryptable = await canOpen(safe, row, reader.tables<VaultTables>())
      const expired = row.expires_at !== null && Date.parse(row.expires_at) <= now
      return { accessible: decryptable && !expired, decryptable, expired, last_used: row.last_used }
    }),
  }
}

async function canOpen(safe: Safe, row: CredentialRow, db: Parameters<Safe['open']>[0]): Promise<boolean> {
  try {
    const { secret } = await safe.open(db, row)
    secret.fill(0)
    return true
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}
