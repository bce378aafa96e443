import * as fc from 'fast-check'
import type { WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'
import { trace } from './reference.ts'
import type { Attempt, Script } from './reference.ts'

/** What every generated run is started with: conditions read `input.n`. */
export const INPUT = { n: 5 }

const STEPS_MAX = 12
const FALLBACK_STEPS_MAX = 4
const DAY_MS = 86_400_000
/** Troubled steps in a hundred, of lists and graphs and where one step alone is to fail. */
const TROUBLE = { list: 70, graph: 90, doomed: 35 }

/** A script as data. The last attempt of a step stands for all that come after it. */
export type Plan = Readonly<Record<string, readonly Attempt[]>>
export type Case = [definition: WorkflowDefinition, script: Script & { plan: Plan }]

/** The script of a plan, which fast-check prints as the plan. */
export function scriptOf(plan: Plan): Script & { plan: Plan } {
  const script = (step_id: string, attempt: number): Attempt => {
    const found = plan[step_id]?.[attempt - 1] ?? plan[step_id]?.at(-1)
    if (found === undefined) throw new RangeError(`The plan says nothing about ${step_id}.`)
    return found
  }
  return Object.assign(script, { plan, [fc.toStringMethod]: () => `scriptOf(${JSON.stringify(plan)})` })
}

/** Whether the guide leaves open what comes first somewhere in this run. */
export function hasTies(definition: WorkflowDefinition, script: Script): boolean {
  return trace(definition, script, { input: INPUT, jitter: 0 }).ties.length > 0
}

/** How a step is drawn: numbers that choose among what there is when the steps are put together. */
interface Drawn {
  action: 'act' | 'set' | 'wait'
  seconds: number
  depends_on: readonly number[]
  rank: number
  condition: DrawnExpression | null
  value: DrawnExpression | null
  timeout_ms: number | null
  calm: DrawnAttempt
  troubled: readonly DrawnAttempt[]
  /** The lower, the sooner the step is a troubled one. */
  trouble: number
}

type DrawnAttempt = Omit<Attempt, 'result' | 'error'> & { n: number }

interface DrawnExpression {
  shape: string
  /** Which step it reads: one of those that it depends on, or any earlier one. */
  target: number
  is_near: boolean
  n: number
}

/** Conditions of a step whose expressions read `S`, another step, `S2` or the input; `N` is a number. */
const CONDITIONS: readonly (readonly [weight: number, shape: string])[] = [
  [12, "S.status === 'completed'"],
  [40, "S.status === 'failed'"],
  [8, "S.status !== 'failed'"],
  [4, "S.status === 'skipped'"],
  [6, "S?.status === 'completed'"],
  [6, 'S.result.n > N'],
  [14, 'S.result?.n > N'],
  [10, 'S.result == null'],
  [6, "S.status === 'failed' || S.result.n > N"],
  [6, "S.status === 'completed' && S2.status !== 'failed'"],
  [8, "S.status === 'failed' || S2.status === 'failed'"],
  [8, 'input.n >= N'],
  [8, 'true'],
  [8, 'false'],
  [4, 'S.result.n.x.y'],
  [1, 'S.result.n'],
  [1, '1'],
]
/** Of fallback steps besides. `F` is any step of the list or graph that failed. */
const FALLBACK_CONDITIONS: typeof CONDITIONS = [
  ...CONDITIONS,
  [12, "F.status === 'stopped'"],
  [12, "F.status === 'failed'"],
]
const VALUES: readonly (readonly [weight: number, shape: string])[] = [
  [12, 'of S: {{S.result?.n}}, {{input.n}}'],
  [6, '{{S.status}}'],
  [6, '{{input.n}}'],
  [4, '{{S.result?.n > N}}'],
  [2, '{{S.result.n > N}}'],
  [4, '{{S.result.n.x.y}}'],
]

function drawn(conditions: typeof CONDITIONS): fc.Arbitrary<Drawn> {
  return fc.record({
    action: fc.oneof(
      { weight: 10, arbitrary: fc.constant('act' as const) },
      { weight: 1, arbitrary: fc.constant('set' as const) },
      { weight: 3, arbitrary: fc.constant('wait' as const) },
    ),
    seconds: fc.integer({ min: 1, max: 25 }),
    depends_on: fc.array(fc.nat(STEPS_MAX), { maxLength: 3 }),
    rank: fc.nat(1000),
    condition: sometimes(45, 100, expression(conditions)),
    value: sometimes(5, 10, expression(VALUES)),
    timeout_ms: sometimes(7, 10, fc.integer({ min: 2600, max: 8000 })),
    calm,
    troubled: fc.array(troubled, { minLength: 1, maxLength: 4 }),
    trouble: fc.nat(99),
  })
}

const calm = fc.record({
  ms: fc.integer({ min: 1, max: 2500 }),
  outcome: fc.constant('ok' as const),
  n: fc.nat(9),
})
const troubled = fc.record({
  // The few long ones are late for the 30 seconds that a step has when it does not say another time.
  ms: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 11_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 30_001, max: 40_000 }) },
  ),
  outcome: fc.oneof(
    { weight: 8, arbitrary: fc.constant('ok' as const) },
    { weight: 12, arbitrary: fc.constant('fail' as const) },
    { weight: 1, arbitrary: fc.constant('final' as const) },
  ),
  n: fc.nat(9),
})

