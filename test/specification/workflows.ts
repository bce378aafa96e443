import type { TypeFact } from './notation.ts'

/** The interfaces of the specification's Workflow Management API chapter, in its order. */
export const workflowsTypes: readonly TypeFact[] = [
  {
    name: 'Workflow',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'user_id', type: 'string', optional: false },
      { name: 'name', type: 'string', optional: false },
      { name: 'description', type: 'string', optional: false },
      { name: 'definition', type: { ref: 'WorkflowDefinition' }, optional: false },
      { name: 'is_active', type: 'boolean', optional: false },
      { name: 'created_at', type: 'string', optional: false },
      { name: 'updated_at', type: 'string', optional: false },
      { name: 'last_executed', type: 'string|null', optional: false },
      { name: 'execution_count', type: 'number', optional: false },
      { name: 'success_rate', type: 'number', optional: false },
    ],
  },
  {
    name: 'WorkflowDefinition',
    fields: [
      { name: 'trigger', type: { ref: 'WorkflowTrigger' }, optional: false },
      { name: 'steps', type: { array: { ref: 'WorkflowStep' } }, optional: false },
      { name: 'error_handling', type: { ref: 'ErrorHandling' }, optional: false },
      { name: 'timeout_ms', type: 'number', optional: false },
      { name: 'retry_policy', type: { ref: 'RetryPolicy' }, optional: false },
    ],
  },
  {
    name: 'WorkflowTrigger',
    fields: [
      {
        name: 'type',
        type: { enum: ['voice_command', 'agent_completion', 'schedule', 'webhook', 'manual'] },
        optional: false,
      },
      { name: 'conditions', type: 'object', optional: false },
      { name: 'source_agent', type: 'number', optional: true },
    ],
  },
  {
    name: 'WorkflowStep',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'action', type: 'string', optional: false },
      { name: 'parameters', type: 'object', optional: false },
      { name: 'depends_on', type: { array: 'string' }, optional: true },
      { name: 'condition', type: 'string', optional: true },
      { name: 'timeout_ms', type: 'number', optional: true },
    ],
  },
  {
    name: 'ErrorHandling',
    fields: [
      { name: 'strategy', type: { enum: ['fail_fast', 'continue', 'retry', 'fallback'] }, optional: false },
      { name: 'fallback_steps', type: { array: { ref: 'WorkflowStep' } }, optional: true },
      { name: 'notification_on_error', type: 'boolean', optional: false },
    ],
  },
  {
    name: 'RetryPolicy',
    fields: [
      { name: 'max_attempts', type: 'number', optional: false },
      { name: 'backoff_strategy', type: { enum: ['linear', 'exponential', 'fixed'] }, optional: false },
      { name: 'delay_ms', type: 'number', optional: false },
    ],
  },
]
