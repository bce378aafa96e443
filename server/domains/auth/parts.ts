import type { AuthToken, SignedIn, User } from '../../../contract/auth.ts'
import { ACCESS_TOKEN_SECONDS } from '../../../contract/limits.ts'
import type { Call } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Accounts } from './accounts.ts'
import type { Login } from './login.ts'
import type { Challenges } from './passkeys/challenge.ts'
import type { Codes } from './passkeys/codes.ts'
import type { Prover } from './passkeys/prove.ts'
import type { Registry } from './passkeys/registry.ts'
import type { Passwords } from './password.ts'
import type { Entrance, Opened, Sessions } from './sessions.ts'
import type { SetupCode } from './setup.ts'
import type { AccessTokens } from './tokens.ts'

/** Tells a user something that they should know of, in the transaction that made it true. */
export type Notify = (tx: Tx, user_id: string, text: string) => Promise<void>

/** Hears of another zone of a user, or that none is chosen any more, in its transaction. */
export type Rezoned = (tx: Tx, user_id: string, timezone: string | undefined) => Promise<void>

/** What the answers of the area are made of. */
export interface Parts {
  kernel: Kernel
  accounts: Accounts
  challenges: Challenges
  codes: Codes
  login: Login
  notify: Notify
  rezoned: Rezoned
  passwords: Passwords
  prover: Prover
  registry: Registry
  sessions: Sessions
  setup: SetupCode
  tokens: AccessTokens
}

/** The tokens of a session that was just opened or refreshed. */
export function pair({ tokens }: Pick<Parts, 'tokens'>, { session, refresh_token }: Opened): AuthToken {
  return {
    access_token: tokens.issue(session),
    refresh_token,
    expires_in: ACCESS_TOKEN_SECONDS,
    token_type: 'Bearer',
    user_id: session.user_id,
  }
}

/** Opens a session for somebody who has just shown who they are. */
export async function signIn(
  parts: Pick<Parts, 'tokens' | 'sessions'>,
  tx: Tx,
  { user, call, by }: { user: User; call: Call; by: Entrance },
): Promise<SignedIn> {
  return { ...pair(parts, await parts.sessions.open(tx, user.id, call, by)), user }
}
