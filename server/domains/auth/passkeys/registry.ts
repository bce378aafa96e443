import { SOFTWARE_AAGUID } from '../../../../contract/auth.ts'
import type { Passkey } from '../../../../contract/auth.ts'
import { iso } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Registration } from './ceremony.ts'
import { passkeyStore } from './store.ts'
import type { PasskeyRow, PasskeyTables } from './store.ts'

const PER_USER_MAX = 20
/** Whoever enrols the first passkey may have stolen the password: for a day the password may take it away again. */
const PROVISIONAL_MS = 86_400_000

/** The passkeys of all users, kept in memory because every call asks whether its user has one. */
export interface Registry {
  /** Those of a user, oldest first. */
  of(user_id: string): readonly PasskeyRow[]
  find(user_id: string, id: string): PasskeyRow
  findByCredential(user_id: string, credential_id: string): PasskeyRow | undefined
  /** Whether all that a user has are so new that a fresh password sign-in outweighs them. */
  isProvisional(user_id: string): boolean
  enrol(tx: Tx, user_id: string, made: Registration & { origin: string; name: string }): Promise<PasskeyRow>
  rename(tx: Tx, user_id: string, id: string, name: string): Promise<PasskeyRow>
  remove(tx: Tx, user_id: string, id: string): Promise<PasskeyRow>
  /** Notes a use; the answer is false when the authenticator's counter did not move on. */
  use(tx: Tx, passkey: PasskeyRow, counter: number): Promise<boolean>
  /** Forgets those of a user that is gone. */
  forget(user_id: string): void
}

export async function openRegistry(kernel: Kernel): Promise<Registry> {
  const rows = await passkeyStore.all(kernel.store.reader.tables<PasskeyTables>())
  const users = new Map<string, readonly PasskeyRow[]>(Map.groupBy(rows, ({ user_id }) => user_id).entries())
  const of = (user_id: string): readonly PasskeyRow[] => users.get(user_id) ?? []
  const find = (user_id: string, id: string): PasskeyRow => {
    const found = of(user_id).find((one) => one.id === id)
    if (found === undefined)
      throw new Fault('VALIDATION_ERROR', `There is no passkey ${id}.`, { id }, { status: 404 })
    return found
  }
  const replace = (tx: Tx, after: PasskeyRow): PasskeyRow => {
    tx.afterCommit(() =>
      users.set(
        after.user_id,
        of(after.user_id).map((one) => (one.id === after.id ? after : one)),
      ),
    )
    return after
  }
  return {
    of,
    find,
    findByCredential: (user_id, credential_id) =>
      of(user_id).find((one) => one.credential_id === credential_id),
    isProvisional: (user_id) => {
      const now = kernel.now()
      const own = of(user_id)
      return (
        own.length > 0 &&
        own.every(({ provisional_until }) => provisional_until !== null && provisional_until > now)
      )
    },
    async enrol(tx, user_id, { origin, name, aaguid, ...made }) {
      const db = tx.tables<PasskeyTables>()
      const own = await passkeyStore.of(db, user_id)
      if (own.length >= PER_USER_MAX) {
        throw new Fault('VALIDATION_ERROR', `There are already ${PER_USER_MAX} passkeys.`, undefined, {
          status: 409,
        })
      }
      if (await passkeyStore.isTaken(db, made.credential_id)) {
        throw new Fault('VALIDATION_ERROR', 'This passkey is enrolled already.', undefined, { status: 409 })
      }
      const row: PasskeyRow = {
        ...made,
        id: kernel.id(),
        user_id,
        origin,
        name,
        software: aaguid === SOFTWARE_AAGUID ? 1 : 0,
        provisional_until: own.length === 0 ? iso(kernel.clock.now() + PROVISIONAL_MS) : null,
        created_at: kernel.now(),
        last_used_at: null,
      }
      await passkeyStore.insert(db, row)
      tx.afterCommit(() => users.set(user_id, [...of(user_id), row]))
      return row
    },
    async rename(tx, user_id, id, name) {
      await passkeyStore.rename(tx.tables<PasskeyTables>(), user_id, id, name)
      return replace(tx, { ...find(user_id, id), name })
    },
    async remove(tx, user_id, id) {
      const removed = find(user_id, id)
      await passkeyStore.remove(tx.tables<PasskeyTables>(), user_id, id)
      tx.afterCommit(() =>
        users.set(
          user_id,
          of(user_id).filter((one) => one.id !== id),
        ),
      )
      return removed
    },
    async use(tx, passkey, counter) {
      const now = kernel.now()
      const { user_id, id } = passkey
      if (!(await passkeyStore.use(tx.tables<PasskeyTables>(), user_id, id, counter, now))) return false
      replace(tx, { ...find(user_id, id), counter, last_used_at: now })
      return true
    },
    forget: (user_id) => users.delete(user_id),
  }
}

/** A passkey as its user sees it. */
export function toPasskey({ id, credential_id, name, origin, software, ...times }: PasskeyRow): Passkey {
  const { provisional_until, created_at, last_used_at } = times
  return {
    id,
    credential_id,
    name,
    origin,
    software: software !== 0,
    provisional_until,
    created_at,
    last_used_at,
  }
}
