import { Histogram } from './histogram.ts'

/** How far back measuring looks, and the parts in which it forgets. */
export const WINDOW_MS = 300_000
const PART_MS = 30_000
/** The oldest part is only partly within the window, so there is one more. */
const PARTS_MAX = WINDOW_MS / PART_MS + 1

interface Part {
  /** When it began, as a number of parts. */
  at: number
  durations: Histogram
  failed: number
}

/** What lasted how long, and how many of it failed. */
export interface Figures {
  count: number
  p50: number
  p95: number
  p99: number
  /** 0 to 1. */
  error_rate: number
}

/** Durations of the last five minutes. Takes no more room the more there are. */
export class Window {
  #parts: Part[] = []

  /** @param now - monotonic milliseconds. */
  record(now: number, ms: number, failed: boolean): void {
    const at = Math.floor(now / PART_MS)
    let part = this.#parts.at(-1)
    if (part === undefined || part.at < at) {
      part = { at, durations: new Histogram(), failed: 0 }
      this.#parts = [...this.#parts.slice(1 - PARTS_MAX), part]
    }
    part.durations.record(ms)
    if (failed) part.failed += 1
  }

  /** Of the last `window_ms`, to 30 s. */
  read(now: number, window_ms = WINDOW_MS): Figures {
    const all = new Histogram()
    for (const { durations } of this.#within(now, window_ms)) all.add(durations)
    const { count, failed } = this.counts(now, window_ms)
    return {
      count,
      p50: all.percentile(0.5),
      p95: all.percentile(0.95),
      p99: all.percentile(0.99),
      error_rate: count === 0 ? 0 : Math.round((failed / count) * 10_000) / 10_000,
    }
  }

  counts(now: number, window_ms = WINDOW_MS): { count: number; failed: number } {
    let [count, failed] = [0, 0]
    for (const part of this.#within(now, window_ms)) {
      count += part.durations.total
      failed += part.failed
    }
    return { count, failed }
  }

  #within(now: number, window_ms: number): Part[] {
    const oldest = Math.floor(now / PART_MS) - window_ms / PART_MS
    return this.#parts.filter(({ at }) => at >= oldest)
  }
}
