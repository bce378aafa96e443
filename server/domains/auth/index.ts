import type { User, UserPreferences } from '../../../contract/auth.ts'
import type { Tier } from '../../../contract/limits.ts'
import type { Answers, Caller } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Proofs } from '../../kernel/proof.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { account, ending, setPreferences } from './account.ts'
import { openAccounts } from './accounts.ts'
import type { CreationHook } from './accounts.ts'
import { normaliseEmail } from './email.ts'
import { entering } from './entering.ts'
import { openLogin } from './login.ts'
import type { Notify, Parts, Rezoned } from './parts.ts'
import { managing, proving } from './passkeys/answers.ts'
import { CHALLENGE_MS, openChallenges } from './passkeys/challenge.ts'
import { openCodes } from './passkeys/codes.ts'
import { openPasskeyLogin } from './passkeys/login.ts'
import { openProver } from './passkeys/prove.ts'
import { openRegistry } from './passkeys/registry.ts'
import { passkeyStore } from './passkeys/store.ts'
import type { PasskeyTables } from './passkeys/store.ts'
import { openPasswords } from './password.ts'
import { safetyOf } from './safety.ts'
import type { Safety } from './safety.ts'
import { Sessions } from './sessions.ts'
import { openSetup } from './setup.ts'
import { openSigning } from './signing.ts'
import { openTokens, unauthorized } from './tokens.ts'
import { administering } from './users.ts'
import type { RemovalHook } from './users.ts'

export interface AuthOptions {
  /** Password hashes that are computed at once; each takes a core and 19 MiB. */
  password_hashes_at_once?: number
  /** Password hashes that may wait; more sign-ins are refused. */
  password_queue_max?: number
  /** Whether passkeys that are kept in files count; they do unless told otherwise. */
  software_passkeys?: () => boolean
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
  /** Who a session speaks for now, or nothing when it has ended. */
  callerOf(user_id: string, session_id: string): Caller | undefined
  /** Who a user is, whoever asks for them; nothing when there is no such user. */
  behind(user_id: string): Omit<Caller, 'session_id' | 'password_at' | 'code_at' | 'may_enrol'> | undefined
  /** When an access token ends, in epoch ms. @throws Fault as `authenticate` does for a token that is not valid. */
  expiresAt(token: string): number
  user(user_id: string): Promise<User | undefined>
  tierOf(user_id: string): Tier | undefined
  isOwner(user_id: string): boolean
  owners(): string[]
  everybody(): string[]
  /** IANA zone that the user has chosen. */
  zoneOf(user_id: string): string | undefined
  /**
   * Sets preferences for a user who has proven to want it; whether proof needs a passkey is none of them.
   *
   * @throws Fault `VALIDATION_ERROR` for preferences that cannot be.
   */
  prefer(tx: Tx, user_id: string, change: Partial<Omit<UserPreferences, 'biometric_enabled'>>): Promise<User>
  /** How well the account of a user is guarded. */
  safetyOf(user_id: string): Promise<Safety>
  /** Whether a user has a passkey that is not kept in a file. */
  hasHardware(user_id: string): boolean
  /** Takes part in the transaction that creates a user. */
  onUserCreated(hook: CreationHook): void
  /** Takes part in the transaction that removes a user. */
  onUserRemoved(hook: RemovalHook): void
  /** Says how users are told what they should know of their account. */
  onNotice(notify: Notify): void
  /** Says who hears of another zone of a user. */
  onZone(rezoned: Rezoned): void
  /** Hears of the end of each session once it is committed. */
  onSessionEnd(hook: (session_id: string) => void): void
  /** The code that creates the owner, while it can be used. */
  setup_code(): string | undefined
  /** Replaces it. @throws Fault with status 404 once there is a user. */
  newSetupCode(): string
  /** Makes another key the one for new access tokens; those of the one before stay valid until they expire. */
  rotateSigning(within?: Within): Promise<{ kid: string }>
  /** @throws Fault `VALIDATION_ERROR` for an address or a password that will not do; 409 for an address in use. */
  addUser(email: string, password: string, within?: Within): Promise<User>
  /** Ends the sessions of a user, and answers a code that signs in once. @throws Fault with status 404. */
  recover(email: string, within?: Within): Promise<{ code: string }>
  /** Ends every session and every challenge: what was ended or used since a backup is known no more once it is restored. */
  endEverything(tx: Tx): Promise<void>
  readonly proofs: Proofs
}

/** Takes part in the transaction of a change that the machine's administrator makes, told what it is made to. */
export type Within = (tx: Tx, target: string) => void

const HASHES_AT_ONCE = 2
const HASHES_WAITING_MAX = 8

