import type { ProofRule } from '../../../contract/operation.ts'
import type { Caller } from '../../kernel/answers.ts'

/** A password sign-in counts as proof for this long where it does at all (decision 12). */
const PASSWORD_WINDOW_MS = 300_000
/** A sign-in by a backup code may enrol a passkey for this long. */
const CODE_WINDOW_MS = 900_000

/** A session that a backup code has opened gets at nothing that only a passkey opens for this long. */
const RECOVERED_MS = 86_400_000

/** Why a call needs a proof that it did not bring, or nothing when the rule is met without one. */
export function needsProof(rule: ProofRule, caller: Caller | undefined, now: number): string | undefined {
  if (rule === 'none' || caller === undefined) return undefined
  const { has_passkey, wants_passkey, is_provisional } = caller
  if (rule === 'strict' && isWithin(caller.code_at, RECOVERED_MS, now)) return 'recovered'
  if (rule === 'strict') return has_passkey ? 'proof_missing' : 'not_enrolled'
  if (rule === 'enrol' && caller.may_enrol && isWithin(caller.code_at, CODE_WINDOW_MS, now)) return undefined
  const takesPassword = !has_passkey || !wants_passkey || (rule === 'remove' && is_provisional)
  if (!takesPassword) return 'proof_missing'
  return isWithin(caller.password_at, PASSWORD_WINDOW_MS, now) ? undefined : 'sign_in_too_old'
}

/** A sign-in from further in the future means that the clock was set back: how old it is can no longer be told. */
const SKEW_MS = 30_000

function isWithin(at: number | undefined, window_ms: number, now: number): boolean {
  return at !== undefined && now - at <= window_ms && at - now <= SKEW_MS
}
