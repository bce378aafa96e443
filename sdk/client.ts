import type { PendingApproval } from '../contract/approvals.ts'
import type { AuthToken, Challenge } from '../contract/auth.ts'
import type { Assertion } from './authenticator.ts'
import { operations } from '../contract/index.ts'
import type { OperationName, Operations } from '../contract/index.ts'
import type { Input, Operation, Output } from '../contract/operation.ts'
import { ApiFault } from './fault.ts'
import { toOrigin } from './origin.ts'
import { isPending } from './response.ts'
import { openSend } from './send.ts'
import type { CallOptions, Send } from './send.ts'
import { Session, memoryTokens } from './session.ts'
import type { TokenStore } from './session.ts'

export interface ClientOptions {
  /** Origin of the server, such as `http://localhost:3001`. Plain http only on this machine. */
  url: string
  /** Where the sign-in is kept. Default: in memory. */
  tokens?: TokenStore
  /** How the network is reached. Default: the global `fetch`. */
  fetch?: typeof fetch
  /** Epoch ms. Default: the clock of this machine. */
  now?: () => number
  /**
   * Signs the challenge of a call that needs a proof; answers nothing when it has no passkey for it. Default: such calls
   * are refused with `AUTH_002`.
   */
  authenticate?: (challenge: Challenge) => Promise<Assertion | undefined>
  /**
   * Waits for the approval of a call that could not be proven, and answers its result. Default: such calls are refused
   * with `AUTH_002`.
   */
  approve?: (pending: PendingApproval, operation: OperationName) => Promise<unknown>
  /** What sessions that this client opens are called in the list of sessions. */
  user_agent?: string
}

type Asked<N extends OperationName> = Input<Operations[N]>

/** Input and options of a call; an input without a required field may be left out. */
type Arguments<N extends OperationName> =
  Partial<Asked<N>> extends Asked<N>
    ? [input?: Asked<N>, options?: CallOptions]
    : [input: Asked<N>, options?: CallOptions]

/** Everything that can be asked of a server, typed by the contract. */
export interface Client {
  /** Origin of the server. */
  readonly url: string
  /** The sign-in of this client, for what shares it, such as live events. */
  readonly session: Session
  /**
   * Asks an operation. Signing in, setting up, refreshing and changing the password keep their tokens; signing out
   * forgets them. An expired access token is renewed and the call repeated, once.
   *
   * @throws ApiFault when the server refuses; NoAnswer when there is no answer; the reason of `signal` when it aborts;
   * TypeError for a path parameter that cannot stand in a path.
   */
  ask<N extends OperationName>(name: N, ...given: Arguments<N>): Promise<Output<Operations[N]>>
}

/** Operations that answer with tokens; they are asked without one. */
const ENTERING: ReadonlySet<string> = new Set(['auth.login', 'auth.setup', 'auth.refresh'])

/**
 * Opens a client. Nothing is sent until it asks.
 *
 * @throws TypeError for an address that is no origin, or that would send secrets unprotected over a network.
 */
export function openClient(options: ClientOptions): Client {
  const url = toOrigin(options.url)
  const send = openSend(url, options.fetch ?? fetch, options.user_agent)
  const session = new Session({
    tokens: options.tokens ?? memoryTokens(),
    now: options.now ?? Date.now,
    refresh: async (refresh_token) =>
      (await send(operations['auth.refresh'], { refresh_token }, {}, undefined)) as AuthToken,
  })
  return {
    url,
    session,
    ask: async <N extends OperationName>(name: N, ...[asked, given = {}]: Arguments<N>) => {
      const operation = operations[name]
      const input = asked ?? {}
      if (ENTERING.has(name)) {
        const answer = await send(operation, input, given, undefined)
        await session.keep(answer as AuthToken)
        return answer as Output<Operations[N]>
      }
      const call = name === 'auth.logout' ? signOut : askProven
      const { authenticate, approve } = options
      const answer = await call({ send, session, authenticate, approve }, operation, input, given)
      if (name === 'auth.password' && !isPending(answer)) await session.keep(answer as AuthToken)
      return answer as Output<Operations[N]>
    },
  }
}

interface Parts {
  send: Send
  session: Session
  authenticate: ClientOptions['authenticate']
  approve: ClientOptions['approve']
}

/** Why a call was not proven where an approval can stand in for the proof. */
const APPROVABLE: ReadonlySet<unknown> = new Set(['proof_missing', 'no_passkey_for_origin'])

/** Asks, and when that needs a proof signs exactly this call, or has it approved, and asks again, once. */
async function askProven(
  parts: Parts,
  operation: Operation,
  input: object,
  given: CallOptions,
): Promise<unknown> {
  try {
    return await askAs(parts, operation, input, given)
  } catch (error) {
    const isUnproven = error instanceof ApiFault && error.code === 'AUTH_002'
    if (!isUnproven || given.proof !== undefined || given.approval === true) throw error
    const proof = await parts.authenticate?.(error.details as unknown as Challenge)
    if (proof !== undefined) return askAs(parts, operation, input, { ...given, proof })
    if (parts.approve === undefined || !APPROVABLE.has(error.details?.['reason'])) throw error
    const answer = await askAs(parts, operation, input, { ...given, approval: true })
    return isPending(answer) ? parts.approve(answer, operation.name as OperationName) : answer
  }
}

async function askAs(
  { send, session }: Pick<Parts, 'send' | 'session'>,
  operation: Operation,
  input: object,
  given: CallOptions,
): Promise<unknown> {
  const token = await tokenFor(operation, session)
  try {
    return await send(operation, input, given, token)
  } catch (error) {
    if (token === undefined || !isRefused(error) || error.code !== 'AUTH_003') throw error
    return send(operation, input, given, await session.renew(token))
  }
}

/** What is open to strangers is asked as one when the session has ended. */
async function tokenFor({ who }: Operation, session: Session): Promise<string | undefined> {
  try {
    return await session.token()
  } catch (error) {
    if (who === 'public' && isRefused(error)) return undefined
    throw error
  }
}

/** A token that has expired signs out as well as any; one that the server does not know has nothing to sign out from. */
async function signOut(
  { send, session }: Pick<Parts, 'send' | 'session'>,
  operation: Operation,
  input: object,
  given: CallOptions,
): Promise<unknown> {
  try {
    const answer = await send(operation, input, given, await session.lastToken())
    await session.forget()
    return answer
  } catch (error) {
    if (isRefused(error)) await session.forget()
    throw error
  }
}

function isRefused(error: unknown): error is ApiFault {
  return error instanceof ApiFault && error.status === 401
}
