import type { Clock } from '../../kernel/clock.ts'

const WINDOW_MS = 1_000

/** Counts what comes within a second, from the first on. */
export class Throttle {
  readonly #clock: Clock
  readonly #max: number
  #started = -Infinity
  #count = 0

  constructor(clock: Clock, max: number) {
    this.#clock = clock
    this.#max = max
  }

  /** Counts one more, and tells whether it is within the bound. */
  take(): boolean {
    const now = this.#clock.elapsed()
    if (now - this.#started >= WINDOW_MS) {
      this.#started = now
      this.#count = 0
    }
    this.#count += 1
    return this.#count <= this.#max
  }
}
