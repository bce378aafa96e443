import { users } from '../../../contract/users.ts'
import type { Account } from '../../../contract/users.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { normaliseEmail } from './email.ts'
import type { Parts } from './parts.ts'
import { authQueries } from './store.ts'
import type { AuthTables, UserRow } from './store.ts'

/** Removes what is kept of a user elsewhere, in the transaction that removes the user. */
export type RemovalHook = (tx: Tx, user_id: string) => Promise<void>

/** The users of this server, for its owner. */
export function administering(parts: Parts, removeElsewhere: RemovalHook): Answers {
  const { kernel, accounts, passwords, registry, sessions } = parts
  return {
    [users.list.name]: reads(users.list, async (_call, { limit = LIMIT_DEFAULT, cursor }) => {
      const after = cursor === undefined ? '' : String(fromCursor(cursor))
      const queries = authQueries(kernel.store.reader.tables<AuthTables>())
      const { rows, ...next } = toPage(await queries.usersAfter(after, limit + 1), limit, ({ id }) => id)
      return { users: rows.map(toAccount), ...next }
    }),
    [users.create.name]: writes(users.create, {
      async prepare(_call, { email: address, password }) {
        const email = normaliseEmail(address)
        return { email, password_hash: await passwords.hash(password, email) }
      },
      async commit(tx, _call, { tier = 'free' }, given) {
        const { id } = await accounts.create(tx, { ...given, role: 'user', tier })
        return toAccount(await need(tx, id))
      },
    }),
    [users.update.name]: writes(users.update, {
      async commit(tx, _call, { id, email, tier }) {
        await need(tx, id)
        await accounts.change(tx, id, {
          ...(email === undefined ? {} : { email: normaliseEmail(email) }),
          ...(tier === undefined ? {} : { tier }),
          updated_at: kernel.now(),
        })
        // Who signs in by another address must do so again.
        if (email !== undefined) await sessions.endAll(tx, id, undefined)
        return toAccount(await need(tx, id))
      },
    }),
    [users.delete.name]: writes(users.delete, {
      async commit(tx, _call, { id }) {
        const { role } = await need(tx, id)
        if (role === 'owner') {
          throw new Fault('VALIDATION_ERROR', 'The owner cannot be removed.', { id }, { status: 409 })
        }
        await sessions.endAll(tx, id, undefined)
        await removeElsewhere(tx, id)
        await accounts.remove(tx, id)
        tx.afterCommit(() => registry.forget(id))
        return {}
      },
    }),
  }
}

async function need(tx: Tx, id: string): Promise<UserRow> {
  const row = await authQueries(tx.tables<AuthTables>()).findUser(id)
  if (row === undefined)
    throw new Fault('VALIDATION_ERROR', `There is no user ${id}.`, { id }, { status: 404 })
  return row
}

function toAccount({ id, email, tier, role, created_at, updated_at }: UserRow): Account {
  return { id, email, tier, owner: role === 'owner', created_at, updated_at }
}
