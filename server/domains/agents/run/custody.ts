import type { Tx } from '../../../kernel/store/store.ts'
import type { ExecutionRow } from '../store.ts'

/**
 * Whoever an execution is performed for: a job of the queue, or something durable that has its own record of it. What it
 * throws ends the execution and takes the transaction with it.
 */
export interface Custody {
  /** Makes sure, in each transaction before the last, that the execution is still wanted. @throws LostJobError */
  hold(tx: Tx): void
  /**
   * The same in the one that records its end.
   *
   * @param retry_after_s - whole seconds after which trying again makes sense, where whoever was asked has said so.
   * @throws LostJobError
   */
  finish(tx: Tx, ended: ExecutionRow, retry_after_s?: number): void | Promise<void>
}
