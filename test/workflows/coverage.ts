import type { WorkflowDefinition } from '../../contract/workflows.ts'
import { INPUT } from './arbitrary.ts'
import { trace } from './reference.ts'
import type { Script, StepTrace, Trace } from './reference.ts'
import { stepsRead } from './small-expressions.ts'

const STRATEGIES = ['fail_fast', 'retry', 'continue', 'fallback'] as const
const SHAPES = ['list', 'graph'] as const
const PLACES = ['first', 'middle', 'last'] as const
const TRIES = ['at once', 'after another attempt'] as const
const CUT = ['running', 'waiting', 'retrying'] as const
const BACKOFFS = ['fixed', 'linear', 'exponential'] as const

/** Every situation that generated workflows have to come into. */
export const SITUATIONS: readonly string[] = [
  ...STRATEGIES.flatMap((strategy) => [
    ...SHAPES.map((shape) => `${strategy}: a ${shape} in which nothing fails`),
    ...PLACES.flatMap((place) =>
      TRIES.flatMap((tries) =>
        ['failing', 'late'].map((how) => `${strategy}: the ${place} step fails ${tries}, ${how}`),
      ),
    ),
    ...['condition', 'parameters', 'final'].map((kind) => `${strategy}: a step fails by ${kind}`),
    `${strategy}: another attempt mends a failure`,
    `${strategy}: another attempt mends what was late`,
    `${strategy}: a step is skipped by its condition`,
    `${strategy}: a step runs after one that was skipped`,
    ...CUT.map((doing) => `${strategy}: the time is over while a step is ${doing}`),
    `${strategy}: the time is over before a step`,
  ]),
  ...STRATEGIES.filter((strategy) => strategy !== 'continue').flatMap((strategy) => [
    ...CUT.map((doing) => `${strategy}: a failure stops a step that is ${doing}`),
    `${strategy}: a failure stops a step before it begins`,
  ]),
  ...SHAPES.flatMap((shape) => [
    ...['saves the run', 'fails', 'is cut off by the time'].map((end) => `fallback: a ${shape} ${end}`),
    `fallback: a ${shape} has a step skipped`,
    `fallback: a ${shape} has a failure mended`,
    `fallback: a ${shape} has a step that never begins`,
  ]),
  'fallback: a failure in it stops a step under way',
  'continue: the next step of a list runs after a failure',
  'continue: a step is skipped by a failure',
  'continue: a step is skipped behind one that was skipped by a failure',
  'continue: a step that reads the failure runs',
  'continue: a step that reads the failure is skipped by its condition',
  'continue: a step that reads one of two failures is skipped by the other',
  'continue: a step runs beside a failure',
  ...BACKOFFS.map((backoff) => `${backoff}: a step waits twice`),
  'a wait between attempts is cut to five minutes',
]

/** Counts in how many of the runs each situation came up. */
export class Coverage {
  readonly counts = new Map(SITUATIONS.map((situation) => [situation, 0]))

  add(definition: WorkflowDefinition, script: Script): void {
    for (const situation of situationsOf(definition, script)) {
      const count = this.counts.get(situation)
      if (count !== undefined) this.counts.set(situation, count + 1)
    }
  }

  /** The situations that came up in fewer runs than this, with how often they did. */
  rarerThan(least: number): string[] {
    return [...this.counts]
      .filter(([, count]) => count < least)
      .map(([situation, count]) => `${situation} (${count})`)
  }
}

/** The situations that this run comes into; also such as are too particular to be among `SITUATIONS`. */
export function situationsOf(definition: WorkflowDefinition, script: Script): Set<string> {
  const run = trace(definition, script, { input: INPUT, jitter: 0 })
  const { strategy } = definition.error_handling
  const main = run.steps.filter(({ is_fallback }) => !is_fallback)
  const fallback = run.steps.filter(({ is_fallback }) => is_fallback)
  const shape = shapeOf(definition.steps)
  const found = [
    ...(run.expected.error_step === undefined && !run.timed_out ? [`a ${shape} in which nothing fails`] : []),
    ...placeOf(main, run),
    ...run.steps.flatMap(ofStep),
    ...(run.steps.some((step) => step.attempts > 0 && conditionSkipped(run.steps, step).length > 0)
      ? ['a step runs after one that was skipped']
      : []),
    ...run.steps.filter(({ outcome }) => outcome === 'stopped').map((step) => ofStopped(step, run)),
    ...(strategy === 'continue' ? ofContinue(main, shape) : []),
    ...(run.fell_back ? ofFallback(definition, fallback, run) : []),
  ]
  return new Set([...found.map((text) => `${strategy}: ${text}`), ...ofWaits(definition, run.steps)])
}

