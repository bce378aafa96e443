import type {
  ErrorHandling,
  RetryPolicy,
  WorkflowDefinition,
  WorkflowStep,
} from '../../contract/workflows.ts'
import type { Attempt } from './reference.ts'

export type Steps = readonly WorkflowStep[]
export interface Settings {
  strategy: ErrorHandling['strategy']
  fallback: Steps
  retry: [max_attempts: number, backoff_strategy: RetryPolicy['backoff_strategy'], delay_ms: number]
  timeout_ms: number
}

/** A step whose attempts go as a script says. */
export const act = (id: string, more: Partial<WorkflowStep> = {}): WorkflowStep => ({
  id,
  agent_number: 20,
  action: 'act',
  parameters: { step: id },
  ...more,
})
/** What a step of a graph has besides. */
export const after = (depends_on: string[], condition?: string): Partial<WorkflowStep> => ({
  depends_on,
  ...(condition !== undefined && { condition }),
})
export const set = (id: string, value: string): WorkflowStep =>
  act(id, { agent_number: 0, action: 'set', parameters: { value } })
export const wait = (id: string, seconds: number): WorkflowStep =>
  act(id, { agent_number: 0, action: 'wait', parameters: { seconds } })
export const ok = (ms: number, n = 7): Attempt => ({ ms, outcome: 'ok', result: { n } })
export const fail = (ms: number): Attempt => ({ ms, outcome: 'fail', error: 'no' })
export const final = (ms: number): Attempt => ({ ms, outcome: 'final', error: 'never' })

/** A definition without what does not matter here: `fail_fast`, one attempt and much time, unless told. */
export function flow(
  steps: Steps,
  { strategy, fallback, retry, timeout_ms }: Partial<Settings> = {},
): WorkflowDefinition {
  const [max_attempts, backoff_strategy, delay_ms] = retry ?? [1, 'fixed', 100]
  return {
    trigger: { type: 'manual', conditions: {} },
    steps: [...steps],
    error_handling: {
      strategy: strategy ?? 'fail_fast',
      ...(fallback && { fallback_steps: [...fallback] }),
      notification_on_error: false,
    },
    timeout_ms: timeout_ms ?? 1_000_000,
    retry_policy: { max_attempts, backoff_strategy, delay_ms },
  }
}
