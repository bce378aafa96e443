import type { AuthToken } from '../contract/auth.ts'
import { ApiFault } from './fault.ts'

/** What a client keeps of a sign-in. Both tokens are secrets. */
export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly user_id: string
  /** Epoch ms, by the clock of this machine. */
  readonly expires_at: number
}

/** Where a client keeps its sign-in. Several processes may share one. */
export interface TokenStore {
  load(): Promise<Tokens | undefined>
  save(tokens: Tokens): Promise<void>
  clear(): Promise<void>
}

/** Keeps a sign-in for as long as the process lives. */
export function memoryTokens(tokens?: Tokens): TokenStore {
  let kept = tokens
  return {
    load: () => Promise.resolve(kept),
    save: (fresh) => Promise.resolve(void (kept = fresh)),
    clear: () => Promise.resolve(void (kept = undefined)),
  }
}

/** An access token is renewed this long before it expires, so that it does not expire on its way. */
const EARLY_MS = 5_000

interface Parts {
  tokens: TokenStore
  now: () => number
  /** Asks the server for the next pair. */
  refresh: (refresh_token: string) => Promise<AuthToken>
}

/** A sign-in over time: which access token to send, and how to get the next one. */
export class Session {
  readonly #parts: Parts
  #renewal: Promise<string | undefined> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The access token to send, renewed when its time is over; nothing when nobody is signed in. */
  async token(): Promise<string | undefined> {
    return (await this.fresh(EARLY_MS))?.access_token
  }

  /**
   * The sign-in, renewed when it would end within `early_ms`; nothing when nobody is signed in.
   *
   * @throws ApiFault as `renew` does; NoAnswer.
   */
  async fresh(early_ms: number): Promise<Tokens | undefined> {
    const { tokens, now } = this.#parts
    const kept = await tokens.load()
    if (kept === undefined || now() < kept.expires_at - early_ms) return kept
    await this.renew(kept.access_token)
    return tokens.load()
  }

  /** The access token as it is, even if its time is over. */
  async lastToken(): Promise<string | undefined> {
    return (await this.#parts.tokens.load())?.access_token
  }

  /**
   * The access token that follows a refused one. However many ask, the server is asked once.
   *
   * @throws ApiFault with status 401 when the session has ended; the sign-in is then forgotten.
   */
  renew(refused: string): Promise<string | undefined> {
    this.#renewal ??= this.#renew(refused).finally(() => (this.#renewal = undefined))
    return this.#renewal
  }

  async keep({ access_token, refresh_token, user_id, expires_in }: AuthToken): Promise<void> {
    const expires_at = this.#parts.now() + expires_in * 1000
    await this.#parts.tokens.save({ access_token, refresh_token, user_id, expires_at })
  }

  async forget(): Promise<void> {
    await this.#parts.tokens.clear()
  }

  async #renew(refused: string): Promise<string | undefined> {
    const { tokens, refresh } = this.#parts
    const kept = await tokens.load()
    // Another process that shares the store was first.
    if (kept?.access_token !== refused) return kept?.access_token
    try {
      const next = await refresh(kept.refresh_token)
      await this.keep(next)
      return next.access_token
    } catch (error) {
      const isEnded = error instanceof ApiFault && error.status === 401
      const isStillKept = (await tokens.load())?.refresh_token === kept.refresh_token
      if (isEnded && isStillKept) await tokens.clear()
      throw error
    }
  }
}
