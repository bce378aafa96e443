import { Fault } from '../../kernel/fault.ts'
import type { FoundToken } from './store.ts'

/** Two tabs of a browser often wake together, and a phone that lost the answer asks again (decision 5). */
const GRACE_MS = 10_000
/** A session ends when it is not used this long, and this long after it began even if it is. */
export const IDLE_MS = 30 * 86_400_000
export const ABSOLUTE_MS = 90 * 86_400_000

/** `exchange`: the current token; `repeat`: its parent, just exchanged; everything else is refused. */
type Verdict = 'exchange' | 'repeat' | 'reused' | 'ended' | 'expired' | 'unknown'

/** What is to be done with a refresh token that somebody presents. */
export function judge(found: FoundToken | undefined, now: number): Verdict {
  if (found === undefined) return 'unknown'
  if (found.ended_at !== null) return 'ended'
  const used_at = Date.parse(found.last_used_at)
  if (now - used_at >= IDLE_MS || now - Date.parse(found.created_at) >= ABSOLUTE_MS) return 'expired'
  if (found.token_generation === found.generation) return 'exchange'
  // The distance counts, not the direction: a clock that steps back a little must not end the session.
  const isParent = found.token_generation === found.generation - 1 && Math.abs(now - used_at) <= GRACE_MS
  return isParent ? 'repeat' : 'reused'
}

/** The code and the sentence for a token that is refused. */
const REFUSALS = {
  unknown: ['INVALID_CREDENTIALS', 'This refresh token is not known.'],
  expired: ['TOKEN_EXPIRED', 'The session has expired. Sign in again.'],
  reused: ['UNAUTHORIZED', 'This refresh token was used before, so its session was ended.'],
  ended: ['UNAUTHORIZED', 'The session has ended. Sign in again.'],
} as const

/** What the bearer of a refused token is told. */
export function refusal(verdict: Exclude<Verdict, 'exchange' | 'repeat'>): Fault {
  const [name, message] = REFUSALS[verdict]
  return new Fault(name, message)
}
