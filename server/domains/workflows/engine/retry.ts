import type { RetryPolicy } from '../../../../contract/workflows.ts'

/** No wait between two attempts is longer. */
const WAIT_MS_MAX = 300_000

/**
 * Milliseconds before the next attempt, or `undefined` when there is none.
 *
 * @param attempt - the one that failed, from 1.
 * @param retry_after_s - how long it has asked to be left alone: an earlier attempt is of no use.
 * @param stretch - by how much it is made longer, or shorter: runs that failed together must not come back together.
 */
export function nextDelay(
  policy: RetryPolicy,
  { attempt, retry_after_s = 0, stretch }: { attempt: number; retry_after_s?: number; stretch: number },
): number | undefined {
  if (attempt >= policy.max_attempts) return undefined
  const factor = { fixed: 1, linear: attempt, exponential: 2 ** (attempt - 1) }[policy.backoff_strategy]
  const delay = Math.min(policy.delay_ms * factor, WAIT_MS_MAX)
  const asked = Math.min(retry_after_s * 1_000, WAIT_MS_MAX)
  return Math.round(Math.max(delay * (1 + stretch), asked * (1 + Math.abs(stretch))))
}
