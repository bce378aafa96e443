import type { Clock } from '../../../kernel/clock.ts'
import { openTurns } from '../../../kernel/turns.ts'

/** Begins one thing after the other, whichever run it is of. */
export type Launcher = (begin: () => void) => void

/**
 * What begins may take a while before it waits for anything: parameters are worked out first. One line for all runs gives
 * others a turn between two; with a line for each run, all would begin in the same turn.
 */
export function openLauncher(clock: Pick<Clock, 'elapsed'>): Launcher {
  const waiting: (() => void)[] = []
  let isAtWork = false
  const work = async (): Promise<void> => {
    isAtWork = true
    const breathe = openTurns(clock)
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next()
      await breathe()
    }
    isAtWork = false
  }
  return (begin) => {
    waiting.push(begin)
    if (!isAtWork) void work()
  }
}
