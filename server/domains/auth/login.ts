import type { User, auth } from '../../../contract/auth.ts'
import type { Input } from '../../../contract/operation.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Accounts } from './accounts.ts'
import { normaliseEmail } from './email.ts'
import { Failures } from './failures.ts'
import type { Passwords } from './password.ts'
import { authQueries, toUser } from './store.ts'
import type { AuthTables, UserRow } from './store.ts'

/** Whom a sign-in was checked for, and against what. */
type Checked = Pick<UserRow, 'id' | 'password_hash'>

/** Who somebody is, by what they give. */
export interface Login {
  /**
   * Checks what a sign-in gives.
   *
   * @throws Fault `INVALID_CREDENTIALS`, the same for an unknown address and a wrong password; `RATE_LIMIT_EXCEEDED`;
   * `SYSTEM_OVERLOADED`.
   */
  check(given: Input<typeof auth.login>, ip: string): Promise<Checked>
  /** The user whom it was checked for, if nothing changed since. @throws Fault `INVALID_CREDENTIALS` otherwise. */
  confirm(tx: Tx, checked: Checked): Promise<User>
}

interface Parts {
  kernel: Kernel
  accounts: Accounts
  passwords: Passwords
}

export function openLogin({ kernel, accounts, passwords }: Parts): Login {
  const failures = new Failures(kernel.clock)
  /** Takes as long for an unknown address: otherwise the form would tell strangers who has an account here. */
  const verify = async (email: string, password: string): Promise<UserRow | undefined> => {
    const user = await accounts.findByEmail(email)
    return (await passwords.verify(password, user?.password_hash)) ? user : undefined
  }
  return {
    async check({ email: address, password, biometric_credential }, ip) {
      const email = normaliseEmail(address)
      if (biometric_credential !== undefined) throw notBuilt()
      if (password === undefined) throw nothingGiven()
      const user = await failures.attempt(email, ip, () => verify(email, password))
      if (user === undefined) throw wrong()
      return user
    },
    async confirm(tx, { id, password_hash }) {
      const user = await authQueries(tx.tables<AuthTables>()).findUser(id)
      if (user?.password_hash !== password_hash) throw wrong()
      return toUser(user)
    },
  }
}

function wrong(): Fault {
  return new Fault('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.')
}

function nothingGiven(): Fault {
  const message = 'is required, unless a passkey is used'
  return new Fault('VALIDATION_ERROR', 'A password or a passkey is needed to sign in.', {
    issues: [{ path: '/password', message }],
  })
}

function notBuilt(): Fault {
  return new Fault('SERVICE_UNAVAILABLE', 'Signing in with a passkey is not built yet.', {
    reason: 'not_built',
  })
}
