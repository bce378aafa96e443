/** Time as the system sees it; tests pass another. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Monotonic milliseconds, for durations. */
  elapsed(): number
  /** Milliseconds of processor time that this thread has used. */
  worked(): number
  /** Calls back once after `delay_ms` (at most about 24 days); the answer cancels. Never keeps the process alive. */
  after(delay_ms: number, callback: () => void): () => void
}

/** Longest delay that a timer of the platform can take. */
const DELAY_MS_MAX = 2_147_483_647

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  worked: () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  },
  after(delay_ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(delay_ms, 0), DELAY_MS_MAX))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

let last = { time: 0, text: new Date(0).toISOString() }

/** ISO-8601 UTC with milliseconds. Many things happen within one of them, which is written out once. */
export function iso(time: number): string {
  if (time !== last.time) last = { time, text: new Date(time).toISOString() }
  return last.text
}
