import type { Challenge } from '../contract/auth.ts'
import { Refusal } from './failure.ts'
import { toHeader, usePasskey } from './passkey.ts'
import { send } from './send.ts'
import type { Answered, Asked, Given } from './send.ts'
import type { Session } from './session.ts'

export interface Again {
  email: string
  has_passkey: boolean
  /** Signs in with the password. */
  check: (password: string) => Promise<void>
}

/** What the page asks its user in between. @throws Cancelled when they would rather not. */
export interface Prompts {
  /** For the password again, or for the passkey where there is one. */
  again(asked: Again): Promise<'password' | 'passkey'>
  /** Says that a passkey that is there already is asked for next. */
  announce(): Promise<void>
}

export interface AskOptions<I> {
  /** Whether to say so before a passkey is asked for: another window has just been open for one. */
  announced?: boolean
  /** Makes the input again, after a sign-in in between: what was signed for the session before is void. */
  remake?: () => Promise<I>
}

/** Asks the server in the name of whoever is signed in. */
export interface Client {
  readonly session: Session
  ask<N extends Asked>(name: N, input: Given<N>, options?: AskOptions<Given<N>>): Promise<Answered<N>>
  /** Signs in and stays signed in. */
  enter(name: 'auth.login' | 'auth.setup', input: Given<'auth.login'> | Given<'auth.setup'>): Promise<void>
  leave(): Promise<void>
}

/** What is said of the access token, and not of a password. */
const TOKEN_CODES: ReadonlySet<string> = new Set(['AUTH_001', 'AUTH_003'])

export function openClient(session: Session, prompts: Prompts): Client {
  const askAs = async <N extends Asked>(name: N, input: Given<N>, proof?: string): Promise<Answered<N>> => {
    const token = await session.token()
    try {
      return await send(name, input, { token, proof })
    } catch (error) {
      if (!(error instanceof Refusal) || !TOKEN_CODES.has(error.code)) throw error
      // Expired on its way, or ended elsewhere: the cookie knows.
      if (session.last === token) await session.renew()
      return send(name, input, { token: await session.token(), proof })
    }
  }
  const client: Client = {
    session,
    async ask(name, input, { announced = false, remake } = {}) {
      try {
        return await askAs(name, input)
      } catch (error) {
        if (!isUnproven(error)) throw error
        const challenge = error.details as unknown as Challenge
        const has_passkey = challenge.allow_credentials.length > 0
        if (error.reason === 'sign_in_too_old') {
          const { email } = await askAs('auth.me', {})
          const check = (password: string) => signInAgain(session, email, password)
          const by = await prompts.again({ email, has_passkey, check })
          if (by === 'password') return askAs(name, (await remake?.()) ?? input)
        } else if (announced) await prompts.announce()
        return askAs(name, input, toHeader(await usePasskey(challenge)))
      }
    },
    async enter(name, input) {
      session.keep(await send(name, input as never))
    },
    async leave() {
      const token = session.last
      try {
        await send('auth.logout', {}, { token })
      } catch (error) {
        // Whoever has no session any more is signed out.
        if (!(error instanceof Refusal) || error.status !== 401) throw error
      }
      session.forget()
    },
  }
  return client
}

/** A call that can be made all the same, with a proof. */
function isUnproven(error: unknown): error is Refusal {
  return (
    error instanceof Refusal &&
    error.code === 'AUTH_002' &&
    (error.reason === 'proof_missing' || error.reason === 'sign_in_too_old')
  )
}

/** The password counts for five minutes after a sign-in, so this opens a session in place of the one that is there. */
async function signInAgain(session: Session, email: string, password: string): Promise<void> {
  const old = session.last
  session.keep(await send('auth.login', { email, password }))
  // Not as the page: the cookie is that of the new session already.
  await send('auth.logout', {}, { token: old, as_page: false })
}
