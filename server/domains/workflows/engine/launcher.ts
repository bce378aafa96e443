import type { Clock } from '../../../kernel/clock.ts'
import { openTurns } from '../../../kernel/turns.ts'

/** Begins one thing after the other, whichever run it is of. */
export type Launcher = (begin: () => void) => void

/** Milliseconds from which on one thing is dear: others have as long for themselves after it. */
const DEAR_MS = 10
/** A longer rest would be of no use to others. */
const REST_MS_MAX = 100

/**
 * What begins may take a while before it waits for anything: parameters are worked out first. One line for all runs leaves
 * others half of the time; with a line for each run, all would begin in the same turn. After something dear one turn would
 * not do: whoever asks for something needs several, and would wait behind the next dear one for each.
 */
export function openLauncher(clock: Pick<Clock, 'elapsed' | 'after'>): Launcher {
  const waiting: (() => void)[] = []
  let isAtWork = false
  const work = async (): Promise<void> => {
    isAtWork = true
    const breathe = openTurns(clock)
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const began = clock.elapsed()
      next()
      const spent = clock.elapsed() - began
      if (spent < DEAR_MS) await breathe()
      else await new Promise<void>((resolve) => clock.after(Math.min(spent, REST_MS_MAX), resolve))
    }
    isAtWork = false
  }
  return (begin) => {
    waiting.push(begin)
    if (!isAtWork) void work()
  }
}
