import type { Operation } from '../../contract/operation.ts'
import type { Call } from './answers.ts'
import type { Fault } from './fault.ts'
import type { Tx } from './store/store.ts'

/** How a sensitive call was proven: by a passkey, or without one as decision 12 allows. */
export interface Proven {
  /** Id of the passkey that signed the request. */
  readonly passkey_id: string | undefined
  /** The signature over the exact request and what it needs to be checked again, sealed; kept with the change. */
  readonly evidence: string | undefined
  /**
   * Uses the proof up, in the transaction of the effect: rolled back, it stays good for that exact request.
   *
   * @throws Fault `BIOMETRIC_REQUIRED` when it was used before.
   */
  spend(tx: Tx): Promise<void>
}

type Sensitive = Pick<Operation, 'name' | 'http' | 'proof'>

/** Who judges proofs. */
export interface Proofs {
  /**
   * Judges what a call brought as its proof.
   *
   * @throws Fault `BIOMETRIC_REQUIRED` with the reason and a challenge for another try.
   */
  verify(call: Call, operation: Sensitive, input: unknown, given: unknown): Promise<Proven>
  /** The refusal of a call that brought no proof: what to sign, for which the rest of the call must be in order. */
  refusal(call: Call, operation: Sensitive, input: unknown, reason: string): Fault
}

interface Attached extends Proven {
  /** What the call asked for. */
  input: unknown
}

const proofs = new WeakMap<Tx, Attached>()

/** Says by what everything in this transaction is proven, which this input asked for. */
export function attachProof(tx: Tx, proven: Proven, input: unknown): void {
  proofs.set(tx, {
    passkey_id: proven.passkey_id,
    // Sealing it costs something, and most of what is proven keeps none.
    get evidence() {
      return proven.evidence
    },
    spend: (own) => proven.spend(own),
    input,
  })
}

/** By what the call that this transaction belongs to was proven. */
export function proofOf(tx: Tx): Attached | undefined {
  return proofs.get(tx)
}
