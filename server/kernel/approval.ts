import type { PendingApproval } from '../../contract/approvals.ts'
import type { Operation } from '../../contract/operation.ts'
import type { Call } from './answers.ts'
import type { Fault } from './fault.ts'
import type { Proven } from './proof.ts'
import type { Tx } from './store/store.ts'

/** A sensitive call that its caller cannot prove. */
export interface Unproven {
  call: Call
  operation: Operation
  input: Record<string, unknown>
  /**
   * Does what the call asks in a transaction, lets `look` at it, and takes everything back. Nothing is looked at where
   * that is not possible.
   *
   * @throws Fault that the call itself would meet.
   */
  simulate<T>(look: (tx: Tx) => Promise<T>): Promise<T | undefined>
}

/** A call that somebody has approved since. */
export interface Approved {
  /** In the name of whoever asked, as they are now. */
  call: Call
  operation: Operation
  input: Record<string, unknown>
  /** The approver's own proof. */
  proven: Proven
  /** Notes the end, in the transaction of the effect: that is how it happens once. */
  finish(tx: Tx, end: { result: unknown } | { fault: Fault }): Promise<void>
}

/** Who lets calls wait for an approval. */
export interface Approvals {
  /** @throws Fault when too many wait already, or when the call could not be done anyway. */
  request(unproven: Unproven): Promise<PendingApproval>
}
