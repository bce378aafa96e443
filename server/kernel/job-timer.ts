import type { Clock } from './clock.ts'

/** Waiting is cut into days: a platform timer takes no longer one. */
const SLEEP_MS_MAX = 86_400_000

/** One timer that calls back at the earliest of the times it was asked for, or now and then before. */
export class JobTimer {
  readonly #clock: Clock
  readonly #callback: () => void
  #at = Infinity
  #cancel: () => void = () => {}

  constructor(clock: Clock, callback: () => void) {
    this.#clock = clock
    this.#callback = callback
  }

  /** Calls back at a time (epoch ms) at the latest. */
  wake(at: number): void {
    if (at >= this.#at) return
    this.#cancel()
    this.#at = at
    this.#cancel = this.#clock.after(Math.min(at - this.#clock.now(), SLEEP_MS_MAX), () => {
      this.#at = Infinity
      this.#callback()
    })
  }

  stop(): void {
    this.#cancel()
    this.#at = -Infinity
  }
}
