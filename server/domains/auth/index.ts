import { auth } from '../../../contract/auth.ts'
import type { AuthToken, SignedIn, User } from '../../../contract/auth.ts'
import { ACCESS_TOKEN_SECONDS } from '../../../contract/limits.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers, Call, Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openAccounts } from './accounts.ts'
import type { Accounts, CreationHook } from './accounts.ts'
import { normaliseEmail } from './email.ts'
import { openLogin } from './login.ts'
import type { Login } from './login.ts'
import { openPasswords } from './password.ts'
import type { Passwords } from './password.ts'
import { changePreferences } from './preferences.ts'
import { Sessions } from './sessions.ts'
import type { Opened } from './sessions.ts'
import { alreadySetUp, openSetup } from './setup.ts'
import type { SetupCode } from './setup.ts'
import { openSigning } from './signing.ts'
import { authQueries, toUser } from './store.ts'
import type { AuthTables } from './store.ts'
import { openTokens, unauthorized } from './tokens.ts'
import type { AccessTokens } from './tokens.ts'

export interface AuthOptions {
  /** Password hashes that are computed at once; each takes a core and 19 MiB. */
  password_hashes_at_once?: number
  /** Password hashes that may wait; more sign-ins are refused. */
  password_queue_max?: number
}

/** Who uses this server, and how they prove it. */
export interface Auth {
  answers: Answers
  /**
   * Who an access token speaks for, from memory alone.
   *
   * @throws Fault `TOKEN_EXPIRED`, or `UNAUTHORIZED` for a token that is not valid or whose session has ended.
   */
  authenticate(token: string): Caller
  /** When an access token ends, in epoch ms. @throws Fault as `authenticate` does for a token that is not valid. */
  expiresAt(token: string): number
  user(user_id: string): Promise<User | undefined>
  /** Takes part in the transaction that creates a user. */
  onUserCreated(hook: CreationHook): void
  /** Hears of the end of each session once it is committed. */
  onSessionEnd(hook: (session_id: string) => void): void
  /** The code that creates the owner, while it can be used. */
  setup_code(): string | undefined
  /** Replaces it. @throws Fault with status 404 once there is a user. */
  newSetupCode(): string
  /** Makes another key the one for new access tokens; those of the one before stay valid until they expire. */
  rotateSigning(): Promise<{ kid: string }>
  /** @throws Fault `VALIDATION_ERROR` for an address or a password that will not do; 409 for an address in use. */
  addUser(email: string, password: string): Promise<User>
}

interface Parts {
  kernel: Kernel
  accounts: Accounts
  login: Login
  passwords: Passwords
  sessions: Sessions
  setup: SetupCode
  tokens: AccessTokens
}

const HASHES_AT_ONCE = 2
const HASHES_WAITING_MAX = 8

/** Opens the area: loads the users, the sessions and the keys that sign access tokens. */
export async function openAuth(kernel: Kernel, options: AuthOptions = {}): Promise<Auth> {
  const signing = await openSigning(kernel)
  const accounts = await openAccounts(kernel)
  const sessions = new Sessions(kernel)
  await sessions.load()
  const passwords = openPasswords(kernel, {
    at_once: options.password_hashes_at_once ?? HASHES_AT_ONCE,
    waiting_max: options.password_queue_max ?? HASHES_WAITING_MAX,
  })
  const parts: Parts = {
    kernel,
    accounts,
    passwords,
    sessions,
    login: openLogin({ kernel, accounts, passwords }),
    setup: openSetup(kernel, !accounts.isEmpty()),
    tokens: openTokens(kernel, signing),
  }
  return {
    answers: { ...entering(parts), ...account(parts), ...ending(parts) },
    authenticate: (token) => authenticate(parts, token),
    expiresAt: (token) => parts.tokens.recognise(token).exp * 1000,
    user: (user_id) => accounts.find(user_id),
    onUserCreated: (hook) => accounts.onCreated(hook),
    onSessionEnd: (hook) => sessions.onEnd(hook),
    setup_code: () => parts.setup.current(),
    newSetupCode: () => parts.setup.renew(),
    rotateSigning: () => signing.rotate(),
    async addUser(address, password) {
      if (accounts.isEmpty()) throw noOwnerYet()
      const email = normaliseEmail(address)
      const password_hash = await passwords.hash(password, email)
      return kernel.store.write((tx) =>
        accounts.create(tx, { email, password_hash, role: 'user', tier: 'free' }),
      )
    },
  }
}

function authenticate({ tokens, sessions, accounts }: Parts, token: string): Caller {
  const { sub: user_id, sid: session_id, sver } = tokens.verify(token)
  const session = sessions.find(session_id)
  const known = accounts.get(user_id)
  if (session === undefined || known === undefined) throw unauthorized()
  if (session.user_id !== user_id || session.version !== sver) throw unauthorized()
  const password_at = session.password_at ?? undefined
  return { user_id, session_id, ...known, has_passkey: false, password_at }
}

/** Getting tokens. */
function entering({ accounts, login, passwords, sessions, setup, tokens }: Parts): Answers {
  const pair = ({ session, refresh_token }: Opened): AuthToken => ({
    access_token: tokens.issue(session),
    refresh_token,
    expires_in: ACCESS_TOKEN_SECONDS,
    token_type: 'Bearer',
    user_id: session.user_id,
  })
  const signIn = async (tx: Tx, user: User, call: Call): Promise<SignedIn> => ({
    ...pair(await sessions.open(tx, user.id, call)),
    user,
  })
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
        return signIn(tx, user, call)
      },
    }),
    [auth.login.name]: writes(auth.login, {
      prepare: ({ ip }, input) => login.check(input, ip),
      commit: async (tx, call, _input, checked) => signIn(tx, await login.confirm(tx, checked), call),
    }),
    [auth.refresh.name]: writes(auth.refresh, {
      prepare: (_call, { refresh_token }) => sessions.admit(need(refresh_token)),
      commit: async (tx, _call, { refresh_token }) => pair(await sessions.exchange(tx, need(refresh_token))),
    }),
  }
}

function need(refresh_token: string | undefined): string {
  if (refresh_token === undefined) throw new Fault('UNAUTHORIZED', 'There is no refresh token.')
  return refresh_token
}

/** What users see and change of themselves. */
function account({ kernel, accounts, sessions }: Parts): Answers {
  return {
    [auth.me.name]: reads(auth.me, async ({ user_id }) => {
      const user = await accounts.find(user_id)
      if (user === undefined) throw unauthorized()
      return user
    }),
    [auth.preferences.name]: writes(auth.preferences, {
      async commit(tx, { user_id, caller }, change) {
        const queries = authQueries(tx.tables<AuthTables>())
        const row = await queries.findUser(user_id)
        if (row === undefined) throw unauthorized()
        const user = toUser(row)
        const preferences = changePreferences(user.preferences, change, caller?.has_passkey === true)
        const updated_at = kernel.now()
        await queries.setPreferences(user_id, preferences, updated_at)
        return { ...user, preferences, updated_at }
      },
    }),
    [auth.sessions.name]: reads(auth.sessions, async ({ user_id, caller }) => ({
      sessions: await sessions.list(user_id, caller?.session_id),
    })),
  }
}

/** Ending sessions. */
function ending({ sessions, tokens }: Parts): Answers {
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

function noOwnerYet(): Fault {
  const message = 'The first user is the owner: use the setup code.'
  return new Fault('VALIDATION_ERROR', message, undefined, { status: 409 })
}
