import type { WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'

/** A definition as the benchmarks use it: a list of steps, started by hand. */
export function defined(steps: readonly WorkflowStep[]): WorkflowDefinition {
  return {
    trigger: { type: 'manual', conditions: {} },
    steps: [...steps],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: 3_600_000,
    retry_policy: { max_attempts: 3, backoff_strategy: 'exponential', delay_ms: 1_000 },
  }
}

export function step(
  id: string,
  agent_number: number,
  action: string,
  parameters: Record<string, unknown>,
): WorkflowStep {
  return { id, agent_number, action, parameters }
}

/**
 * Ten steps, half of which write: three values that are worked out and two sums of the agent Data; three memories, and
 * an item that is put on a list and taken off again, so that the list is as long in the last round as in the first.
 * What is remembered names the input, since what is said twice is remembered once.
 */
export const TEN_STEPS: readonly WorkflowStep[] = [
  step('order', 0, 'set', { value: { number: '{{input.n}}', items: 3 } }),
  step('price', 5, 'calculate', { expression: '{{input.n}} * 12' }),
  step('note', 2, 'remember', { text: 'the order of my bike number {{input.n}} came in' }),
  step('total', 0, 'set', { value: '{{steps.price.result.value + steps.order.result.value.items}}' }),
  step('put', 4, 'add', { items: ['call about order {{input.n}}'], list: 'calls' }),
  step('share', 5, 'calculate', { expression: '17 percent of {{steps.total.result.value}}' }),
  step('keep', 2, 'remember', { text: 'the lock code of my bike number {{input.n}} is {{input.code}}' }),
  step('done', 4, 'remove', { items: ['call about order {{input.n}}'], list: 'calls' }),
  step('shown', 0, 'set', { value: 'Order {{input.n}}: {{steps.share.result.value}}' }),
  step('sum', 2, 'remember', { text: 'my bike number {{input.n}} did cost {{steps.total.result.value}}' }),
]
export const MIX = '3 set, 2 calculate, 3 remember, 1 add to a list, 1 remove from it'
