import type { Clock } from '../../../kernel/clock.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { Pace } from './pace.ts'

/** Begins one thing after the other for a user, whichever of the runs it is of. */
export type Launcher = (user_id: string, begin: () => void) => void

/**
 * What begins may take a while before it waits for anything: parameters are worked out first. One line for all runs of a
 * user gives others their turns; with a line for each run, all would begin in the same turn.
 */
export function openLauncher(clock: Pick<Clock, 'elapsed' | 'after'>, pace: Pace): Launcher {
  const lines = new Map<string, (() => void)[]>()
  const work = async (user_id: string, waiting: (() => void)[]): Promise<void> => {
    const breathe = openTurns(clock)
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const began = clock.elapsed()
      next()
      pace.spent(user_id, clock.elapsed() - began)
      const rest = pace.rest(user_id)
      if (rest > 0) await new Promise<void>((resolve) => clock.after(rest, resolve))
      else await breathe()
    }
    lines.delete(user_id)
  }
  return (user_id, begin) => {
    const line = lines.get(user_id)
    if (line !== undefined) {
      line.push(begin)
      return
    }
    const waiting = [begin]
    lines.set(user_id, waiting)
    void work(user_id, waiting)
  }
}
