import { ERRORS } from '../../../../contract/errors.ts'
import type { RetryPolicy } from '../../../../contract/workflows.ts'
import { iso } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import { CancelledError } from '../../../kernel/job.ts'
import { maskSecrets } from '../../../kernel/mask.ts'
import type { ExecutionRow } from '../../agents/store.ts'
import { nextDelay } from './retry.ts'
import type { StepState } from './state.ts'

/** Whether another attempt may mend it, cannot, or must not be made because the first may have succeeded. */
export type Failure = 'failed' | 'final' | 'unknown'

/** No such agent, nothing that it could do with what it was given, or more results than a run can have. */
const HOPELESS = [
  'AGENT_NOT_FOUND',
  'AGENT_CONFIG_INVALID',
  'VALIDATION_ERROR',
  'WORKFLOW_EXECUTION_FAILED',
] as const
/** Refusals that another attempt meets again. Before anything was tried, a failure is that there is no such action. */
const FINAL: ReadonlySet<string> = new Set([...HOPELESS, 'AGENT_EXECUTION_FAILED'])
/** The same as the beginning of what an execution says. */
export const FINAL_CODE = new RegExp(`^(?:${HOPELESS.map((name) => ERRORS[name].code).join('|')}):`, 'u')

/** An attempt that failed, and the seconds after which another one makes sense, if anybody has said so. */
export interface Failed {
  message: string
  kind: Failure
  retry_after_s?: number | undefined
}

export const STOPPED_UNDER_WAY = 'It was stopped when it was under way: it may have happened or not.'

/**
 * Why a step could not be performed, or was stopped by itself; nothing for what is no matter of the step.
 *
 * @param isOut - whether what it was for may have happened outside; nothing where no record of it is left.
 */
export function failureOf(error: unknown, isOut: boolean | undefined): Failed | undefined {
  if (error instanceof CancelledError)
    return isOut !== false
      ? { message: `CANCELLED: ${STOPPED_UNDER_WAY}`, kind: 'unknown' }
      : { message: 'CANCELLED: It was stopped.', kind: 'final' }
  if (!(error instanceof Fault)) return undefined
  const { code, message, retry_after_s } = error
  const kind = isOut === true ? 'unknown' : FINAL.has(error.name) ? 'final' : 'failed'
  return { message: `${code}: ${message}`, kind, retry_after_s }
}

/** How an execution ended that may have been begun by an earlier process. */
export interface Ended extends Pick<Failed, 'retry_after_s'> {
  ended: ExecutionRow
  wasBegun: boolean
}

/** Characters that are kept of why an attempt failed: each is kept, and told. */
const ERROR_CHARACTERS_MAX = 4_000

/** A step after an attempt that failed: waiting for another one, or over. */
export function afterFailure(
  policy: RetryPolicy,
  state: StepState,
  { message, kind, now, stretch, retry_after_s = 0 }: Failed & { now: number; stretch: number },
): StepState {
  // What is cut through is no longer known as a secret.
  const whole = message.length > ERROR_CHARACTERS_MAX ? maskSecrets(message) : message
  const error = whole.slice(0, ERROR_CHARACTERS_MAX).toWellFormed()
  const ended = { ...state, error, ended_at: iso(now), wake: null }
  if (kind === 'unknown') return { ...ended, status: 'unknown' }
  const delay_ms =
    kind === 'final' ? undefined : nextDelay(policy, { attempt: state.attempts, retry_after_s, stretch })
  if (delay_ms === undefined) return { ...ended, status: 'failed' }
  const { execution_id, started_at } = state
  const failed = { execution_id, started_at, ended_at: iso(now), error }
  return {
    ...ended,
    status: 'pending',
    ended_at: null,
    execution_id: null,
    wake: now + delay_ms,
    tries: [...state.tries, failed],
  }
}
