/**
 * A sliding window that is exact at its edge: it keeps the times of the calls that are in it, at most as many as the
 * limit allows. Times in milliseconds of a clock that never goes back.
 */
export class Window {
  readonly limit: number
  readonly length_ms: number
  #times: Float64Array
  #first = 0
  #count = 0

  constructor(limit: number, length_ms: number) {
    this.limit = limit
    this.length_ms = length_ms
    this.#times = new Float64Array(Math.min(limit, 8))
  }

  /** Calls that may still be made. */
  remaining(now: number): number {
    this.#forget(now)
    return Math.max(0, this.limit - this.#count)
  }

  /** Milliseconds until one more call may be made than now; 0 when none is in the window. */
  nextFree_ms(now: number): number {
    this.#forget(now)
    return this.#count === 0 ? 0 : (this.#times[this.#first] ?? now) + this.length_ms - now
  }

  /** Counts a call; beyond the limit the oldest is forgotten in its place. */
  take(now: number): void {
    this.#forget(now)
    if (this.limit === 0) return
    if (this.#count === this.limit) this.#drop()
    if (this.#count === this.#times.length) this.#grow()
    this.#times[(this.#first + this.#count) % this.#times.length] = now
    this.#count += 1
  }

  /** The same calls in a window with another limit; of too many the newest stay. */
  resized(limit: number): Window {
    const other = new Window(limit, this.length_ms)
    for (let at = 0; at < this.#count; at += 1)
      other.take(this.#times[(this.#first + at) % this.#times.length] ?? 0)
    return other
  }

  #forget(now: number): void {
    while (this.#count > 0 && (this.#times[this.#first] ?? now) + this.length_ms <= now) this.#drop()
  }

  #drop(): void {
    this.#first = (this.#first + 1) % this.#times.length
    this.#count -= 1
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.limit, this.#times.length * 2))
    for (let at = 0; at < this.#count; at += 1)
      grown[at] = this.#times[(this.#first + at) % this.#times.length] ?? 0
    this.#times = grown
    this.#first = 0
  }
}