/** Opens the area: loads the users, the sessions, the passkeys and the keys that sign access tokens. */
export async function openAuth(kernel: Kernel, options: AuthOptions = {}): Promise<Auth> {
  const hooks: { notify: Notify; rezoned: Rezoned; removed: RemovalHook[] } = {
    notify: () => Promise.resolve(),
    rezoned: () => Promise.resolve(),
    removed: [],
  }
  const { parts, passkeys, signing } = await openParts(kernel, options, {
    notify: (tx, user_id, text) => hooks.notify(tx, user_id, text),
    rezoned: (tx, user_id, timezone) => hooks.rezoned(tx, user_id, timezone),
  })
  const { accounts, passwords, sessions, setup } = parts
  const removeHooks = async (tx: Tx, user_id: string): Promise<void> => {
    for (const hook of hooks.removed) await hook(tx, user_id)
  }
  return {
    answers: {
      ...entering(parts),
      ...account(parts),
      ...ending(parts),
      ...proving(parts, passkeys),
      ...managing(parts),
      ...administering(parts, removeHooks),
    },
    proofs: parts.prover,
    authenticate: (token) => authenticate(parts, token),
    callerOf: (user_id, session_id) => callerOf(parts, user_id, session_id),
    behind: (user_id) => behind(parts, user_id),
    expiresAt: (token) => parts.tokens.recognise(token).exp * 1000,
    user: (user_id) => accounts.find(user_id),
    tierOf: (user_id) => accounts.get(user_id)?.tier,
    isOwner: (user_id) => accounts.get(user_id)?.role === 'owner',
    owners: () => accounts.ids('owner'),
    everybody: () => accounts.ids(),
    zoneOf: (user_id) => accounts.get(user_id)?.timezone,
    prefer: (tx, user_id, change) => setPreferences(parts, tx, { user_id, has_passkey: false }, change),
    safetyOf: (user_id) => safetyOf(parts, user_id),
    hasHardware: (user_id) => parts.registry.of(user_id).some(({ software }) => software === 0),
    onUserCreated: (hook) => accounts.onCreated(hook),
    onUserRemoved: (hook) => hooks.removed.push(hook),
    onNotice: (notify) => (hooks.notify = notify),
    onZone: (rezoned) => (hooks.rezoned = rezoned),
    onSessionEnd: (hook) => sessions.onEnd(hook),
    setup_code: () => setup.current(),
    newSetupCode: () => setup.renew(),
    rotateSigning: (within) => signing.rotate(within),
    endEverything: (tx) => endEverything(parts, tx),
    async addUser(address, password, within) {
      if (accounts.isEmpty()) throw noOwnerYet()
      const email = normaliseEmail(address)
      const password_hash = await passwords.hash(password, email)
      return kernel.store.write(async (tx) => {
        const user = await accounts.create(tx, { email, password_hash, role: 'user', tier: 'free' })
        within?.(tx, user.id)
        return user
      })
    },
    async recover(address, within) {
      const user = await accounts.findByEmail(normaliseEmail(address))
      if (user === undefined)
        throw new Fault('VALIDATION_ERROR', `There is no user ${address}.`, undefined, { status: 404 })
      const code = await kernel.store.write(async (tx) => {
        await sessions.endAll(tx, user.id, undefined)
        await hooks.notify(tx, user.id, 'A recovery code was made on the machine of the server.')
        within?.(tx, user.id)
        return parts.codes.recovery(tx, user.id)
      })
      return { code }
    },
  }
}

async function openParts(kernel: Kernel, options: AuthOptions, told: Pick<Parts, 'notify' | 'rezoned'>) {
  const signing = await openSigning(kernel)
  const accounts = await openAccounts(kernel)
  const registry = await openRegistry(kernel, options.software_passkeys)
  const sessions = new Sessions(kernel)
  await sessions.load()
  const passwords = openPasswords(kernel, {
    at_once: options.password_hashes_at_once ?? HASHES_AT_ONCE,
    waiting_max: options.password_queue_max ?? HASHES_WAITING_MAX,
  })
  const end = await passkeyStore.challengesEnd(kernel.store.reader.tables<PasskeyTables>())
  const challenges = openChallenges(kernel, end === undefined ? 0 : end - CHALLENGE_MS)
  const codes = openCodes(kernel)
  const passkeys = openPasskeyLogin({ kernel, challenges, registry })
  const parts: Parts = {
    kernel,
    accounts,
    challenges,
    codes,
    ...told,
    passwords,
    registry,
    sessions,
    login: openLogin({ kernel, accounts, codes, passkeys, passwords }),
    prover: openProver({ kernel, challenges, registry }),
    setup: openSetup(kernel, !accounts.isEmpty()),
    tokens: openTokens(kernel, signing),
  }
  return { parts, passkeys, signing }
}

function authenticate(parts: Parts, token: string): Caller {
  const { sub, sid, sver } = parts.tokens.verify(token)
  const caller = parts.sessions.find(sid)?.version === sver ? callerOf(parts, sub, sid) : undefined
  if (caller === undefined) throw unauthorized()
  return caller
}

function behind({ accounts, registry }: Parts, user_id: string) {
  const known = accounts.get(user_id)
  if (known === undefined) return undefined
  const { role, tier, wants_passkey } = known
  const has_passkey = registry.of(user_id).length > 0
  return { user_id, role, tier, wants_passkey, has_passkey, is_provisional: registry.isProvisional(user_id) }
}

function callerOf(parts: Parts, user_id: string, session_id: string): Caller | undefined {
  const session = parts.sessions.find(session_id)
  const user = behind(parts, user_id)
  if (session === undefined || user === undefined || session.user_id !== user_id) return undefined
  return {
    ...user,
    session_id,
    password_at: session.password_at ?? undefined,
    code_at: session.code_at ?? undefined,
    may_enrol: session.may_enrol === 1,
  }
}

async function endEverything({ accounts, sessions, challenges }: Parts, tx: Tx): Promise<void> {
  for (const id of accounts.ids()) await sessions.endAll(tx, id, undefined)
  await passkeyStore.endChallenges(tx.tables<PasskeyTables>(), challenges.endAll())
}

function noOwnerYet(): Fault {
  const message = 'The first user is the owner: use the setup code.'
  return new Fault('VALIDATION_ERROR', message, undefined, { status: 409 })
}
