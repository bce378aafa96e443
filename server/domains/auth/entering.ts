import { auth } from '../../../contract/auth.ts'
import { writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import { normaliseEmail } from './email.ts'
import { pair, signIn } from './parts.ts'
import type { Parts } from './parts.ts'
import { alreadySetUp } from './setup.ts'

/** Getting tokens. */
export function entering(parts: Parts): Answers {
  const { accounts, login, passwords, sessions, setup } = parts
  return {
    [auth.setup.name]: writes(auth.setup, {
      async prepare(_call, { setup_code, email: address, password }) {
        setup.check(setup_code)
        const email = normaliseEmail(address)
        return { email, password_hash: await passwords.hash(password, email) }
      },
      async commit(tx, call, _input, given) {
        // Hashing took a while: somebody else with the code may have been first.
        if (!accounts.isEmpty()) throw alreadySetUp()
        const user = await accounts.create(tx, { ...given, role: 'owner', tier: 'enterprise' })
        tx.afterCommit(() => setup.close())
        return signIn(parts, tx, { user, call, by: 'password' })
      },
    }),
    [auth.login.name]: writes(auth.login, {
      prepare: (call, input) => login.check(call, input),
      commit: async (tx, call, _input, checked) => {
        const user = await login.confirm(tx, checked)
        return signIn(parts, tx, { user, call, by: checked.by })
      },
    }),
    [auth.refresh.name]: writes(auth.refresh, {
      prepare: (_call, { refresh_token }) => sessions.admit(need(refresh_token)),
      commit: async (tx, _call, { refresh_token }) =>
        pair(parts, await sessions.exchange(tx, need(refresh_token))),
    }),
  }
}

function need(refresh_token: string | undefined): string {
  if (refresh_token === undefined) throw new Fault('UNAUTHORIZED', 'There is no refresh token.')
  return refresh_token
}
