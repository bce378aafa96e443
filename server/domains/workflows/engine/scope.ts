import { Budget } from '../evaluate/budget.ts'
import { evaluateCondition } from '../evaluate/expression.ts'
import { evaluateTemplate } from '../evaluate/template.ts'
import type { Json, Scope } from '../evaluate/value.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { PlannedStep } from '../definition.ts'
import type { RunRow } from '../store.ts'
import type { EngineParts } from './parts.ts'
import type { StepError } from './settle.ts'
import { hasOutcome } from './state.ts'
import type { Steps } from './state.ts'

/** What the expressions of one run start from. */
export interface Given {
  input: Json
  trigger: Json
  time_zone: string
}

/** The expressions of a run, with what it was started with. */
export function expressionsOf(
  { kernel, zoneOf }: Pick<EngineParts, 'kernel' | 'zoneOf'>,
  { input, trigger_data, user_id }: RunRow,
): Expressions {
  return openExpressions(kernel.clock, {
    input: JSON.parse(input) as Json,
    trigger: JSON.parse(trigger_data) as Json,
    time_zone: zoneOf(user_id),
  })
}

export type Expressions = ReturnType<typeof openExpressions>

/** Works out the expressions of a run. */
function openExpressions(clock: Clock, { input, trigger, time_zone }: Given) {
  const scope = (steps: Steps, error: StepError | undefined): Scope => ({
    input,
    trigger,
    steps: outcomes(steps),
    vars: {},
    error: error === undefined ? null : { ...error },
    now: clock.now(),
    time_zone,
  })
  return {
    holds: ({ condition }: PlannedStep, steps: Steps, error: StepError | undefined): boolean =>
      condition === undefined || evaluateCondition(condition, scope(steps, error), new Budget(clock)),
    parameters: ({ parameters }: PlannedStep, steps: Steps, error: StepError | undefined): Json =>
      evaluateTemplate(parameters, scope(steps, error), new Budget(clock)),
  }
}

/** What expressions see of the steps: those that have an outcome. */
function outcomes(steps: Steps): Json {
  const seen: Record<string, Json> = {}
  for (const [id, step] of steps) {
    if (!hasOutcome(step)) continue
    // A step may be called `__proto__`, which must be a field like any other.
    Object.defineProperty(seen, id, {
      value: { status: step.status, result: step.result, error: step.error },
      enumerable: true,
    })
  }
  return seen
}
