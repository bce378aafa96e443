import type { User } from '../../../contract/auth.ts'
import type { Tier } from '../../../contract/limits.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { DEFAULT_PREFERENCES, preferencesIn } from './preferences.ts'
import { authQueries, toUser } from './store.ts'
import type { AuthTables, Role, UserRow } from './store.ts'

/** Runs in the transaction that creates a user. */
export type CreationHook = (tx: Tx, user: User) => Promise<void>

/** What every call must know of its user, without asking the store. */
interface Account {
  readonly role: Role
  readonly tier: Tier
  /** `preferences.biometric_enabled`. */
  readonly wants_passkey: boolean
  /** `preferences.timezone`. */
  readonly timezone: string | undefined
}

interface NewUser {
  /** Normalised. */
  email: string
  password_hash: string
  role: Role
  tier: Tier
}

/** The users of this server. */
export interface Accounts {
  get(user_id: string): Account | undefined
  /** Of everybody, or of those with a role. */
  ids(role?: Role): string[]
  isEmpty(): boolean
  onCreated(hook: CreationHook): void
  /** @throws Fault with status 409 when the address has an account. */
  create(tx: Tx, given: NewUser): Promise<User>
  /** @throws Fault with status 409 when the address has another account. */
  change(tx: Tx, user_id: string, change: Partial<Omit<UserRow, 'id'>>): Promise<void>
  /** Sets `preferences.biometric_enabled`. */
  wantPasskey(tx: Tx, user_id: string, wants: boolean): Promise<void>
  remove(tx: Tx, user_id: string): Promise<void>
  find(user_id: string): Promise<User | undefined>
  findByEmail(email: string): Promise<UserRow | undefined>
}

/** Loads what is kept of the users in memory. */
export async function openAccounts(kernel: Kernel): Promise<Accounts> {
  const reading = authQueries(kernel.store.reader.tables<AuthTables>())
  const hooks: CreationHook[] = []
  const accounts = new Map<string, Account>()
  const keep = ({ id, role, tier, preferences }: Pick<UserRow, 'id' | 'role' | 'tier' | 'preferences'>) => {
    const { biometric_enabled, timezone } = preferencesIn(preferences)
    accounts.set(id, { role, tier, wants_passkey: biometric_enabled, timezone })
  }
  for (const row of await reading.accounts()) keep(row)
  const change: Accounts['change'] = async (tx, user_id, part) => {
    const queries = authQueries(tx.tables<AuthTables>())
    if (part.email !== undefined) {
      const other = await queries.findUserByEmail(part.email)
      if (other !== undefined && other.id !== user_id) throw taken()
    }
    await queries.updateUser(user_id, part)
    const row = await queries.findUser(user_id)
    if (row !== undefined) tx.afterCommit(() => keep(row))
  }
  return {
    get: (user_id) => accounts.get(user_id),
    ids: (role) =>
      [...accounts].filter(([, known]) => role === undefined || known.role === role).map(([id]) => id),
    isEmpty: () => accounts.size === 0,
    onCreated: (hook) => hooks.push(hook),
    async create(tx, given) {
      const queries = authQueries(tx.tables<AuthTables>())
      if ((await queries.findUserByEmail(given.email)) !== undefined) throw taken()
      const now = kernel.now()
      const preferences = JSON.stringify(DEFAULT_PREFERENCES)
      const row = { ...given, id: kernel.id(), preferences, created_at: now, updated_at: now }
      await queries.insertUser(row)
      const user = toUser(row)
      for (const hook of hooks) await hook(tx, user)
      tx.afterCommit(() => keep(row))
      return user
    },
    change,
    async wantPasskey(tx, user_id, wants) {
      const row = await authQueries(tx.tables<AuthTables>()).findUser(user_id)
      if (row === undefined) return
      const preferences = { ...preferencesIn(row.preferences), biometric_enabled: wants }
      await change(tx, user_id, { preferences: JSON.stringify(preferences), updated_at: kernel.now() })
    },
    async remove(tx, user_id) {
      await authQueries(tx.tables<AuthTables>()).deleteUser(user_id)
      tx.afterCommit(() => accounts.delete(user_id))
    },
    async find(user_id) {
      const row = await reading.findUser(user_id)
      return row === undefined ? undefined : toUser(row)
    },
    findByEmail: (email) => reading.findUserByEmail(email),
  }
}

function taken(): Fault {
  return new Fault('VALIDATION_ERROR', 'This e-mail address already has an account.', undefined, {
    status: 409,
  })
}