function expression(shapes: typeof CONDITIONS): fc.Arbitrary<DrawnExpression> {
  return fc.record({
    shape: fc.oneof(...shapes.map(([weight, shape]) => ({ weight, arbitrary: fc.constant(shape) }))),
    target: fc.nat(STEPS_MAX),
    is_near: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    n: fc.nat(9),
  })
}

function sometimes<T>(often: number, of: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: of - often, arbitrary: fc.constant(null) }, { weight: often, arbitrary: value })
}

/** The one step that fails whatever is tried, while the others go well, a few at the second attempt. `at` counts from the last. */
const doomed = fc.record({
  at: fc.oneof(fc.constant(0), fc.nat(STEPS_MAX)),
  step: fc.constantFrom(
    { attempts: [{ ms: 3331, outcome: 'fail' as const, n: 0 }], timeout_ms: null },
    { attempts: [{ ms: 6661, outcome: 'final' as const, n: 0 }], timeout_ms: null },
    { attempts: [{ ms: 30_011, outcome: 'ok' as const, n: 0 }], timeout_ms: 2221 },
    { attempts: [{ ms: 40_013, outcome: 'ok' as const, n: 0 }], timeout_ms: null },
  ),
})

function drawnSteps(prefix: string, conditions: typeof CONDITIONS, maxLength: number) {
  const upTo = (most: number): fc.Arbitrary<Drawn[]> =>
    fc.array(drawn(conditions), { minLength: 1, maxLength: most, size: 'max' })
  return fc
    .tuple(
      sometimes(3, 5, fc.constant(true)).map(Boolean),
      fc.oneof(upTo(maxLength), upTo(maxLength), upTo(Math.ceil(maxLength / 3))),
      sometimes(4, 10, doomed),
    )
    .map(([is_graph, steps, doom]) => ({
      is_graph,
      steps: steps.map((step, i) => {
        const named = { ...step, id: idOf(prefix, i) }
        if (doom === null)
          return {
            ...named,
            attempts: step.trouble < TROUBLE[is_graph ? 'graph' : 'list'] ? step.troubled : [step.calm],
          }
        const is_doomed = steps.length - 1 - (doom.at % steps.length) === i
        if (is_doomed) return { ...named, ...doom.step, action: 'act' as const, condition: null, value: null }
        return {
          ...named,
          attempts: step.trouble < TROUBLE.doomed ? [...step.troubled.slice(0, 1), step.calm] : [step.calm],
        }
      }),
    }))
}

/** Every third id can only be read as `steps['c-3']`. */
function idOf(prefix: string, index: number): string {
  const letter = String.fromCodePoint(97 + index)
  return `${prefix}${letter}${index % 3 === 2 ? `-${index + 1}` : ''}`
}

type Drawing = ReturnType<typeof drawnSteps> extends fc.Arbitrary<infer T> ? T : never

const retryPolicy = fc.record({
  max_attempts: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 8, arbitrary: fc.integer({ min: 2, max: 4 }) },
    { weight: 1, arbitrary: fc.constant(10) },
  ),
  backoff_strategy: fc.constantFrom('fixed' as const, 'linear' as const, 'exponential' as const),
  delay_ms: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 12_000 }) },
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 100_000, max: 400_000 }) },
  ),
})

/**
 * Definitions that the contract takes, each with a script for all its steps. Without the usual bias, by which durations
 * would be equal far more often than the few ties that remain.
 */
