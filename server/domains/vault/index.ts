import { credentials } from '../../../contract/credentials.ts'
import type { Credential } from '../../../contract/credentials.ts'
import type { Input } from '../../../contract/operation.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call } from '../../kernel/answers.ts'
import { iso } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Auth } from '../auth/index.ts'
import type { Notifications } from '../notifications/index.ts'
import { fingerprint } from './envelope.ts'
import { openGrants } from './grants.ts'
import type { GrantParts, Grants } from './grants.ts'
import { keyslotsPath, openKeyslots } from './keyslots.ts'
import type { Keyslots } from './keyslots.ts'
import { openLending } from './lend.ts'
import type { Lend } from './lend.ts'
import { openRotation } from './rotation.ts'
import type { Rotation } from './rotation.ts'
import { openSafe, toBytes, toData } from './safe.ts'
import type { About, Safe } from './safe.ts'
import { vaultStore } from './store.ts'
import type { CredentialRow, VaultTables } from './store.ts'

interface Parts extends Omit<GrantParts, 'safe'> {
  auth: Pick<Auth, 'behind'>
  notifications: Pick<Notifications, 'notify'>
}

export interface Vault {
  answers: Answers
  /** Takes up what was left of a change of keys. */
  begin(): Promise<void>
  /** Opens secrets for agents, one use at a time. */
  readonly lend: Lend
  /** Who may use what, for domains that set agents up. */
  readonly grants: Pick<Grants, 'grant' | 'destinations'>
  /** Destroys the keys of a user who is gone, once that is on the disk: nothing of theirs opens ever again. */
  forget(user_id: string): void
}

/** Credentials that a user may store. */
const CREDENTIALS_MAX = 20_000

/** Secrets of users: sealed under a key of each user, opened for a passkey, or for an agent that was granted it. */
export function openVault(kernel: Kernel, parts: Parts): Vault {
  const { settings, keys, random, now, store } = kernel
  const slots = openKeyslots({ path: keyslotsPath(settings.key_file), keys, random, now })
  const safe = openSafe(kernel, slots)
  const rotation = openRotation(kernel, { ...parts, slots, safe })
  const grants = openGrants(kernel, { ...parts, safe })
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
    },
    forget: (user_id) => {
      // Before the removal is durable a crash would bring the user back, and every credential closed for good.
      const gone = store.settled().then(() => slots.forget(user_id))
      gone.catch((error: unknown) =>
        kernel.log.error('keys of a removed user could not be destroyed', { error }),
      )
    },
    lend: openLending(kernel, { safe, grants }),
    grants,
    answers: {
      ...listing(kernel, safe),
      ...grants.answers,
      ...storing(kernel, { ...parts, safe, slots }),
      ...deleting({ ...parts, safe, grants, rotation }),
      ...opening(kernel, { ...parts, safe }),
      [credentials.rotate.name]: rotation.answer,
    },
  }
}

function listing({ store }: Kernel, safe: Safe): Answers {
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
          credentials: rows.map((row) => listed(safe, row)),
          total_count: await vaultStore.count(db(), user_id, filter),
          ...next,
        }
      },
    ),
  }
}

/** What was damaged is told as such, and keeps nothing else from being listed. */
function listed(safe: Safe, row: CredentialRow): Credential {
  try {
    return show(row, safe.aboutOf(row), fingerprint(row.envelope))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const about = { ...row, service_name: '', auto_rotate: false }
    return { ...show(row, about, fingerprint(row.envelope)), damaged: true }
  }
}

interface Storing extends Pick<Parts, 'notifications'> {
  grants: Pick<Grants, 'usersOf' | 'drop'>
  safe: Safe
  slots: Keyslots
  rotation: Pick<Rotation, 'prepare' | 'start'>
}

