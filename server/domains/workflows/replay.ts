import type { Group, Plan } from './definition.ts'
import { Fault } from '../../kernel/fault.ts'
import type { RunRow, StepRow, StepStatus } from './store.ts'

const DONE: ReadonlySet<StepStatus> = new Set(['completed', 'skipped'])
const LOST: ReadonlySet<StepStatus> = new Set(['failed', 'unknown'])

/**
 * What of a run stands for a replay from a step on: the outcomes of all steps that neither are it nor wait for it.
 *
 * A step that failed stands too where the run went on in spite of it. Where it ended the run it is tried again, and so is
 * what was stopped with it and everything of a fallback. Only what may have been done must not be done again by the way.
 *
 * @throws Fault `VALIDATION_ERROR` for a step that the workflow does not have, or one that comes after a lost one.
 */
export function recordedBefore(
  { main, definition }: Plan,
  steps: readonly StepRow[],
  from_step: string | undefined,
): StepRow[] {
  if (from_step === undefined) return []
  if (!main.steps.has(from_step))
    throw refused(`The workflow has no step ${from_step}.`, 'is no step of the workflow')
  const again = withFollowers(main, from_step)
  const before = steps.filter(({ step_id }) => main.steps.has(step_id) && !again.has(step_id))
  if (definition.error_handling.strategy === 'continue')
    return before.filter(({ status }) => DONE.has(status) || LOST.has(status))
  const lost = before.find(({ status }) => status === 'unknown')
  if (lost !== undefined)
    throw refused(
      `Nobody knows how ${lost.step_id} ended, so it is not done again by the way: replay from there.`,
      `comes after ${lost.step_id}, whose end is unknown`,
    )
  return before.filter(({ status }) => DONE.has(status))
}

/** A step with all that wait for it, at whatever distance. */
function withFollowers({ steps }: Group, first: string): Set<string> {
  const found = new Set([first])
  // Steps may be written in any order, so it takes as many rounds as the longest way through them.
  for (let before = 0; before < found.size;) {
    before = found.size
    for (const [id, { after }] of steps) if (after.some((other) => found.has(other))) found.add(id)
  }
  return found
}

/**
 * The recorded steps as the new run has them. Each names the execution that it comes from, and none of it is performed or
 * stopped again: it has an outcome.
 */
export function asRecordOf(run: RunRow, steps: readonly StepRow[]): StepRow[] {
  return steps.map((step, index) => ({ ...step, run_id: run.id, seq: index + 1, answer: null }))
}

function refused(message: string, issue: string): Fault {
  return new Fault('VALIDATION_ERROR', message, { issues: [{ path: '/from_step', message: issue }] })
}
