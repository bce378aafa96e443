import { Type } from 'typebox'
import { area, object, operation } from './operation.ts'
import {
  AgentNumber,
  FreeMap,
  Id,
  Priority,
  Text,
  Time,
  TimeoutMs,
  next_cursor,
  nullable,
  page,
} from './shapes.ts'
import { WorkflowTrigger } from './triggers.ts'
import { Count, SuccessRate } from './units.ts'

/**
 * Steps of a workflow, `fallback_steps` counted apart. Not a bound of the schema, because a definition with too many
 * or none is well-formed: it is refused with `WORKFLOW_003` beside its other problems.
 */
export const WORKFLOW_STEPS_MAX = 200

/** Milliseconds, at most a day. */
const dayMs = (minimum: number) => Type.Integer({ minimum, maximum: 86_400_000 })
const StepId = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })

/**
 * One action of one agent. `condition` is an expression of the bounded subset (decision 22); `timeout_ms` holds for
 * each attempt, 30,000 or the workflow's own when that is shorter.
 */
export const WorkflowStep = object({
  id: StepId,
  agent_number: AgentNumber,
  action: Text(80, 1),
  parameters: FreeMap,
  depends_on: Type.Optional(Type.Array(StepId, { maxItems: WORKFLOW_STEPS_MAX })),
  condition: Type.Optional(Text(4096)),
  timeout_ms: Type.Optional(dayMs(1)),
})
export type WorkflowStep = Type.Static<typeof WorkflowStep>

/** What follows when the attempts of a step are exhausted. `fallback_steps` are needed by `fallback`. */
export const ErrorHandling = object({
  strategy: Type.Enum(['fail_fast', 'continue', 'retry', 'fallback']),
  fallback_steps: Type.Optional(Type.Array(WorkflowStep)),
  notification_on_error: Type.Boolean(),
})
export type ErrorHandling = Type.Static<typeof ErrorHandling>

/** Attempts per step, the first one counted. No wait between two attempts is longer than 5 minutes. */
export const RetryPolicy = object({
  max_attempts: Type.Integer({ minimum: 1, maximum: 10 }),
  backoff_strategy: Type.Enum(['linear', 'exponential', 'fixed']),
  delay_ms: dayMs(0),
})
export type RetryPolicy = Type.Static<typeof RetryPolicy>

/**
 * `timeout_ms` bounds a whole execution with its retries, without the wait in the queue. How large a definition may be is
 * told where it is checked, with `TOO_LARGE` and `TOO_MANY_EXPRESSIONS`.
 */
export const WorkflowDefinition = object({
  trigger: WorkflowTrigger,
  steps: Type.Array(WorkflowStep),
  error_handling: ErrorHandling,
  timeout_ms: dayMs(1),
  retry_policy: RetryPolicy,
})
export type WorkflowDefinition = Type.Static<typeof WorkflowDefinition>

/**
 * `webhook_path` is additive and there for the trigger `webhook` alone: the path with the token that starts the
 * workflow. `webhook_secret`, for a webhook whose calls are signed, and `agent_webhooks`, those that agents have for this
 * workflow, are in `GET /workflows/:id` alone, so that what lists workflows, or keeps what was answered, holds no secret.
 */
export const Workflow = object({
  id: Id,
  user_id: Id,
  name: Type.String(),
  description: Type.String(),
  definition: WorkflowDefinition,
  is_active: Type.Boolean(),
  created_at: Time,
  updated_at: Time,
  last_executed: nullable(Time),
  execution_count: Count,
  success_rate: SuccessRate,
  webhook_path: Type.Optional(Type.String()),
  webhook_secret: Type.Optional(Type.String()),
  agent_webhooks: Type.Optional(
    Type.Array(object({ agent_id: Id, path: Type.String(), secret: Type.Optional(Type.String()) })),
  ),
})
export type Workflow = Type.Static<typeof Workflow>

export const WorkflowStatus = Type.Enum(['queued', 'executing', 'completed', 'failed', 'stopped'])

/** One step of an execution. `unknown` is an outside effect whose end was lost in a crash and is not repeated. */
export const StepRecord = object({
  step_id: Type.String(),
  status: Type.Enum([
    'pending',
    'executing',
    'waiting',
    'completed',
    'failed',
    'skipped',
    'stopped',
    'unknown',
  ]),
  attempts: Type.Integer(),
  started_at: nullable(Time),
  ended_at: nullable(Time),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.String()),
})
export type StepRecord = Type.Static<typeof StepRecord>

/** A step with all that is known of it. `parameters` is what its action was given, `tries` its attempts that failed before the last. */
export const StepDetail = object({
  ...StepRecord.properties,
  parameters: Type.Optional(Type.Unknown()),
  agent_execution_id: Type.Optional(Id),
  tries: Type.Array(object({ started_at: nullable(Time), ended_at: Time, error: Type.String() })),
  waits_for: Type.Optional(Type.String()),
  next_attempt_at: Type.Optional(Time),
})
export type StepDetail = Type.Static<typeof StepDetail>