function storing(
  kernel: Kernel,
  { safe, slots, notifications }: Pick<Storing, 'safe' | 'slots' | 'notifications'>,
): Answers {
  // The first key of a user is on the disk before anything is sealed under it, and that is no work for a transaction.
  const ready = ({ user_id }: Call): Promise<void> => Promise.resolve(void slots.current(user_id))
  return {
    [credentials.store.name]: writes(credentials.store, {
      prepare: ready,
      commit: async (tx, { user_id }, { service_name, credential_type, credential_data, metadata = {} }) => {
        const db = tx.tables<VaultTables>()
        if ((await vaultStore.count(db, user_id)) >= CREDENTIALS_MAX)
          throw new Fault(
            'VALIDATION_ERROR',
            `There are already ${CREDENTIALS_MAX} credentials.`,
            undefined,
            {
              status: 409,
            },
          )
        const { description, expires_at, auto_rotate = false } = metadata
        const about = {
          service_name,
          credential_type,
          ...(description === undefined ? {} : { description }),
          expires_at: timeOf(expires_at),
          auto_rotate,
        }
        const place = { id: kernel.id(), user_id }
        const secret = toBytes(credential_data)
        const sealed = await safe.seal(db, place, about, secret).finally(() => secret.fill(0))
        const now = kernel.now()
        const rest = { last_used: null, usage_count: 0, created_at: now, updated_at: now }
        const row = { ...place, ...sealed, ...rest }
        await vaultStore.insert(db, row)
        await notifications.notify(tx, user_id, told(`The credential for ${service_name} was stored.`))
        return show(row, { ...about, number: row.number }, row.envelope)
      },
    }),
    [credentials.update.name]: writes(credentials.update, {
      prepare: ready,
      commit: async (tx, { user_id }, { id, credential_data, metadata = {}, ...named }) => {
        const db = tx.tables<VaultTables>()
        const before = await need(tx, user_id, id)
        const known = safe.aboutOf(before)
        const { number: _number, ...about } = { ...known, ...named, ...changedIn(metadata) }
        const secret = credential_data === undefined ? await safe.open(db, before) : toBytes(credential_data)
        const sealed = await safe.seal(db, before, about, secret).finally(() => secret.fill(0))
        const row = { ...before, ...sealed, updated_at: kernel.now() }
        await vaultStore.update(db, row)
        const what = credential_data === undefined ? 'changed' : 'given a new secret'
        await notifications.notify(tx, user_id, told(`The credential for ${about.service_name} was ${what}.`))
        return show(row, { ...about, number: row.number }, row.envelope)
      },
    }),
  }
}

function deleting({ safe, notifications, grants, rotation }: Omit<Storing, 'slots'>): Answers {
  return {
    [credentials.delete.name]: writes(credentials.delete, {
      prepare: ({ user_id }, { shred }) =>
        Promise.resolve(shred === true ? rotation.prepare(user_id) : undefined),
      commit: async (tx, { user_id }, { id, force, shred: shreds }) => {
        const db = tx.tables<VaultTables>()
        await need(tx, user_id, id)
        const users = await grants.usersOf(tx, user_id, id)
        if (users.length > 0 && force !== true)
          throw new Fault(
            'VALIDATION_ERROR',
            `It is used by ${users.join(', ')}.`,
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
        const credential_data = toData(await safe.open(db, row))
        const last_used = kernel.now()
        await vaultStore.used(db, row, last_used)
        const about = safe.aboutOf(row)
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
    const secret = await safe.open(db, row)
    secret.fill(0)
    return true
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

/** @throws Fault `VALIDATION_ERROR` (404), the same for a credential of somebody else. */
async function need(tx: Pick<Tx, 'tables'>, user_id: string, id: string): Promise<CredentialRow> {
  const row = await vaultStore.find(tx.tables<VaultTables>(), user_id, id)
  if (row !== undefined) return row
  throw new Fault('VALIDATION_ERROR', `There is no credential ${id}.`, { credential_id: id }, { status: 404 })
}

type Metadata = NonNullable<Input<typeof credentials.store>['metadata']>

/** What is not said stays as it is. */
function changedIn({ description, expires_at, auto_rotate }: Metadata): Partial<About> {
  return {
    ...(description === undefined ? {} : { description }),
    ...(expires_at === undefined ? {} : { expires_at: timeOf(expires_at) }),
    ...(auto_rotate === undefined ? {} : { auto_rotate }),
  }
}

/** @throws Fault `VALIDATION_ERROR` for a time that there is not, such as a leap second. */
function timeOf(time: string | undefined): string | null {
  if (time === undefined) return null
  const at = Date.parse(time)
  if (!Number.isNaN(at)) return iso(at)
  const issue = { path: '/metadata/expires_at', message: 'is no time' }
  throw new Fault('VALIDATION_ERROR', `${issue.path} ${issue.message}.`, { issues: [issue] })
}

function told(text: string) {
  return { source_agent: 0, severity: 'info', text } as const
}

function show(row: CredentialRow, about: About, encrypted_data: string): Credential {
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
    created_at: row.created_at,
    updated_at: row.updated_at,
  }
}
