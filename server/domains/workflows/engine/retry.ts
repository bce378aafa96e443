import type { RetryPolicy } from '../../../../contract/workflows.ts'

/** No wait between two attempts is longer. */
const WAIT_MS_MAX = 300_000
/**
 * Milliseconds before the next attempt, or `undefined` when there is none.
 *
 * @param attempt - the one that failed, from 1.
 * @param stretch - by how much it is made longer, or shorter: runs that failed together must not come back together.
 */
export function nextDelay(policy: RetryPolicy, attempt: number, stretch: number): number | undefined {
  if (attempt >= policy.max_attempts) return undefined
  const factor = { fixed: 1, linear: attempt, exponential: 2 ** (attempt - 1) }[policy.backoff_strategy]
  const delay = Math.min(policy.delay_ms * factor, WAIT_MS_MAX)
  return Math.round(delay * (1 + stretch))
}
