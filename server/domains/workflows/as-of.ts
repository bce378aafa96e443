import { Fault } from '../../kernel/fault.ts'
import type { Plan } from './definition.ts'
import { hasOutcome, toRow, toStep } from './engine/state.ts'
import type { StepState } from './engine/state.ts'
import type { RunRow, StepRow } from './store.ts'

/** A run as it was when one of its steps had its outcome: what came later had not happened. @throws Fault */
export function asOf(
  row: RunRow,
  steps: readonly StepRow[],
  plan: Plan,
  step_id: string,
): { row: RunRow; steps: StepRow[] } {
  const until = steps.find((step) => step.step_id === step_id && hasOutcome(step))
  if (until === undefined || until.ended_at === null) {
    throw new Fault('VALIDATION_ERROR', `The step ${step_id} has no outcome in this execution.`, {
      issues: [{ path: '/as_of', message: 'is no step that has an outcome' }],
    })
  }
  const { seq, ended_at } = until
  const known = steps.flatMap((step) => {
    if (step.seq <= seq) return [step]
    const state = atTime(toStep(step), isOwn(plan, step.step_id), ended_at)
    return state === undefined ? [] : [toRow(row, step.step_id, state)]
  })
  if (steps.every((step) => step.seq <= seq)) return { row, steps: known }
  return { row: { ...row, status: 'executing', error: null, ended_at: null }, steps: known }
}

/** Whether a step is an action of the engine itself, which can have been waiting. */
function isOwn({ main, fallback }: Plan, id: string): boolean {
  return (main.steps.get(id) ?? fallback.steps.get(id))?.step.agent_number === 0
}

/** A step that had its outcome later, if it had begun before a time: under way, waiting, or between two attempts. */
function atTime(state: StepState, is_own: boolean, time: string): StepState | undefined {
  const later = { ...state, result: null, error: null, ended_at: null, answer: undefined, wake: null }
  const begun = [...state.tries, state].filter(({ started_at }) => started_at !== null && started_at < time)
  const attempt = begun.at(-1)
  if (attempt === undefined) return undefined
  const { execution_id, started_at } = attempt
  const of = { ...later, attempts: begun.length, execution_id, started_at }
  const ended = state.tries[begun.length - 1]
  if (ended === undefined || ended.ended_at >= time)
    return { ...of, status: is_own ? 'waiting' : 'executing', tries: state.tries.slice(0, begun.length - 1) }
  const tries = state.tries.slice(0, begun.length)
  return { ...of, status: 'pending', execution_id: null, waits_for: null, error: ended.error, tries }
}
