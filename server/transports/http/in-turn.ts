import { setImmediate as nextTurn } from 'node:timers/promises'

/** Bytes that are read at once: that takes two milliseconds at most. */
const SMALL_BYTES_MAX = 65_536

/** Does work on so many bytes. */
export type InTurn = <T>(bytes: number, work: () => T) => Promise<T>

/**
 * Does work on large bodies one after the other, each in a turn of the event loop of its own: many that come at once hold
 * up everything else no longer than one does.
 */
export function openInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return async (bytes, work) => {
    if (bytes <= SMALL_BYTES_MAX) return work()
    const done = last.then(() => nextTurn()).then(work)
    // How one ends is for whoever sent it, and not for the next.
    last = done.catch(() => {})
    return done
  }
}
