import type { Clock } from '../../../kernel/clock.ts'
import { openTurns } from '../../../kernel/turns.ts'
import type { Pace } from './pace.ts'

/**
 * Begins one thing after the other for a user, in turn for each of their runs that has something to begin. What is thrown is
 * about the run, and others wait in the same line.
 */
export type Launcher = (
  run: { id: string; user_id: string },
  begin: () => void,
  failed: (error: unknown) => void,
) => void

/** What waits to begin, by the id of its run. */
type Line = Map<string, (() => void)[]>

/**
 * What begins may take a while before it waits for anything: parameters are worked out first. One line for all runs of a
 * user gives others their turns; with a line for each run, all would begin in the same turn.
 */
export function openLauncher(clock: Pick<Clock, 'elapsed' | 'after'>, pace: Pace): Launcher {
  const lines = new Map<string, Line>()
  const work = async (user_id: string, line: Line): Promise<void> => {
    const breathe = openTurns(clock)
    // A run with more to begin stands at the end again, and is come to again.
    for (const [run_id, [begin, ...later]] of line) {
      line.delete(run_id)
      if (later.length > 0) line.set(run_id, later)
      const began = clock.elapsed()
      begin?.()
      pace.spent(user_id, clock.elapsed() - began)
      const rest = pace.rest(user_id)
      if (rest > 0) await new Promise<void>((resolve) => clock.after(rest, resolve))
      else await breathe()
    }
    lines.delete(user_id)
  }
  return ({ id, user_id }, start, failed) => {
    const begin = (): void => {
      try {
        start()
      } catch (error) {
        failed(error)
      }
    }
    const line = lines.get(user_id)
    if (line === undefined) {
      const first: Line = new Map([[id, [begin]]])
      lines.set(user_id, first)
      void work(user_id, first)
      return
    }
    const waiting = line.get(id)
    if (waiting === undefined) line.set(id, [begin])
    else waiting.push(begin)
  }
}
