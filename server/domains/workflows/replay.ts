import type { Plan } from './definition.ts'
import { Fault } from '../../kernel/fault.ts'
import type { RunRow, StepRow } from './store.ts'

/**
 * What of a run stands for a replay from a step on: the outcomes of all steps that neither are it nor wait for it. What
 * failed or was stopped is tried again, and so is everything of a fallback.
 *
 * @throws Fault `VALIDATION_ERROR` for a step that the workflow does not have.
 */
export function recordedBefore(
  plan: Plan,
  steps: readonly StepRow[],
  from_step: string | undefined,
): StepRow[] {
  if (from_step === undefined) return []
  const { main } = plan
  if (!main.steps.has(from_step))
    throw new Fault('VALIDATION_ERROR', `The workflow has no step ${from_step}.`, {
      issues: [{ path: '/from_step', message: 'is no step of the workflow' }],
    })
  const again = new Set([from_step])
  // Steps may be written in any order, so it takes as many rounds as the longest way through them.
  for (let before = 0; before < again.size;) {
    before = again.size
    for (const [id, { after }] of main.steps) if (after.some((other) => again.has(other))) again.add(id)
  }
  const kept = steps.filter(
    ({ step_id, status }) =>
      main.steps.has(step_id) && !again.has(step_id) && (status === 'completed' || status === 'skipped'),
  )
  const ids = new Set(kept.map(({ step_id }) => step_id))
  // A result is of no use without those that it came from.
  return kept.filter(({ step_id }) => (main.steps.get(step_id)?.after ?? []).every((id) => ids.has(id)))
}

/** The recorded steps as the new run has them: nothing of them is performed, stopped or undone by it. */
export function asRecordOf(run: RunRow, steps: readonly StepRow[]): StepRow[] {
  return steps.map((step, index) => ({
    ...step,
    run_id: run.id,
    seq: index + 1,
    execution_id: null,
    answer: null,
  }))
}
