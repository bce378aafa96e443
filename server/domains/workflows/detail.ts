import { stored } from '../../kernel/stored.ts'
import type { AgentCommand } from '../../../contract/agents.ts'
import type { ExecutionDetail, StepComparison, StepDetail } from '../../../contract/workflows.ts'
import { iso } from '../../kernel/clock.ts'
import { canonical } from '../../kernel/canonical.ts'
import type { Plan } from './definition.ts'
import { toStep } from './engine/state.ts'
import type { RunRow, StepRow } from './store.ts'
import { toExecution } from './view.ts'
import type { Show } from './view.ts'

interface Around {
  plan: Plan
  /** Commands of agents' executions, by id. */
  commands: ReadonlyMap<string, AgentCommand>
  performing: ReadonlyMap<string, { started_at: string }> | undefined
  show: Show
}

/** Everything that is recorded of a run. */
export function toDetail(
  row: RunRow,
  steps: readonly StepRow[],
  { plan, commands, performing, show }: Around,
): ExecutionDetail {
  const shown = toExecution(row, steps, { order: [...plan.main.steps.keys()], performing, show })
  const rows = new Map(steps.map((step) => [step.step_id, step]))
  return {
    ...shown,
    workflow_id: row.workflow_id,
    trigger: show(stored<Record<string, unknown>>(row.trigger_data) ?? {}),
    input: show(stored(row.input) ?? null),
    priority: row.priority,
    created_at: row.created_at,
    replay_of: row.replay_of,
    from_step: row.from_step,
    definition: show(plan.definition),
    steps: shown.steps.map((record) => {
      const step = rows.get(record.step_id)
      return step === undefined ? { ...record, tries: [] } : { ...record, ...furtherOf(step, commands, show) }
    }),
  }
}

function furtherOf(
  row: StepRow,
  commands: Around['commands'],
  show: Show,
): Omit<StepDetail, 'step_id' | 'status' | 'attempts' | 'started_at' | 'ended_at'> {
  const { input, tries, wake, waits_for, execution_id } = toStep(row)
  const parameters = input ?? (execution_id === null ? undefined : commands.get(execution_id)?.parameters)
  return {
    tries: tries.map(({ started_at, ended_at, error }) => ({ started_at, ended_at, error: show(error) })),
    ...(parameters === undefined ? {} : { parameters: show(parameters) }),
    ...(execution_id === null ? {} : { agent_execution_id: execution_id }),
    ...(waits_for === null ? {} : { waits_for }),
    ...(wake === null || row.status !== 'pending' ? {} : { next_attempt_at: iso(wake) }),
  }
}

const COMPARED = ['status', 'attempts', 'parameters', 'result', 'error'] as const

/** Where two runs differ, step by step. Times and ids differ always, and are not looked at. */
export function compare(left: ExecutionDetail, right: ExecutionDetail) {
  const ids = new Set([...left.steps, ...right.steps].map(({ step_id }) => step_id))
  const steps = [...ids].map((id) => compareStep(id, left, right))
  const input_differs = !isEqual(left.input, right.input)
  return {
    same: !input_differs && left.status === right.status && steps.every(({ same }) => same),
    status: { left: left.status, right: right.status },
    input_differs,
    steps,
  }
}

function compareStep(step_id: string, left: ExecutionDetail, right: ExecutionDetail): StepComparison {
  const of = (run: ExecutionDetail) => run.steps.find((step) => step.step_id === step_id) ?? null
  const written = ({ definition: { steps, error_handling } }: ExecutionDetail) =>
    [...steps, ...(error_handling.fallback_steps ?? [])].find(({ id }) => id === step_id)
  const [a, b] = [of(left), of(right)]
  const differs_in: StepComparison['differs_in'] = COMPARED.filter(
    (field) => !isEqual(a?.[field], b?.[field]),
  )
  if (!isEqual(written(left), written(right))) differs_in.push('definition')
  return { step_id, same: differs_in.length === 0, differs_in, left: a, right: b }
}

function isEqual(a: unknown, b: unknown): boolean {
  return canonical(a ?? null) === canonical(b ?? null)
}
