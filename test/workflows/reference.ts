import type { WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'
import { Broken, evaluate, fill, stepsRead, stepsReadBy } from './small-expressions.ts'
import type { Scope } from './small-expressions.ts'

/** How one attempt of a step goes. `final` is a failure that another attempt cannot mend. */
export interface Attempt {
  /** How long it would take; what takes longer than the step may is late instead. */
  ms: number
  outcome: 'ok' | 'fail' | 'final'
  result?: unknown
  error?: string
}

/** Attempts count from 1. Not asked about the steps of agent 0. */
export type Script = (step_id: string, attempt: number) => Attempt

export interface Options {
  input: unknown
  jitter: 0
  /** Epoch milliseconds at which the run starts, for what a `wait` tells; 0 unless given. */
  start?: number
}

export type Outcome = 'completed' | 'failed' | 'skipped' | 'stopped'
export type ErrorKind = 'condition' | 'parameters' | 'failure' | 'final' | 'late'

export interface ExpectedStep {
  status: Outcome
  /** How often the action was begun. */
  attempts: number
  /** `null` unless the step has completed. */
  result: unknown
  error_kind: ErrorKind | null
}

/** Times are milliseconds since the start of the run. */
export interface Expected {
  status: 'completed' | 'failed'
  /** The first failure, also of a run that the fallback has saved. */
  error_step?: string
  ended_at: number
  /** Fallback steps are among them once the fallback has begun. */
  steps: Record<string, ExpectedStep>
  /** Within one millisecond what follows comes after its cause, and what is unrelated by position. */
  order: [step_id: string, outcome: Outcome, at_ms: number][]
}

/** What is known about one step of a run that has ended. */
export interface StepTrace {
  step: WorkflowStep
  is_fallback: boolean
  waits_for: readonly string[]
  /** What it did last: when it is `stopped`, this is what was cut off. */
  doing: 'nothing' | 'running' | 'waiting' | 'retrying'
  turn_at?: number
  attempts: number
  was_late: boolean
  outcome?: Outcome
  at?: number
  result: unknown
  error_kind: ErrorKind | null
  error: string | null
  /** The failed steps for which it was skipped; empty when its condition said so. */
  skipped_for: readonly string[]
}

export interface Trace {
  expected: Expected
  steps: readonly StepTrace[]
  timed_out: boolean
  fell_back: boolean
  /** Where the guide leaves open what comes first, in words; empty when all is determined. */
  ties: readonly string[]
}

/** Steps of one run side by side. The reference has no such bound, so it refuses what would meet it. */
const SIDE_BY_SIDE_MAX = 16
const STEP_TIMEOUT_MS = 30_000
const RETRY_WAIT_MS_MAX = 300_000

/** How a run of this definition ends when its attempts go as the script says: the guide, sentence by sentence. */
export function interpret(definition: WorkflowDefinition, script: Script, options: Options): Expected {
  return trace(definition, script, options).expected
}

/** The same, with what tests want to know besides. */
export function trace(definition: WorkflowDefinition, script: Script, options: Options): Trace {
  return new Simulation(definition, script, options).run()
}

/** An order without what the guide leaves open: what is recorded within one millisecond stands by its id. */
export function settled(order: Expected['order']): Expected['order'] {
  return order.toSorted(([a, , at], [b, , other]) => at - other || (a < b ? -1 : 1))
}

class Simulation {
  readonly #definition: WorkflowDefinition
  readonly #script: Script
  readonly #options: Options
  readonly #steps = new Map<string, StepTrace>()
  /** What will happen next to each step that is under way. */
  readonly #timers = new Map<string, { at: number; happens: () => void }>()
  readonly #order: Expected['order'] = []
  readonly #ties: string[] = []
  readonly #reads: { step: StepTrace; read: string; at: number }[] = []
  #now = 0
  #error_step: string | undefined
  #fell_back = false
  #timed_out = false

  constructor(definition: WorkflowDefinition, script: Script, options: Options) {
    this.#definition = definition
    this.#script = script
    this.#options = options
  }

  run(): Trace {
    this.#enter(this.#definition.steps, false)
    for (;;) {
      this.#takeTurns()
      const next = this.#nextTimer()
      if (next === undefined) break
      if (next.at >= this.#definition.timeout_ms) {
        this.#now = this.#definition.timeout_ms
        this.#timed_out = true
        this.#stopAll()
        break
      }
      this.#now = next.at
      this.#timers.delete(next.id)
      next.happens()
    }
    return this.#ended()
  }

  #enter(steps: readonly WorkflowStep[], is_fallback: boolean): void {
    if (steps.length > SIDE_BY_SIDE_MAX) throw new RangeError(`At most ${SIDE_BY_SIDE_MAX} steps here.`)
    const is_graph = steps.some(({ depends_on }) => depends_on !== undefined)
    for (const [position, step] of steps.entries()) {
      const before = steps[position - 1]
      const waits_for = is_graph ? (step.depends_on ?? []) : before === undefined ? [] : [before.id]
      this.#steps.set(step.id, {
        step,
        is_fallback,
        waits_for,
        doing: 'nothing',
        attempts: 0,
        was_late: false,
        result: null,
        error_kind: null,
        error: null,
        skipped_for: [],
      })
    }
  }

  #isReady({ turn_at, outcome, waits_for }: StepTrace): boolean {
    return (
      turn_at === undefined &&
      outcome === undefined &&
      waits_for.every((id) => this.#step(id).outcome !== undefined)
    )
  }

  #takeTurns(): void {
    for (;;) {
      const ready = [...this.#steps.values()].find((step) => this.#isReady(step))
      if (ready === undefined) return
      ready.turn_at = this.#now
      this.#takeTurn(ready)
    }
  }

  #takeTurn(step: StepTrace): void {
    const { condition, parameters } = step.step
    const read = stepsRead(condition ?? '')
    const skipped_for = this.#failuresBehind(step).filter((id) => !read.includes(id))
    if (skipped_for.length > 0) {
      step.skipped_for = skipped_for
      this.#record(step, 'skipped')
      return
    }
    if (condition !== undefined) {
      const holds = this.#attemptTo(step, read, (scope) => evaluate(condition, scope))
      if (typeof holds !== 'boolean') {
        this.#fail(step, 'condition')
        return
      }
      if (!holds) {
        this.#record(step, 'skipped')
        return
      }
    }
    const filled = this.#attemptTo(step, stepsReadBy(parameters), (scope) => fill(parameters, scope))
    if (filled instanceof Broken) this.#fail(step, 'parameters')
    else this.#begin(step, filled)
  }

  /** In a graph whose other steps go on: the failures that would have this step skipped. None are left in a list. */
  #failuresBehind({ step, waits_for }: StepTrace): string[] {
    if (step.depends_on === undefined) return []
    return waits_for.flatMap((id) => {
      const { outcome, skipped_for } = this.#step(id)
      return outcome === 'failed' ? [id] : skipped_for
    })
  }

  #attemptTo<T>(step: StepTrace, read: readonly string[], work: (scope: Scope) => T): T | Broken {
    this.#reads.push(...read.map((id) => ({ step, read: id, at: this.#now })))
    const seen = [...this.#steps.values()].filter(({ outcome }) => outcome !== undefined)
    const scope: Scope = {
      input: this.#options.input,
      steps: Object.fromEntries(
        seen.map(({ step: { id }, outcome, result, error }) => [id, { status: outcome, result, error }]),
      ),
      ...(step.is_fallback && { error: this.#error() }),
    }
    try {
      return work(scope)
    } catch (error) {
      if (error instanceof Broken) return error
      throw error
    }
  }

  #error(): { step_id: string; message: string | null } {
    const step_id = this.#error_step ?? ''
    return { step_id, message: this.#step(step_id).error }
  }

  #begin(step: StepTrace, parameters: Record<string, unknown>): void {
    step.attempts += 1
    const { id, agent_number, action } = step.step
    if (agent_number === 0 && action === 'set') {
      step.doing = 'running'
      this.#complete(step, { value: parameters['value'] })
      return
    }
    const limit = step.step.timeout_ms ?? Math.min(STEP_TIMEOUT_MS, this.#definition.timeout_ms)
    const attempt =
      agent_number === 0 ? this.#waiting(Number(parameters['seconds'])) : this.#script(id, step.attempts)
    step.doing = agent_number === 0 ? 'waiting' : 'running'
    if (attempt.ms === limit) this.#ties.push(`${id} is done when it would be late`)
    const end = (): void => {
      if (attempt.ms > limit) this.#mend(step, 'late', null, parameters)
      else if (attempt.outcome === 'ok') this.#complete(step, attempt.result ?? null)
      else if (attempt.outcome === 'fail') this.#mend(step, 'failure', attempt.error ?? null, parameters)
      else this.#fail(step, 'final', attempt.error)
    }
    this.#timers.set(id, { at: this.#now + Math.min(attempt.ms, limit), happens: end })
  }

  #waiting(seconds: number): Attempt {
    const ms = seconds * 1000
    const until = (this.#options.start ?? 0) + this.#now + ms
    return { ms, outcome: 'ok', result: { waited_until: new Date(until).toISOString() } }
  }

  /** Another attempt, unless that was the last. */
  #mend(step: StepTrace, kind: ErrorKind, error: string | null, parameters: Record<string, unknown>): void {
    step.was_late ||= kind === 'late'
    const { max_attempts, backoff_strategy, delay_ms } = this.#definition.retry_policy
    const n = step.attempts
    if (n >= max_attempts) {
      this.#fail(step, kind, error)
      return
    }
    const wait = { fixed: delay_ms, linear: delay_ms * n, exponential: delay_ms * 2 ** (n - 1) }
    step.doing = 'retrying'
    const at = this.#now + Math.min(wait[backoff_strategy], RETRY_WAIT_MS_MAX)
    this.#timers.set(step.step.id, { at, happens: () => this.#begin(step, parameters) })
  }

  #complete(step: StepTrace, result: unknown): void {
    step.result = result
    this.#record(step, 'completed')
  }

  #fail(step: StepTrace, kind: ErrorKind, error: string | null = null): void {
    if (kind === 'condition' || kind === 'parameters') this.#noteFailureAtOnce(step)
    step.error_kind = kind
    step.error = error
    this.#record(step, 'failed')
    this.#error_step ??= step.step.id
    const { strategy, fallback_steps = [] } = this.#definition.error_handling
    if (strategy === 'continue') return
    this.#stopAll()
    if (strategy !== 'fallback' || this.#fell_back) return
    this.#fell_back = true
    this.#enter(fallback_steps, true)
  }

  #stopAll(): void {
    this.#timers.clear()
    for (const step of this.#steps.values()) if (step.outcome === undefined) this.#record(step, 'stopped')
  }

  #record(step: StepTrace, outcome: Outcome): void {
    step.outcome = outcome
    step.at = this.#now
    this.#order.push([step.step.id, outcome, this.#now])
  }

  #ended(): Trace {
    const steps = [...this.#steps.values()]
    const fallback = steps.filter(({ is_fallback }) => is_fallback)
    const saved = this.#fell_back && fallback.every(({ outcome }) => isFine(outcome))
    const is_completed = !this.#timed_out && (this.#error_step === undefined || saved)
    const expected: Expected = {
      status: is_completed ? 'completed' : 'failed',
      ...(this.#error_step !== undefined && { error_step: this.#error_step }),
      ended_at: this.#now,
      steps: Object.fromEntries(steps.map((step) => [step.step.id, expectedOf(step)])),
      order: this.#order,
    }
    return {
      expected,
      steps,
      timed_out: this.#timed_out,
      fell_back: this.#fell_back,
      ties: [...this.#ties, ...this.#readTies()],
    }
  }

  #nextTimer(): { id: string; at: number; happens: () => void } | undefined {
    const [next, second] = [...this.#timers.entries()].toSorted(([, a], [, b]) => a.at - b.at)
    if (next === undefined) return undefined
    const [id, timer] = next
    if (timer.at === second?.[1].at) this.#ties.push(`${id} and ${second[0]} at ${timer.at}`)
    if (timer.at === this.#definition.timeout_ms) this.#ties.push(`${id} when the time is over`)
    return { id, ...timer }
  }

  /** Steps whose turn is in one moment, and none of which waits for the other, may take it in any order. */
  #noteFailureAtOnce(step: StepTrace): void {
    const behind = this.#allBehind(step)
    const others = [...this.#steps.values()].filter(
      (other) => other !== step && other.is_fallback === step.is_fallback && !behind.has(other.step.id),
    )
    const goes_on = this.#definition.error_handling.strategy === 'continue'
    const tied = others.find((other) =>
      goes_on
        ? other.step.id === this.#error_step && other.turn_at === this.#now && other.at === this.#now
        : other.turn_at === this.#now || this.#isReady(other),
    )
    if (tied !== undefined) this.#ties.push(`${step.step.id} fails when ${tied.step.id} has its turn`)
  }

  #readTies(): string[] {
    return this.#reads.flatMap(({ step, read, at }) => {
      const other = this.#steps.get(read)
      // What was stopped in that moment was stopped after this step had its turn, or it would have had none.
      if (other?.at !== at || other.outcome === 'stopped' || this.#allBehind(step).has(read)) return []
      return [`${step.step.id} reads ${read} at ${at}, when that ends`]
    })
  }

  /** All that a step waits for, by way of others too. Fallback steps wait for the end of all that came before. */
  #allBehind(step: StepTrace): Set<string> {
    const behind = new Set<string>()
    const add = ({ waits_for }: StepTrace): void => {
      for (const id of waits_for) {
        if (!behind.has(id)) add(this.#step(id))
        behind.add(id)
      }
    }
    add(step)
    if (step.is_fallback) for (const { id } of this.#definition.steps) behind.add(id)
    return behind
  }

  #step(id: string): StepTrace {
    const step = this.#steps.get(id)
    if (step === undefined) throw new RangeError(`There is no step ${id}.`)
    return step
  }
}

function isFine(outcome: Outcome | undefined): boolean {
  return outcome === 'completed' || outcome === 'skipped'
}

function expectedOf({ step, outcome, attempts, result, error_kind }: StepTrace): ExpectedStep {
  if (outcome === undefined) throw new Error(`${step.id} has no outcome: it waits for what does not come.`)
  return { status: outcome, attempts, result, error_kind }
}
