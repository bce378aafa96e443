import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from './clock.ts'

/** Milliseconds of work after which others get a turn: what waits behind it is hardly late. */
const TURN_MS = 10

/**
 * Lets others have a turn of the event loop whenever work has gone on for a while: `await` the answer between two pieces
 * of it. What begins has a whole turn before it.
 *
 * It is the one thing besides the transaction that code in a transaction may await, since it waits for nothing that
 * could wait for the writer itself. Other writes wait meanwhile, reads see the newest commit.
 */
export function openTurns(clock: Pick<Clock, 'elapsed'>): () => Promise<void> {
  let turn = clock.elapsed()
  return async () => {
    if (clock.elapsed() - turn < TURN_MS) return
    await nextTurn()
    turn = clock.elapsed()
  }
}