export const cases: fc.Arbitrary<Case> = fc
  .noBias(
    fc.record({
      main: drawnSteps('', CONDITIONS, STEPS_MAX),
      strategy: fc.constantFrom(
        'fail_fast' as const,
        'retry' as const,
        'continue' as const,
        'fallback' as const,
      ),
      fallback: drawnSteps('f', FALLBACK_CONDITIONS, FALLBACK_STEPS_MAX),
      retry_policy: retryPolicy,
      timeout_ms: fc.oneof(
        { weight: 2, arbitrary: fc.integer({ min: 7000, max: 50_000 }) },
        { weight: 2, arbitrary: fc.constant(DAY_MS) },
      ),
    }),
  )
  .map(({ main, strategy, fallback, retry_policy, timeout_ms }) => {
    const main_ids = main.steps.map(({ id }) => id)
    const fallback_steps = stepsOf(fallback, main_ids)
    const definition: WorkflowDefinition = {
      trigger: { type: 'manual', conditions: {} },
      steps: stepsOf(main, []),
      error_handling: {
        strategy,
        ...(strategy === 'fallback' && { fallback_steps }),
        notification_on_error: true,
      },
      retry_policy,
      timeout_ms,
    }
    return [definition, scriptOf(planOf([...main.steps, ...fallback.steps]))]
  })

function stepsOf({ is_graph, steps }: Drawing, before: readonly string[]): WorkflowStep[] {
  const ids = steps.map(({ id }) => id)
  const made = steps.map((step, i) => {
    const earlier = ids.slice(0, i)
    const depends_on = [...new Set(step.depends_on.flatMap((choice) => pick(earlier, choice)))]
    const near = is_graph ? depends_on : earlier.slice(-1)
    const readable = { near: near.length > 0 ? near : before, earlier: [...before, ...earlier], before }
    const condition = step.condition && textOf(step.condition, readable)
    // Steps that wait for nothing may say so or not, but a graph has to be known by one that says it.
    const is_told = is_graph && (depends_on.length > 0 || i === 0 || step.rank % 2 === 0)
    return {
      rank: is_graph ? step.rank : i,
      step: {
        id: step.id,
        ...actionOf(step, step.value && textOf(step.value, readable)),
        ...(is_told && { depends_on }),
        ...(condition !== null && { condition }),
      },
    }
  })
  return made.toSorted((a, b) => a.rank - b.rank).map(({ step }) => step)
}

function actionOf({ id, action, seconds, timeout_ms }: Drawn & { id: string }, value: string | null) {
  switch (action) {
    case 'act':
      return {
        agent_number: 20,
        action,
        parameters: { step: id, ...(value !== null && { value }) },
        ...(timeout_ms !== null && { timeout_ms }),
      }
    case 'set':
      return { agent_number: 0, action, parameters: { value: value ?? id } }
    case 'wait':
      // Whether a step's time bounds its wait is not said, so no wait is longer than that.
      return {
        agent_number: 0,
        action,
        parameters: { seconds },
        ...(timeout_ms !== null && { timeout_ms: 60_000 }),
      }
  }
}

interface Readable {
  near: readonly string[]
  earlier: readonly string[]
  before: readonly string[]
}

/** `true` stands for what would read a step where there is none. */
function textOf({ shape, target, is_near, n }: DrawnExpression, { near, earlier, before }: Readable): string {
  const [first] = pick(is_near ? near : earlier, target)
  const [second] = pick(is_near ? near : earlier, target + 1)
  const [failed] = pick(before, target)
  if (shape.startsWith('F.')) return `${accessTo(failed ?? '')}${shape.slice(1)}`
  if (first === undefined && /\bS\b/.test(shape)) return shape.includes('{{') ? '{{input.n}}' : 'true'
  return shape
    .replaceAll(/\bS\b(?=[.?])/g, accessTo(first ?? ''))
    .replaceAll(/\bS\b/g, first ?? '')
    .replaceAll(/\bS2\b/g, accessTo(second ?? ''))
    .replaceAll(/\bN\b/g, String(n))
}

function accessTo(id: string): string {
  return id.includes('-') ? `steps['${id}']` : `steps.${id}`
}

function pick<T>(from: readonly T[], choice: number): T[] {
  return from.slice(choice % Math.max(from.length, 1)).slice(0, 1)
}

function planOf(steps: Drawing['steps']): Plan {
  return Object.fromEntries(
    steps.map(({ id, attempts }) => [
      id,
      attempts.map(({ ms, outcome, n }) =>
        outcome === 'ok' ? { ms, outcome, result: { n } } : { ms, outcome, error: `${id} cannot` },
      ),
    ]),
  )
}
