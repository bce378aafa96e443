/** How bad it is. */
export type Level = 'fine' | 'warning' | 'critical'

/** From where on it is how bad, and how far back below it is fine again. */
export interface Thresholds {
  warning: number
  critical: number
  /** What a value must be below a threshold by. */
  margin: number
}

const RANKS = ['fine', 'warning', 'critical'] as const
/** Three samples, five seconds apart: what is over after that was a moment. */
const HOLD_MS = 10_000

/**
 * How bad a value is, without wavering: it gets worse when every value of 10 s was bad enough, and better when every
 * value of 10 s was below the threshold by the margin.
 */
export class Gradual {
  readonly #rise_ms: number
  #rank = 0
  #worse: { rank: number; since: number } | undefined
  #better_since: number | undefined

  /** @param rise_ms - 0 for a value that is of some time already. */
  constructor(rise_ms = HOLD_MS) {
    this.#rise_ms = rise_ms
  }

  get level(): Level {
    return RANKS[this.#rank] ?? 'fine'
  }

  /** @param now - monotonic milliseconds. */
  update(value: number, { warning, critical, margin }: Thresholds, now: number): Level {
    const limits = [-Infinity, Math.min(warning, critical), critical]
    const rank = limits.findLastIndex((limit) => value >= limit)
    if (rank > this.#rank) {
      this.#better_since = undefined
      // What is critical is a warning as well: the least of what was seen has lasted.
      const { since, rank: least } = this.#worse ?? { since: now, rank }
      this.#worse = { since, rank: Math.min(rank, least) }
      if (now - since >= this.#rise_ms) {
        const reached = this.#worse.rank
        this.#worse = rank > reached ? { rank, since: now } : undefined
        this.#rank = reached
      }
    } else {
      this.#worse = undefined
      this.#fall(value + margin, limits, now)
    }
    return this.level
  }

  #fall(value: number, limits: readonly number[], now: number): void {
    const least = limits[this.#rank] ?? -Infinity
    if (this.#rank === 0 || value >= least) {
      this.#better_since = undefined
      return
    }
    this.#better_since ??= now
    if (now - this.#better_since < HOLD_MS) return
    this.#better_since = undefined
    this.#rank = limits.findLastIndex((limit, rank) => rank < this.#rank && value >= limit)
  }
}
