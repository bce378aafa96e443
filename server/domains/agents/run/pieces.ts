import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Step } from '../../changes/kinds.ts'
import type { Undo } from '../../changes/undo.ts'
import { agentStore } from '../store.ts'
import type { ExecutionRow } from '../store.ts'
import type { Custody } from './custody.ts'

interface PieceWork {
  kernel: Kernel
  undo: Undo
  custody: Custody
  row: ExecutionRow
  plan: readonly unknown[]
  /** What was done, in a sentence, once these of the plan and so many in all are done. */
  say(pieces: readonly unknown[], count: number): string
  each(tx: Tx, note: (step: Step) => void, piece: unknown): Promise<void>
  /** @throws what ends the work: the time-out, or that it was stopped. */
  check(): void
}

/**
 * Does piece after piece, each in a transaction of its own with its undo and the count so far.
 *
 * Invariants: P1 a stop that is committed lets no further piece commit. P2 what is done can be undone, at any time and
 * after a crash, as one entry. P3 a piece is done once: the plan of another attempt holds only what is left.
 *
 * @returns how many pieces were done in all, by earlier attempts too.
 */
export async function performPieces(work: PieceWork): Promise<number> {
  const { kernel, undo, custody, row, plan } = work
  const { id: execution_id, user_id } = row
  const before = agentStore.progress(kernel.store.reader.connection, execution_id)?.done ?? 0
  const total = before + plan.length
  let done = before
  for (const piece of plan) {
    work.check()
    await kernel.store.write(async (tx) => {
      custody.hold(tx)
      const steps: Step[] = []
      await work.each(tx, (step) => steps.push(step), piece)
      work.check()
      const text = work.say(plan.slice(0, done - before + 1), done + 1)
      await undo.note(tx, { execution_id, user_id, text }, steps, done > 0)
      agentStore.setProgress(tx.connection, execution_id, { done: done + 1, total })
    })
    done += 1
    // One writer that follows itself leaves the event loop no turn, and whoever wants to stop it could not be heard.
    await nextTurn()
  }
  return done
}