/** A row of the history (decision 25). `duration` in milliseconds, null until the end. */
export const WorkflowExecution = object({
  execution_id: Id,
  status: WorkflowStatus,
  trigger_source: Type.String(),
  started_at: nullable(Time),
  ended_at: nullable(Time),
  duration: nullable(Type.Number({ description: 'Milliseconds; null until the end.' })),
  error: Type.Optional(Type.String()),
  steps: Type.Array(StepRecord),
})
export type WorkflowExecution = Type.Static<typeof WorkflowExecution>

const execution_facts = {
  workflow_id: Id,
  trigger: FreeMap,
  input: Type.Unknown(),
  priority: Priority,
  created_at: Time,
  replay_of: nullable(Id),
  from_step: nullable(StepId),
}

/** One execution with everything that is recorded of it; secrets are masked. */
export const ExecutionDetail = object({
  ...WorkflowExecution.properties,
  ...execution_facts,
  definition: WorkflowDefinition,
  steps: Type.Array(StepDetail),
})
export type ExecutionDetail = Type.Static<typeof ExecutionDetail>

/** A step as two executions had it; a side that has no such step is null. */
export const StepComparison = object({
  step_id: Type.String(),
  same: Type.Boolean(),
  differs_in: Type.Array(Type.Enum(['status', 'attempts', 'parameters', 'result', 'error', 'definition'])),
  left: nullable(StepDetail),
  right: nullable(StepDetail),
})
export type StepComparison = Type.Static<typeof StepComparison>

/** A ready-made workflow. */
export const GalleryEntry = object({
  name: Type.String(),
  title: Type.String(),
  description: Type.String(),
  definition: WorkflowDefinition,
})
export type GalleryEntry = Type.Static<typeof GalleryEntry>

/** What starting a workflow answers. `results` by step id, once the execution has ended. */
export const WorkflowReceipt = object({
  execution_id: Id,
  status: WorkflowStatus,
  results: Type.Optional(FreeMap),
})
export type WorkflowReceipt = Type.Static<typeof WorkflowReceipt>

/** One thing wrong with a definition, or worth knowing about it. `path` is a JSON pointer into the definition. */
export const DefinitionProblem = object({ path: Type.String(), code: Type.String(), message: Type.String() })
export type DefinitionProblem = Type.Static<typeof DefinitionProblem>

const run_filter = {
  status: Type.Optional(WorkflowStatus),
  trigger_source: Type.Optional(Text(80, 1)),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
}

const settable = {
  name: Text(80, 1),
  description: Text(2000),
  definition: WorkflowDefinition,
  is_active: Type.Boolean(),
}

/**
 * What starts a workflow from outside. The daily quota is not among its limits: what that refuses is recorded, which
 * the guards before a call cannot do.
 */
const webhook = {
  who: 'public',
  outcome: 'accepted',
  effect: 'store',
  carries: 'webhook',
  // The body belongs to the sender, so its fields are free; the token is taken from the path alone.
  input: Type.Object({ token: Text(128, 1) }, { additionalProperties: true }),
  output: WorkflowReceipt,
} as const

