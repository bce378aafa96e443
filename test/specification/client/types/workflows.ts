/** The chapter Workflow Management API of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */

export interface Workflow {
  id: string
  user_id: string
  name: string
  description: string
  definition: WorkflowDefinition
  is_active: boolean
  created_at: string
  updated_at: string
  last_executed: string | null
  execution_count: number
  success_rate: number
}

export interface WorkflowDefinition {
  trigger: WorkflowTrigger
  steps: WorkflowStep[]
  error_handling: ErrorHandling
  timeout_ms: number
  retry_policy: RetryPolicy
}

export interface WorkflowTrigger {
  type: 'voice_command' | 'agent_completion' | 'schedule' | 'webhook' | 'manual'
  conditions: Record<string, unknown>
  source_agent?: number
}

export interface WorkflowStep {
  id: string
  agent_number: number
  action: string
  parameters: Record<string, unknown>
  depends_on?: string[] // Step IDs
  condition?: string // JavaScript expression
  timeout_ms?: number
}

export interface ErrorHandling {
  strategy: 'fail_fast' | 'continue' | 'retry' | 'fallback'
  fallback_steps?: WorkflowStep[]
  notification_on_error: boolean
}

export interface RetryPolicy {
  max_attempts: number
  backoff_strategy: 'linear' | 'exponential' | 'fixed'
  delay_ms: number
}
