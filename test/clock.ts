import type { Clock } from '../server/kernel/clock.ts'
import type { Random } from '../server/kernel/ids.ts'

export interface FakeClock extends Clock {
  /** Lets time pass; what falls due on the way is called back in order, each at its own time. */
  advance(ms: number): void
  /** Milliseconds until something falls due, if anything will. */
  untilNext(): number | undefined
  /** Sets the wall clock forward or back, as an administrator does: timers and `elapsed` do not notice. */
  jump(ms: number): void
}

interface Timer {
  due: number
  callback: () => void
}

/** A clock that stands still until it is told to move. `start` in epoch ms. */
export function fakeClock(start: number): FakeClock {
  let wall = start
  let elapsed = 0
  const timers = new Set<Timer>()
  const move = (to: number): void => {
    wall += to - elapsed
    elapsed = to
  }
  return {
    now: () => wall,
    elapsed: () => elapsed,
    // As if whatever takes time also takes the processor.
    worked: () => elapsed,
    after(delay_ms, callback) {
      const timer = { due: elapsed + Math.max(delay_ms, 0), callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const end = elapsed + ms
      for (let next = firstDue(timers, end); next !== undefined; next = firstDue(timers, end)) {
        timers.delete(next)
        move(next.due)
        next.callback()
      }
      move(end)
    },
    untilNext() {
      const next = firstDue(timers, Infinity)
      return next && Math.max(0, next.due - elapsed)
    },
    jump(ms) {
      wall += ms
    },
  }
}

/** The timer to fire next, by due time and then by age; a set keeps the order in which they were made. */
function firstDue(timers: Iterable<Timer>, end: number): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (timer.due <= end && (first === undefined || timer.due < first.due)) first = timer
  }
  return first
}

/** Bytes that are the same for the same seed: xorshift32, which is never good enough outside of tests. */
export function seededRandom(seed: number): Random {
  // Zero is the one state that xorshift never leaves.
  let state = seed >>> 0 || 1
  return (size) =>
    Uint8Array.from({ length: size }, () => {
      state ^= state << 13
      state >>>= 0
      state ^= state >>> 17
      state ^= state << 5
      state >>>= 0
      return state >>> 24
    })
}