export const workflows = area('workflows', {
  list: operation({
    http: 'GET /workflows',
    summary:
      'The workflows of the user, by name; unless `limit` is given all of them, in pages of about a megabyte.',
    input: object({ ...page, active: Type.Optional(Type.Boolean()) }),
    output: object({
      workflows: Type.Array(Workflow),
      total_count: Type.Integer(),
      active_count: Type.Integer(),
      next_cursor,
    }),
  }),
  create: operation({
    http: 'POST /workflows',
    summary: 'Makes a workflow.',
    proof: 'account',
    key: 'header',
    status: 201,
    input: object({
      name: settable.name,
      description: Type.Optional(settable.description),
      definition: settable.definition,
      is_active: Type.Optional(settable.is_active),
    }),
    output: Workflow,
  }),
  get: operation({
    http: 'GET /workflows/:id',
    summary: 'One workflow.',
    input: object({ id: Id }),
    output: Workflow,
  }),
  update: operation({
    http: 'PUT /workflows/:id',
    summary: 'Changes some fields of a workflow; running executions keep the definition they started with.',
    proof: 'account',
    input: object({ id: Id, ...Type.Partial(object(settable)).properties }),
    output: Workflow,
  }),
  delete: operation({
    http: 'DELETE /workflows/:id',
    summary: 'Deletes a workflow; a rollback brings it back.',
    proof: 'account',
    input: object({ id: Id }),
  }),
  restore: operation({
    http: 'POST /workflows/:id/restore',
    summary: 'Brings a deleted workflow back, as it was, with its runs.',
    proof: 'account',
    key: 'header',
    input: object({ id: Id }),
    output: Workflow,
  }),
  execute: operation({
    http: 'POST /workflows/:id/execute',
    summary: 'Starts a workflow.',
    outcome: 'accepted',
    limits: ['workflow_executions_per_day'],
    key: 'request_id',
    socket: { event: 'workflow:execute', args: ['id', 'input_data'], rename: { workflow_id: 'id' } },
    message: 'workflow.execute',
    agents: true,
    input: object({
      id: Id,
      input_data: Type.Optional(Type.Unknown()),
      wait_for_completion: Type.Optional(Type.Boolean()),
      timeout_ms: Type.Optional(TimeoutMs),
      priority: Type.Optional(Priority),
      request_id: Type.Optional(Text(128, 1)),
    }),
    output: WorkflowReceipt,
  }),
  history: operation({
    http: 'GET /workflows/:id/history',
    summary: 'The executions of a workflow with their steps, newest first.',
    input: object({ id: Id, ...run_filter, ...page }),
    output: object({ executions: Type.Array(WorkflowExecution), next_cursor }),
  }),
  executions: operation({
    http: 'GET /workflows/executions',
    summary: 'The executions of all workflows of the user, newest first.',
    input: object({ ...run_filter, ...page }),
    output: object({
      executions: Type.Array(
        object({ ...WorkflowExecution.properties, workflow_id: Id, workflow_name: Type.String() }),
      ),
      next_cursor,
    }),
  }),
  execution: operation({
    http: 'GET /workflows/executions/:id/detail',
    summary:
      'One execution with all that is recorded of it; with `as_of`, as it was when that step had its outcome.',
    input: object({ id: Id, as_of: Type.Optional(StepId) }),
    output: ExecutionDetail,
  }),
  compare: operation({
    http: 'GET /workflows/executions/:id/compare/:other_id',
    summary: 'Where two executions of the same workflow differ, step by step.',
    input: object({ id: Id, other_id: Id }),
    output: object({
      same: Type.Boolean(),
      status: object({ left: WorkflowStatus, right: WorkflowStatus }),
      input_differs: Type.Boolean(),
      steps: Type.Array(StepComparison),
    }),
  }),
  resume: operation({
    http: 'POST /workflows/executions/:id/resume',
    summary: 'Answers a step that waits for approval; the one that waits, unless `step_id` names it.',
    key: 'header',
    input: object({
      id: Id,
      step_id: Type.Optional(StepId),
      approved: Type.Boolean(),
      note: Type.Optional(Text(2000)),
    }),
    output: WorkflowExecution,
  }),
  gallery: operation({
    http: 'GET /workflows/gallery',
    summary: 'Ready-made workflows.',
    output: object({ workflows: Type.Array(GalleryEntry) }),
  }),
  validate: operation({
    http: 'POST /workflows/validate',
    summary: 'Tells everything that is wrong with a definition, given as `definition` or as the body itself.',
    effect: 'none',
    // Loose on purpose: a wrong shape is a problem to report here, not a reason to refuse the question.
    input: object({
      definition: Type.Optional(Type.Unknown()),
      trigger: Type.Optional(Type.Unknown()),
      steps: Type.Optional(Type.Unknown()),
      error_handling: Type.Optional(Type.Unknown()),
      timeout_ms: Type.Optional(Type.Unknown()),
      retry_policy: Type.Optional(Type.Unknown()),
    }),
    output: object({
      valid: Type.Boolean(),
      errors: Type.Array(DefinitionProblem),
      warnings: Type.Array(DefinitionProblem),
    }),
  }),
  stop: operation({
    http: 'POST /workflows/executions/:id/stop',
    summary: 'Stops one execution of a workflow within a second.',
    unlimited: true,
    vital: true,
    socket: { event: 'workflow:stop', args: ['id'], rename: { execution_id: 'id' } },
    input: object({ id: Id }),
    output: WorkflowExecution,
  }),
  replay: operation({
    http: 'POST /workflows/executions/:id/replay',
    summary: 'Runs an execution again from a step on, with the recorded results of the steps before it.',
    outcome: 'accepted',
    limits: ['workflow_executions_per_day'],
    key: 'header',
    input: object({ id: Id, from_step: Type.Optional(StepId), input: Type.Optional(Type.Unknown()) }),
    output: WorkflowReceipt,
  }),
  hook: operation({
    http: 'POST /hooks/:token',
    summary:
      'Starts the workflow that waits for this webhook; the body is its input, `?wait=30` waits for the end.',
    ...webhook,
  }),
  hook_put: operation({
    http: 'PUT /hooks/:token',
    summary: 'Starts the workflow that waits for this webhook by PUT.',
    ...webhook,
  }),
  hook_get: operation({
    http: 'GET /hooks/:token',
    summary: 'Starts the workflow that waits for this webhook by GET.',
    ...webhook,
  }),
})
