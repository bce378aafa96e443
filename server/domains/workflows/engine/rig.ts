import type {
  ExecutionDetail,
  StepRecord,
  WorkflowDefinition,
  WorkflowStep,
} from '../../../../contract/workflows.ts'
import type { Stage } from '../rig.ts'

/** A step of the engine's own. */
export function own(
  id: string,
  action: string,
  parameters: Record<string, unknown> = {},
  more: Partial<WorkflowStep> = {},
): WorkflowStep {
  return { id, agent_number: 0, action, parameters, ...more }
}

export function statuses({ steps }: { steps: readonly StepRecord[] }): Record<string, string> {
  return Object.fromEntries(steps.map(({ step_id, status }) => [step_id, status]))
}

export function stepOf(
  { steps }: Pick<ExecutionDetail, 'steps'>,
  id: string,
): ExecutionDetail['steps'][number] {
  const found = steps.find(({ step_id }) => step_id === id)
  if (found === undefined) throw new Error(`There is no step ${id}.`)
  return found
}

export function handling(
  strategy: WorkflowDefinition['error_handling']['strategy'],
  fallback_steps?: WorkflowStep[],
): Pick<WorkflowDefinition, 'error_handling'> {
  const given = fallback_steps === undefined ? {} : { fallback_steps }
  return { error_handling: { strategy, notification_on_error: false, ...given } }
}

export function retrying(max_attempts: number, delay_ms = 0): Pick<WorkflowDefinition, 'retry_policy'> {
  return { retry_policy: { max_attempts, delay_ms, backoff_strategy: 'fixed' } }
}

/** A run that was started and has come as far as it does without time passing. */
export async function begun(
  stage: Stage,
  definition: Partial<WorkflowDefinition>,
  input?: unknown,
): Promise<{ id: string; workflow_id: string }> {
  const { id: workflow_id } = await stage.create(definition)
  const { execution_id } = await stage.start(workflow_id, input)
  await stage.settle(0)
  return { id: execution_id, workflow_id }
}

interface About {
  execution_id?: string
  step_id?: string
  status?: string
  success?: boolean
  command?: { context?: { workflow?: { execution_id: string; step_id: string } } }
}

/** What was told of a run, a line each: what, of which step, and how it went. */
export async function lines(stage: Stage, run_id: string): Promise<string[]> {
  return (await stage.told()).flatMap(({ name, data }) => {
    const { execution_id, step_id, status, success, command } = data as About
    const { workflow = { execution_id, step_id } } = command?.context ?? {}
    if (workflow.execution_id !== run_id) return []
    const how = status ?? (success === undefined ? '' : String(success))
    return [[name, workflow.step_id ?? '', how].filter((part) => part !== '').join(' ')]
  })
}

/** Lets time go by, and then everything happen that follows at once. */
export async function pass(stage: Stage, ms: number): Promise<void> {
  stage.clock.advance(ms)
  await stage.settle(0)
}
