import type { User, auth } from '../../../contract/auth.ts'
import type { Input } from '../../../contract/operation.ts'
import type { Call } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Accounts } from './accounts.ts'
import { normaliseEmail } from './email.ts'
import { Failures } from './failures.ts'
import { CODE_CREDENTIAL } from './passkeys/codes.ts'
import type { Codes } from './passkeys/codes.ts'
import type { PasskeyLogin } from './passkeys/login.ts'
import type { Passwords } from './password.ts'
import type { Entrance } from './sessions.ts'
import { authQueries, toUser } from './store.ts'
import type { AuthTables, UserRow } from './store.ts'

/** Whom a sign-in was checked for, and what is to be used up with it. */
interface Checked extends Pick<UserRow, 'id' | 'password_hash'> {
  by: Entrance
  spend: (tx: Tx) => Promise<boolean>
}

/** Who somebody is, by what they give. */
export interface Login {
  /**
   * Checks what a sign-in gives: all of it must hold.
   *
   * @throws Fault `INVALID_CREDENTIALS`, the same for an unknown address and whatever does not hold;
   * `RATE_LIMIT_EXCEEDED`; `SYSTEM_OVERLOADED`.
   */
  check(call: Call, given: Input<typeof auth.login>): Promise<Checked>
  /** The user whom it was checked for, if nothing changed since. @throws Fault `INVALID_CREDENTIALS` otherwise. */
  confirm(tx: Tx, checked: Checked): Promise<User>
  /** @throws Fault as `check` does, unless this is the password of the account. */
  checkPassword(email: string, ip: string, password: string): Promise<UserRow>
}

interface Parts {
  kernel: Kernel
  accounts: Accounts
  codes: Codes
  passkeys: PasskeyLogin
  passwords: Passwords
}

type Given = NonNullable<Input<typeof auth.login>['biometric_credential']>

export function openLogin({ kernel, accounts, codes, passkeys, passwords }: Parts): Login {
  const failures = new Failures(kernel.clock)
  /** Takes as long for an unknown address: otherwise the form would tell strangers who has an account here. */
  const verify = async (email: string, password: string): Promise<UserRow | undefined> => {
    const user = await accounts.findByEmail(email)
    return (await passwords.verify(password, user?.password_hash)) ? user : undefined
  }
  const checkPassword = async (email: string, ip: string, password: string): Promise<UserRow> => {
    const user = await failures.attempt(email, ip, () => verify(email, password))
    if (user === undefined) throw wrong()
    return user
  }
  const checkCode = async (email: string, ip: string, code: string): Promise<Checked> => {
    // Counted apart from passwords: whoever guesses those must not be able to close this way in.
    const user = await failures.attempt(`code ${email}`, ip, async () => {
      const found = await accounts.findByEmail(email)
      return found !== undefined && (await codes.isUsable(found.id, code)) ? found : undefined
    })
    if (user === undefined) throw wrong()
    return { ...user, by: 'code', spend: (tx) => codes.use(tx, user.id, code) }
  }
  const checkPasskey = async (call: Call, email: string, given: Given): Promise<Checked> => {
    const user = await accounts.findByEmail(email)
    const { authenticator_data = '', client_data_json = '' } = given
    const assertion = { ...given, authenticator_data, client_data_json }
    const spend = await passkeys.check(call, user?.id, assertion)
    if (user === undefined || spend === undefined) throw wrong()
    return { ...user, by: 'passkey', spend }
  }
  return {
    checkPassword,
    async check(call, { email: address, password, biometric_credential: given }) {
      const email = normaliseEmail(address)
      const isCode = given?.credential_id === CODE_CREDENTIAL
      if (given === undefined) {
        if (password === undefined) throw nothingGiven()
        return { ...(await checkPassword(email, call.ip, password)), by: 'password', spend: nothing }
      }
      if (password !== undefined) await checkPassword(email, call.ip, password)
      return isCode ? checkCode(email, call.ip, given.challenge_response) : checkPasskey(call, email, given)
    },
    async confirm(tx, { id, password_hash, spend }) {
      const user = await authQueries(tx.tables<AuthTables>()).findUser(id)
      if (user?.password_hash !== password_hash || !(await spend(tx))) throw wrong()
      return toUser(user)
    },
  }
}

function nothing(): Promise<boolean> {
  return Promise.resolve(true)
}

function wrong(): Fault {
  return new Fault(
    'INVALID_CREDENTIALS',
    'The e-mail address, or what should prove that it is you, is wrong.',
  )
}

function nothingGiven(): Fault {
  const message = 'is required, unless a passkey is used'
  return new Fault('VALIDATION_ERROR', 'A password or a passkey is needed to sign in.', {
    issues: [{ path: '/password', message }],
  })
}
