import type { ErrorHandling, RetryPolicy, WorkflowDefinition } from '../../../../contract/workflows.ts'

/** At times of the user's clock. */
export function at(cron: string): WorkflowDefinition['trigger'] {
  return { type: 'schedule', conditions: { cron } }
}

/** Each step has its chance, and the text that is told says which one failed: nobody needs to be told twice. */
export const TELLS_ITSELF: ErrorHandling = { strategy: 'continue', notification_on_error: false }

export const ONCE: RetryPolicy = { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 }

/** What failed may be well again after a minute. */
export const AGAIN: RetryPolicy = { max_attempts: 2, backoff_strategy: 'fixed', delay_ms: 60_000 }

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
