import { Fault } from '../../../kernel/fault.ts'
import { CancelledError } from '../../../kernel/job.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { check } from '../accept.ts'
import type { NewExecution } from '../accept.ts'
import { agentStore } from '../store.ts'
import type { ExecutionRow } from '../store.ts'
import { Attempt } from './attempt.ts'
import type { RunParts } from './attempt.ts'
import type { Custody } from './custody.ts'
import { openLanes } from './lanes.ts'
import { spenderOf } from './spender.ts'

/** An execution that is part of something durable, which holds it in place of a job of the queue. */
export interface Embedded extends NewExecution {
  /** Chosen by the holder, so that it can take up an execution that an earlier process began. */
  execution_id: string
  /** Whether an earlier process may have begun it. */
  wasBegun: boolean
  /** Why the command cannot be begun: only what is recorded of it already can go on. */
  unfit?: string | undefined
  custody: Custody
  signal: AbortSignal
}

/** Executions that are part of something else. */
export interface Embedding {
  /**
   * Performs an execution at once. What it writes, its end and what its holder records of it are one transaction.
   *
   * @returns how it ended. One that an earlier process began, and that must not be repeated, has failed.
   * @throws Fault when it cannot be begun, and nothing is recorded then; CancelledError when it was stopped by itself;
   * LostJobError when its holder no longer wants it.
   */
  perform(asked: Embedded): Promise<ExecutionRow>
  /** Stops one, if it is performed here, in the transaction that records that it was stopped. */
  cancel(tx: Tx, execution_id: string): void
}

/** Executions of one agent that are performed at once: as many as runs of one user go on side by side. */
const AT_ONCE_PER_AGENT = 64

export function openEmbedding(parts: RunParts & { zoneOf: (user_id: string) => string }): Embedding {
  const { kernel, budgets } = parts
  const performing = new Map<string, AbortController>()
  const enter = openLanes(AT_ONCE_PER_AGENT)
  const perform = async (
    { execution_id, wasBegun, unfit, custody, signal, ...asked }: Embedded,
    cancelled: AbortSignal,
  ): Promise<ExecutionRow> => {
    const held: Custody = {
      hold: (tx) => {
        cancelled.throwIfAborted()
        custody.hold(tx)
      },
      finish: (tx, ...end) => {
        cancelled.throwIfAborted()
        return custody.finish(tx, ...end)
      },
    }
    const way = { zone: parts.zoneOf(asked.user_id), signal }
    const known = wasBegun
      ? agentStore.execution(kernel.store.reader.connection, asked.user_id, execution_id)
      : undefined
    // It was stopped by itself while nobody performed it.
    if (known?.ended_at !== undefined && known.ended_at !== null)
      throw new CancelledError('The execution was stopped.')
    if (known !== undefined) return new Attempt(parts, held, known, way).run()
    if (unfit !== undefined) throw new Fault('AGENT_EXECUTION_FAILED', unfit)
    const checked = check(parts, kernel.store.reader, asked, execution_id)
    const spender = spenderOf(checked.agent)
    if (spender === undefined) return new Attempt(parts, held, checked.row, { ...way, checked }).run()
    // One that was begun and left no trace was cut off after this transaction: it was taken off then.
    if (!wasBegun)
      await kernel.store.write((tx) => {
        held.hold(tx)
        budgets.admit(tx, spender)
        return Promise.resolve()
      })
    return new Attempt(parts, held, checked.row, { ...way, isNew: true }).run()
  }
  return {
    perform: async (asked) => {
      const controller = new AbortController()
      const signal = AbortSignal.any([asked.signal, controller.signal])
      performing.set(asked.execution_id, controller)
      try {
        const leave = await enter(`${asked.user_id} ${asked.ref}`, signal)
        return await perform({ ...asked, signal }, controller.signal).finally(leave)
      } finally {
        performing.delete(asked.execution_id)
      }
    },
    cancel: (tx, execution_id) => {
      const controller = performing.get(execution_id)
      if (controller !== undefined)
        tx.afterCommit(() => controller.abort(new CancelledError('The execution was stopped.')))
    },
  }
}
