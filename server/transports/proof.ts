import type { Operation } from '../../contract/operation.ts'
import type { Call } from '../kernel/answers.ts'
import { Fault } from '../kernel/fault.ts'

/** A password sign-in counts as proof for this long, as long as the user has no passkey (decision 12). */
const PASSWORD_WINDOW_MS = 300_000

/**
 * Requires the proof that the operation's rule asks for.
 *
 * @throws Fault `BIOMETRIC_REQUIRED` with the reason and the operation to prove.
 */
export function checkProof({ proof, name }: Operation, { caller, now }: Call): void {
  if (proof === 'none' || caller === undefined) return
  if (proof === 'strict' && !caller.has_passkey) {
    throw new Fault('BIOMETRIC_REQUIRED', 'This needs a passkey, and none is enrolled yet.', {
      reason: 'not_enrolled',
      operation: name,
    })
  }
  const signedIn = caller.password_at
  if (!caller.has_passkey && signedIn !== undefined && now - signedIn <= PASSWORD_WINDOW_MS) return
  throw new Fault('BIOMETRIC_REQUIRED', 'Sign in with your password again: this needs a fresh proof.', {
    reason: caller.has_passkey ? 'proof_missing' : 'sign_in_too_old',
    operation: name,
  })
}
