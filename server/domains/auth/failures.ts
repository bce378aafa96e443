import type { Clock } from '../../kernel/clock.ts'
import { Fault } from '../../kernel/fault.ts'

/** Wrong tries of one account from one address before the next must wait. */
const FREE_FAILURES = 5
/** Failures are remembered this long: from the first one, or from the end of a wait. */
const WINDOW_MS = 900_000
const FIRST_WAIT_MS = 30_000
const WAIT_MS_MAX = 900_000
/** Pairs of account and address that are remembered; the oldest goes first. */
const PAIRS_MAX = 10_000

interface Pair {
  failures: number
  blocked_until: number
  forget_at: number
  trying: boolean
}

/**
 * Slows down guessing of one account from one address. Other addresses are never affected: otherwise a stranger could
 * lock the owner out. Counts in monotonic time, so that a wall clock that is set back locks nobody out either.
 */
export class Failures {
  readonly #clock: Clock
  readonly #pairs_max: number
  readonly #pairs = new Map<string, Pair>()

  constructor(clock: Clock, pairs_max = PAIRS_MAX) {
    this.#clock = clock
    this.#pairs_max = pairs_max
  }

  /**
   * Runs a check that answers `undefined` for wrong credentials, and keeps count.
   *
   * @throws Fault `RATE_LIMIT_EXCEEDED` without running it, while the pair has to wait.
   */
  async attempt<T>(account: string, ip: string, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const key = JSON.stringify([account, ip])
    this.#admit(key)
    const waiting = this.#pairs.get(key)
    if (waiting !== undefined) waiting.trying = true
    try {
      const result = await check()
      if (result === undefined) this.#failed(key)
      else this.#pairs.delete(key)
      return result
    } finally {
      if (waiting !== undefined) waiting.trying = false
    }
  }

  #admit(key: string): void {
    const pair = this.#pairs.get(key)
    if (pair === undefined) return
    const now = this.#clock.elapsed()
    if (now >= pair.forget_at) {
      this.#pairs.delete(key)
      return
    }
    if (pair.failures < FREE_FAILURES) return
    // After a wait one guess at a time: a burst of parallel ones would all be in before the first is counted.
    const wait_ms = Math.max(pair.blocked_until - now, pair.trying ? 1 : 0)
    if (wait_ms > 0) throw tooMany(Math.ceil(wait_ms / 1000))
  }

  #failed(key: string): void {
    const now = this.#clock.elapsed()
    const pair = this.#pairs.get(key) ?? this.#remember(key, now)
    pair.failures += 1
    if (pair.failures < FREE_FAILURES) return
    pair.blocked_until = now + Math.min(FIRST_WAIT_MS * 2 ** (pair.failures - FREE_FAILURES), WAIT_MS_MAX)
    pair.forget_at = pair.blocked_until + WINDOW_MS
  }

  #remember(key: string, now: number): Pair {
    const oldest = this.#pairs.keys().next()
    if (this.#pairs.size >= this.#pairs_max && oldest.done !== true) this.#pairs.delete(oldest.value)
    const pair = { failures: 0, blocked_until: 0, forget_at: now + WINDOW_MS, trying: false }
    this.#pairs.set(key, pair)
    return pair
  }
}

function tooMany(retry_after_s: number): Fault {
  const message = `Too many failed sign-ins. Try again in ${retry_after_s} s.`
  return new Fault('RATE_LIMIT_EXCEEDED', message, undefined, { retry_after_s })
}
