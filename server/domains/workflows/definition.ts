import type { WorkflowDefinition, WorkflowStep } from '../../../contract/workflows.ts'
import { Fault } from '../../kernel/fault.ts'
import { storedFields } from '../../kernel/stored.ts'
import { compileCondition, stepsRead } from './evaluate/expression.ts'
import type { Compiled } from './evaluate/expression.ts'
import { compileTemplate } from './evaluate/template.ts'
import type { Template } from './evaluate/template.ts'
import type { Json } from './evaluate/value.ts'

/** A step that was read once and can be performed by many runs. */
export interface PlannedStep {
  readonly step: WorkflowStep
  /** Steps that must have an outcome first: the named ones or, in a list, the one before. */
  readonly after: readonly string[]
  readonly condition: Compiled | undefined
  /** Steps that the condition reads: their failure is its business. */
  readonly heeds: ReadonlySet<string>
  readonly parameters: Template
  readonly timeout_ms: number
}

/** Steps that belong together, by id, in the order in which they are written. */
export interface Group {
  readonly steps: ReadonlyMap<string, PlannedStep>
  /** Without any `depends_on`, where a failure holds up nothing under `continue`. */
  readonly isList: boolean
}

/** The definition of what is not shown, or damaged. */
export const NOTHING: WorkflowDefinition = {
  trigger: { type: 'manual', conditions: {} },
  steps: [],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 1,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}

/** A definition as it is kept. */
export function readDefinition(text: string): WorkflowDefinition {
  const definition = storedFields<Partial<WorkflowDefinition>>(text)
  return definition !== undefined && isWhole(definition) ? definition : NOTHING
}

/** Whether it has all that is looked at, whatever is in that: more was found when it was saved. */
function isWhole(definition: Partial<WorkflowDefinition>): definition is WorkflowDefinition {
  const { trigger, steps, error_handling, retry_policy } = definition
  const parts: readonly unknown[] = [trigger, trigger?.conditions, error_handling, retry_policy]
  return (
    Array.isArray(steps) &&
    steps.length > 0 &&
    parts.every((part) => typeof part === 'object' && part !== null)
  )
}

/** A definition, ready to be run. */
export interface Plan {
  readonly definition: WorkflowDefinition
  readonly main: Group
  readonly fallback: Group
  /** Conditions are worked out in transactions alone, where others have turns in between. */
  readonly hasConditions: boolean
  /** The definition is gone or damaged: nothing can be run by it. */
  readonly isDamaged?: true
}

const STEP_TIMEOUT_MS = 30_000

/** Reads a definition that was found valid. */
export function toPlan(definition: WorkflowDefinition): Plan {
  const group = (steps: readonly WorkflowStep[]): Group => {
    const isList = steps.every(({ depends_on }) => depends_on === undefined)
    return {
      isList,
      steps: new Map(
        steps.map((step, index) => {
          const before = isList ? steps[index - 1] : undefined
          const after = before === undefined ? (step.depends_on ?? []) : [before.id]
          return [step.id, toPlanned(step, after, definition.timeout_ms)]
        }),
      ),
    }
  }
  const { strategy, fallback_steps = [] } = definition.error_handling
  return {
    definition,
    main: group(definition.steps),
    fallback: group(strategy === 'fallback' ? fallback_steps : []),
    hasConditions: definition.steps.some(({ condition }) => condition !== undefined),
  }
}

function toPlanned(step: WorkflowStep, after: readonly string[], whole_ms: number): PlannedStep {
  const condition = step.condition === undefined ? undefined : compileCondition(step.condition)
  return {
    step,
    after,
    condition,
    heeds: new Set(condition === undefined ? [] : stepsRead(condition)),
    parameters: compileTemplate(step.parameters as Json),
    timeout_ms: step.timeout_ms ?? Math.min(STEP_TIMEOUT_MS, whole_ms),
  }
}

/** The plan of a definition; nothing of one that is damaged, or that an earlier version took and this one does not. */
function planned(definition: WorkflowDefinition): Plan | undefined {
  if (definition === NOTHING) return undefined
  try {
    return toPlan(definition)
  } catch (error) {
    if (error instanceof Fault || error instanceof TypeError) return undefined
    throw error
  }
}

/** Keeps the plans of the newest definitions: reading one costs more than running it. */
export function openPlans(read: (version: number) => string | undefined): (version: number) => Plan {
  const plans = new Map<number, Plan>()
  return (version) => {
    const known = plans.get(version)
    if (known !== undefined) return known
    const plan = planned(readDefinition(read(version) ?? ''))
    if (plan === undefined) return { ...toPlan(NOTHING), isDamaged: true }
    const [oldest] = plans.size >= PLANS_MAX ? plans.keys() : []
    if (oldest !== undefined) plans.delete(oldest)
    plans.set(version, plan)
    return plan
  }
}

const PLANS_MAX = 200
