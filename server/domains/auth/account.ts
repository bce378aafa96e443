import { auth } from '../../../contract/auth.ts'
import type { User, UserPreferences } from '../../../contract/auth.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { pair } from './parts.ts'
import type { Parts } from './parts.ts'
import { changePreferences } from './preferences.ts'
import { authQueries, toUser } from './store.ts'
import type { AuthTables } from './store.ts'
import { unauthorized } from './tokens.ts'

/** What users see and change of themselves. */
export function account(parts: Parts): Answers {
  const { kernel, accounts, sessions, passwords } = parts
  return {
    [auth.me.name]: reads(auth.me, async ({ user_id }) => {
      const user = await accounts.find(user_id)
      if (user === undefined) throw unauthorized()
      return user
    }),
    [auth.preferences.name]: writes(auth.preferences, {
      commit: (tx, { user_id, caller }, change) =>
        setPreferences(parts, tx, { user_id, has_passkey: caller?.has_passkey === true }, change),
    }),
    [auth.password.name]: writes(auth.password, {
      async prepare({ user_id, ip }, { current_password, new_password }) {
        const user = await accounts.find(user_id)
        if (user === undefined) throw unauthorized()
        await parts.login.checkPassword(user.email, ip, current_password)
        return { email: user.email, password_hash: await passwords.hash(new_password, user.email) }
      },
      async commit(tx, call, _input, { password_hash }) {
        const { user_id } = call
        await accounts.change(tx, user_id, { password_hash, updated_at: kernel.now() })
        await sessions.endAll(tx, user_id, undefined)
        await parts.notify(tx, user_id, 'Your password was changed, and all sessions were ended.')
        return pair(parts, await sessions.open(tx, user_id, call, 'passkey'))
      },
    }),
    [auth.sessions.name]: reads(auth.sessions, async ({ user_id, caller }) => ({
      sessions: await sessions.list(user_id, caller?.session_id),
    })),
  }
}

/** @throws Fault `VALIDATION_ERROR` for preferences that cannot be. */
export async function setPreferences(
  { kernel, accounts, rezoned }: Parts,
  tx: Tx,
  { user_id, has_passkey }: Pick<Caller, 'user_id' | 'has_passkey'>,
  change: Partial<UserPreferences>,
): Promise<User> {
  const row = await authQueries(tx.tables<AuthTables>()).findUser(user_id)
  if (row === undefined) throw unauthorized()
  const user = toUser(row)
  const preferences = changePreferences(user.preferences, change, has_passkey)
  const updated_at = kernel.now()
  await accounts.change(tx, user_id, { preferences: JSON.stringify(preferences), updated_at })
  if (preferences.timezone !== user.preferences.timezone) await rezoned(tx, user_id, preferences.timezone)
  return { ...user, preferences, updated_at }
}

/** Ending sessions. */
export function ending({ sessions, tokens }: Parts): Answers {
  return {
    [auth.logout.name]: writes(auth.logout, {
      async commit(tx, { token }) {
        if (token === undefined) throw unauthorized()
        // Signing out twice is as good as once, and a token that has expired still says from what.
        const { sub, sid } = tokens.recognise(token)
        await sessions.end(tx, sub, sid)
        return {}
      },
    }),
    [auth.session_end.name]: writes(auth.session_end, {
      async commit(tx, { user_id }, { id }) {
        if (await sessions.end(tx, user_id, id)) return {}
        throw new Fault('VALIDATION_ERROR', `There is no session ${id}.`, { id }, { status: 404 })
      },
    }),
  }
}
