import type { Clock } from './clock.ts'

/** Timers stand still while the machine sleeps, and do not see the clock being set: so often it is looked at again. */
const SLEEP_MS_MAX = 60_000

/** One timer that calls back at the earliest of the times it was asked for. */
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
    this.#sleep()
  }

  #sleep(): void {
    this.#cancel = this.#clock.after(Math.min(this.#at - this.#clock.now(), SLEEP_MS_MAX), () => {
      if (this.#clock.now() < this.#at) return this.#sleep()
      this.#at = Infinity
      this.#callback()
    })
  }

  stop(): void {
    this.#cancel()
    this.#at = -Infinity
  }
}
