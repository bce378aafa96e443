import {
  ErrorHandling,
  RetryPolicy,
  WORKFLOW_STEPS_MAX,
  WorkflowDefinition,
  WorkflowStep,
} from '../../../../contract/workflows.ts'
import { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { findIssues } from '../../../kernel/validate.ts'
import type { Findings } from './findings.ts'
import { below } from './pointer.ts'
import { follows, isObject, readFields, readList } from './shape.ts'
import type { Report } from './shape.ts'

/** Steps whose ids are known, although there are too many of them to look at. */
const IDS_MAX = 10_000

/** A step as far as its fields have the right form. */
export interface Step extends Partial<Omit<WorkflowStep, 'depends_on'>> {
  /** The pointer of the step. */
  readonly at: string
  /** Whom it waits for, each with its pointer, or nothing where it does not say. */
  readonly waits?: readonly { readonly id: string; readonly at: string }[]
}

/** The steps, or the fallback steps: those that run by the same rules among themselves. */
export interface StepList {
  readonly steps: readonly Step[]
  /** How many there are, of which not all need be in `steps`; nothing if there is no list. */
  readonly count: number | undefined
  readonly is_fallback: boolean
  /** Some step says whom it waits for, so that the order of the list means nothing. */
  readonly is_graph: boolean
  readonly has: (id: string) => boolean
  /** The place in `steps` of the first step of that id. */
  readonly numberOf: (id: string) => number | undefined
}

/** A definition as far as it has the right form. */
export interface Readable {
  readonly trigger: Partial<WorkflowTrigger>
  readonly steps: StepList
  readonly fallback: StepList
  readonly strategy: ErrorHandling['strategy'] | undefined
  readonly timeout_ms: number | undefined
}

/** Tells everything that has another form than the contract says, and finds the rest. */
export function readDefinition(definition: unknown, findings: Findings): Readable {
  const report: Report = (path, _kind, message) => findings.error(path, 'SHAPE', `This ${message}.`)
  const apart = ['trigger', 'steps', 'error_handling', 'retry_policy']
  const whole = readFields(WorkflowDefinition, definition, '', report, apart)
  const has = (key: string): boolean => Object.hasOwn(whole, key)
  if (has('retry_policy')) readFields(RetryPolicy, whole.retry_policy, '/retry_policy', report)
  const trigger = has('trigger') ? readFields(WorkflowTrigger, whole.trigger, '/trigger', report) : {}
  const at = '/error_handling'
  const handling = has('error_handling')
    ? readFields(ErrorHandling, whole.error_handling, at, report, ['fallback_steps'])
    : {}
  const list = (given: unknown, path: string, is_fallback: boolean): StepList =>
    readSteps(given === undefined ? undefined : readList(given, path, report), path, is_fallback, report)
  return {
    trigger,
    steps: list(has('steps') ? (whole.steps ?? null) : undefined, '/steps', false),
    fallback: list(handling.fallback_steps, `${at}/fallback_steps`, true),
    strategy: handling.strategy,
    timeout_ms: whole.timeout_ms,
  }
}

function readSteps(
  list: readonly unknown[] | undefined,
  at: string,
  is_fallback: boolean,
  report: Report,
): StepList {
  // What is left out of a list is undefined, as it is when it is read.
  const given = Array.from((list ?? []).slice(0, IDS_MAX))
  const steps = given
    .slice(0, WORKFLOW_STEPS_MAX)
    .map((step, index) => readStep(step, below(at, index), report))
  const ids = new Set(given.map((step) => (isObject(step) ? step['id'] : undefined)))
  const numbers = new Map<string | undefined, number>()
  for (const [index, { id }] of steps.entries()) if (!numbers.has(id)) numbers.set(id, index)
  return {
    steps,
    count: list?.length,
    is_fallback,
    is_graph: steps.some(({ waits }) => waits !== undefined),
    has: (id) => ids.has(id),
    numberOf: (id) => numbers.get(id),
  }
}

function readStep(step: unknown, at: string, report: Report): Step {
  const { depends_on, ...fields } = readFields(WorkflowStep, step, at, report, ['depends_on'])
  if (depends_on === undefined) return { at, ...fields }
  const path = below(at, 'depends_on')
  const schema = WorkflowStep.properties.depends_on
  follows(schema, depends_on, path, report)
  const ids: readonly unknown[] = Array.isArray(depends_on) ? depends_on.slice(0, WORKFLOW_STEPS_MAX) : []
  const waits = ids.flatMap((id, index) =>
    typeof id === 'string' && findIssues(WorkflowStep.properties.id, id).length === 0
      ? [{ id, at: below(path, index) }]
      : [],
  )
  return { at, ...fields, waits }
}
