import type { RetryPolicy } from '../../../../contract/workflows.ts'
import { iso } from '../../../kernel/clock.ts'
import { nextDelay } from './retry.ts'
import type { StepState } from './state.ts'

/** Whether another attempt may mend it, cannot, or must not be made because the first may have succeeded. */
export type Failure = 'failed' | 'final' | 'unknown'

/** A step after an attempt that failed: waiting for another one, or over. */
export function afterFailure(
  policy: RetryPolicy,
  state: StepState,
  { message, kind, now, stretch }: { message: string; kind: Failure; now: number; stretch: number },
): StepState {
  const ended = { ...state, error: message, ended_at: iso(now), wake: null }
  if (kind === 'unknown') return { ...ended, status: 'unknown' }
  const delay_ms = kind === 'final' ? undefined : nextDelay(policy, state.attempts, stretch)
  if (delay_ms === undefined) return { ...ended, status: 'failed' }
  const { execution_id, started_at } = state
  const failed = { execution_id, started_at, ended_at: iso(now), error: message }
  return {
    ...ended,
    status: 'pending',
    ended_at: null,
    execution_id: null,
    wake: now + delay_ms,
    tries: [...state.tries, failed],
  }
}