function shapeOf(steps: WorkflowDefinition['steps']): 'list' | 'graph' {
  return steps.some(({ depends_on }) => depends_on !== undefined) ? 'graph' : 'list'
}

/** First is what waits for nothing, last what nothing waits for; a step that is both is neither. */
function placeOf(main: readonly StepTrace[], { expected: { error_step } }: Trace): string[] {
  const step = main.find(({ step: { id } }) => id === error_step)
  if (step === undefined) return []
  const is_first = step.waits_for.length === 0
  const is_last = main.every(({ waits_for }) => !waits_for.includes(step.step.id))
  if (is_first && is_last) return []
  const place = is_first ? 'first' : is_last ? 'last' : 'middle'
  const how = step.error_kind === 'late' ? 'late' : 'failing'
  return [`the ${place} step fails ${step.attempts > 1 ? 'after another attempt' : 'at once'}, ${how}`]
}

function ofStep({ outcome, error_kind, attempts, was_late, skipped_for }: StepTrace): string[] {
  if (outcome === 'failed') return [`a step fails by ${String(error_kind)}`]
  if (outcome === 'skipped' && skipped_for.length === 0) return ['a step is skipped by its condition']
  if (outcome !== 'completed' || attempts === 1) return []
  return [`another attempt mends ${was_late ? 'what was late' : 'a failure'}`]
}

function conditionSkipped(steps: readonly StepTrace[], { waits_for }: StepTrace): StepTrace[] {
  return steps.filter(
    ({ step, outcome, skipped_for }) =>
      waits_for.includes(step.id) && outcome === 'skipped' && skipped_for.length === 0,
  )
}

function ofStopped({ is_fallback, doing, at }: StepTrace, { timed_out, expected }: Trace): string {
  const is_begun = doing !== 'nothing'
  if (timed_out && at === expected.ended_at)
    return is_begun ? `the time is over while a step is ${doing}` : 'the time is over before a step'
  if (is_fallback)
    return is_begun
      ? 'a failure in it stops a step under way'
      : 'a failure in it stops a step before it begins'
  return is_begun ? `a failure stops a step that is ${doing}` : 'a failure stops a step before it begins'
}

function ofContinue(main: readonly StepTrace[], shape: 'list' | 'graph'): string[] {
  const outcomes = new Map(main.map(({ step, outcome }) => [step.id, outcome]))
  return main.flatMap(({ step, waits_for, turn_at, attempts, outcome, skipped_for }) => {
    if (turn_at === undefined) return []
    const failed = waits_for.filter((id) => outcomes.get(id) === 'failed')
    const read = stepsRead(step.condition ?? '')
    const begun = attempts > 0
    if (shape === 'list')
      return failed.length > 0 && begun ? ['the next step of a list runs after a failure'] : []
    if (skipped_for.length > 0)
      return [
        'a step is skipped by a failure',
        ...(failed.length === 0 ? ['a step is skipped behind one that was skipped by a failure'] : []),
        ...(failed.some((id) => read.includes(id))
          ? ['a step that reads one of two failures is skipped by the other']
          : []),
      ]
    if (failed.length > 0)
      return begun
        ? ['a step that reads the failure runs']
        : outcome === 'skipped'
          ? ['a step that reads the failure is skipped by its condition']
          : []
    return begun && [...outcomes.values()].includes('failed') ? ['a step runs beside a failure'] : []
  })
}

function ofFallback(definition: WorkflowDefinition, fallback: readonly StepTrace[], run: Trace): string[] {
  const shape = shapeOf(definition.error_handling.fallback_steps ?? [])
  const end = run.timed_out
    ? 'is cut off by the time'
    : run.expected.status === 'completed'
      ? 'saves the run'
      : 'fails'
  return [
    `a ${shape} ${end}`,
    ...fallback.flatMap(({ outcome, attempts }) => {
      if (outcome === 'skipped') return [`a ${shape} has a step skipped`]
      if (outcome === 'completed' && attempts > 1) return [`a ${shape} has a failure mended`]
      return outcome === 'stopped' && attempts === 0 ? [`a ${shape} has a step that never begins`] : []
    }),
  ]
}

function ofWaits({ retry_policy }: WorkflowDefinition, steps: readonly StepTrace[]): string[] {
  const { backoff_strategy, delay_ms } = retry_policy
  const most = Math.max(...steps.map(({ attempts }) => attempts))
  const factor = { fixed: 1, linear: most - 1, exponential: 2 ** (most - 2) }[backoff_strategy]
  return [
    ...(most > 2 ? [`${backoff_strategy}: a step waits twice`] : []),
    ...(most > 1 && delay_ms * factor > 300_000 ? ['a wait between attempts is cut to five minutes'] : []),
  ]
}
