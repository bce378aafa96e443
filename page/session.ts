import type { AuthToken } from '../contract/auth.ts'
import { Refusal } from './failure.ts'
import { send } from './send.ts'

/** The access token is renewed this long before it expires, so that it never expires on its way. */
const EARLY_MS = 60_000
/** After a renewal that found no server. */
const AGAIN_MS = 15_000

interface Kept {
  access_token: string
  expires_at: number
}

/**
 * The sign-in of this page. The access token is a value in here and nowhere else; the refresh token is a cookie that
 * no script can read, so a reload signs in again with it.
 */
export class Session {
  #kept: Kept | undefined
  #renewal: Promise<string> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #hooks: { renewed: (token: string) => void; ended: () => void }

  constructor(hooks: { renewed: (token: string) => void; ended: () => void }) {
    this.#hooks = hooks
  }

  /** Goes on with the sign-in that the cookie holds; the answer is false when there is none. */
  async resume(): Promise<boolean> {
    try {
      await this.renew()
      return true
    } catch (error) {
      if (isEnd(error)) return false
      throw error
    }
  }

  keep({ access_token, expires_in }: Pick<AuthToken, 'access_token' | 'expires_in'>): void {
    this.#kept = { access_token, expires_at: Date.now() + expires_in * 1000 }
    this.#plan(expires_in * 1000 - EARLY_MS)
  }

  /** The token to send. @throws Refusal when the session has ended. */
  async token(): Promise<string> {
    if (this.#kept !== undefined && Date.now() < this.#kept.expires_at - EARLY_MS / 2)
      return this.#kept.access_token
    return this.renew()
  }

  /** The token as it is, whatever its age. */
  get last(): string | undefined {
    return this.#kept?.access_token
  }

  /** Gets the next token; however many ask, the server is asked once. */
  renew(): Promise<string> {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined))
    return this.#renewal
  }

  forget(): void {
    this.#kept = undefined
    clearTimeout(this.#timer)
  }

  async #renew(): Promise<string> {
    const before = this.#kept
    try {
      const answer = await send('auth.refresh', {})
      // Whoever signed in or out meanwhile knows better.
      if (this.#kept !== before) return this.#kept?.access_token ?? answer.access_token
      this.keep(answer)
      this.#hooks.renewed(answer.access_token)
      return answer.access_token
    } catch (error) {
      if (isEnd(error) && before !== undefined && this.#kept === before) this.end()
      throw error
    }
  }

  /** The server says that it is over. */
  end(): void {
    if (this.#kept === undefined) return
    this.forget()
    this.#hooks.ended()
  }

  #plan(wait_ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => {
        this.renew().catch(() => {
          if (this.#kept !== undefined) this.#plan(AGAIN_MS)
        })
      },
      Math.max(wait_ms, AGAIN_MS),
    )
  }
}

export function isEnd(error: unknown): error is Refusal {
  return error instanceof Refusal && error.status === 401
}
