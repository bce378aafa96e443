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
  /** Whether a passkey proves nothing: it is kept in a file, and the owner of the server lets none of those count. */
  isBarred(passkey: Pick<PasskeyRow, 'software'>): boolean
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

export async function openRegistry(
  kernel: Kernel,
  software_passkeys: () => boolean = () => true,
): Promise<Registry> {
  const rows = await passkeyStore.all(kernel.store.reader.tables<PasskeyTables>())
  const users = new Map<string, readonly PasskeyRow[]>(Map.groupBy(rows, ({ user_id }) => user_id).entries())
  const of = (user_id: string): readonly PasskeyRow[] => users.get(user_id) ?? []
  const find = (user_id: string, id: string): PasskeyRow => {
    const found = of(user_id).find((one) => one.id === id)
    if (found === undefined)
      throw new Fault('VALIDATION_ERROR', `There is no passkey ${id}.`, { id }, { status: 404 })
    return found
  }
  /** What of the user's is in memory is what is committed. */
  const put = (tx: Tx, user_id: string, id: string, row: PasskeyRow | undefined): void =>
    tx.afterCommit(() => {
      const others = of(user_id).filter((one) => one.id !== id)
      users.set(user_id, [...others, ...(row === undefined ? [] : [row])].toSorted(byAge))
    })
  const isBarred: Registry['isBarred'] = ({ software }) => software !== 0 && !software_passkeys()
  return {
    of,
    find,
    isBarred,
    findByCredential: (user_id, credential_id) =>
      of(user_id).find((one) => one.credential_id === credential_id),
    isProvisional: (user_id) => {
      const own = of(user_id)
      return own.length > 0 && own.every((one) => isProvisional(one, kernel.now()))
    },
    async enrol(tx, user_id, given) {
      const db = tx.tables<PasskeyTables>()
      const own = await passkeyStore.of(db, user_id)
      if (own.length >= PER_USER_MAX) throw refused(`There are already ${PER_USER_MAX} passkeys.`)
      if (await passkeyStore.isTaken(db, given.credential_id))
        throw refused('This passkey is enrolled already.')
      const row = toRow(
        kernel,
        user_id,
        given,
        own.every((one) => isProvisional(one, kernel.now())),
      )
      if (isBarred(row))
        throw refused('The owner of this server lets no passkey count that is kept in a file.')
      await passkeyStore.insert(db, row)
      put(tx, user_id, row.id, row)
      return row
    },
    async rename(tx, user_id, id, name) {
      await passkeyStore.rename(tx.tables<PasskeyTables>(), user_id, id, name)
      const renamed = { ...find(user_id, id), name }
      put(tx, user_id, id, renamed)
      return renamed
    },
    async remove(tx, user_id, id) {
      const removed = find(user_id, id)
      await passkeyStore.remove(tx.tables<PasskeyTables>(), user_id, id)
      put(tx, user_id, id, undefined)
      return removed
    },
    async use(tx, passkey, counter) {
      const now = kernel.now()
      const { user_id, id } = passkey
      if (!(await passkeyStore.use(tx.tables<PasskeyTables>(), user_id, id, counter, now))) return false
      put(tx, user_id, id, { ...find(user_id, id), counter, last_used_at: now })
      return true
    },
    forget: (user_id) => users.delete(user_id),
  }
}

function refused(text: string): Fault {
  return new Fault('VALIDATION_ERROR', text, undefined, { status: 409 })
}

function byAge(one: PasskeyRow, other: PasskeyRow): number {
  return one.id < other.id ? -1 : 1
}

/** One that is enrolled while all before it are provisional is no surer than they are. */
function toRow(
  kernel: Kernel,
  user_id: string,
  { aaguid, ...given }: Registration & { origin: string; name: string },
  provisional: boolean,
): PasskeyRow {
  return {
    ...given,
    id: kernel.id(),
    user_id,
    software: aaguid === SOFTWARE_AAGUID ? 1 : 0,
    provisional_until: provisional ? iso(kernel.clock.now() + PROVISIONAL_MS) : null,
    created_at: kernel.now(),
    last_used_at: null,
  }
}

function isProvisional({ provisional_until }: PasskeyRow, now: string): boolean {
  return provisional_until !== null && provisional_until > now
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
