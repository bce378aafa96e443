import type { Clock } from '../../../kernel/clock.ts'
import type { Group, Plan, PlannedStep } from '../definition.ts'
import { EvaluationError } from '../evaluate/place.ts'
import { TemplateError } from '../evaluate/template.ts'
import { NEW_STEP, bytesOf, hasFailed, hasOutcome, tooMuch } from './state.ts'
import type { StepState, Steps } from './state.ts'

/** What settling a run needs to know of the world outside its record. */
export interface World {
  /** Epoch ms. */
  now: number
  time: string
  /** Steps that are being performed, each as it was when that began. */
  underWay: ReadonlyMap<string, StepState>
  /** Bytes that further results may have. */
  room: number
  /** Whether so much has been worked out that the rest is left to the next transaction. */
  isTired(): boolean
  /** Milliseconds for which nothing at all is worked out. */
  rest(): number
  /** Whether the turn of this run has come, which is used up by asking: one thing is worked out although all rests. */
  hasTurn(): boolean
  /** Milliseconds until the turn of this run among those of the user that rest. */
  takeTurn(): number
  /** Works a condition out. @throws Error when it has no value; the message is for the author. */
  holds(step: PlannedStep, steps: Steps, error: StepError | undefined): boolean
  /** The outcome of a step that only works something out; nothing for any other, which is performed. */
  work(step: PlannedStep, steps: Steps, error: StepError | undefined): StepState | undefined
}

export interface StepError {
  step_id: string
  message: string
}

/** A run after everything has been drawn from its record that follows from it. */
export interface Settled {
  steps: Steps
  /** Steps that have another state than before, in the order in which they came to it. */
  changed: readonly string[]
  /** Steps whose turn has come. */
  ready: readonly PlannedStep[]
  /** Epoch ms at which something that waits is due, if anything waits. */
  wake: number | undefined
  end: { status: 'completed' | 'failed'; error: string | null } | undefined
}

/** Milliseconds of working out conditions after which a transaction leaves the rest to another. */
const TIRED_MS = 20

/** Milliseconds that others have before the rest is worked out. */
const REST_MS = 20

/** Tells whether what was worked out since then has taken long. */
export function tiredSince(clock: Pick<Clock, 'elapsed'>): World['isTired'] {
  const began = clock.elapsed()
  return () => clock.elapsed() - began > TIRED_MS
}

/** Steps of a run that are performed side by side. */
const TOGETHER_MAX = 16
/** Steps that are worked out in one transaction, which must be short; more of them are performed like any other. */
const WORKED_MAX = 8

/** Whether all that follows from a record is that steps are to be performed. */
export function onlyBegins({ changed, end, ready }: Settled): boolean {
  return changed.length === 0 && end === undefined && ready.length > 0
}

/** Draws everything from a record that follows from it: what is skipped, what is stopped, what comes next, and the end. */
export function settle(plan: Plan, steps: Steps, world: World): Settled {
  return new Settling(plan, steps, world).settled()
}

/** When the time of a run is over, in epoch ms. */
export function deadlineOf(started_at: string, { definition }: Plan): number {
  return Date.parse(started_at) + definition.timeout_ms
}

/** The end of a run whose time is over: what has no outcome is stopped, and no fallback follows. */
export function expire(plan: Plan, steps: Steps, world: World): Settled {
  return new Settling(plan, steps, world).expired()
}

/** The step whose failure stands for the run's: the first that was recorded. */
export function firstFailure(group: Group, steps: Steps): StepError | undefined {
  let first: { step_id: string; step: StepState } | undefined
  for (const step_id of group.steps.keys()) {
    const step = steps.get(step_id)
    if (step !== undefined && hasFailed(step) && (first === undefined || step.seq < first.step.seq))
      first = { step_id, step }
  }
  return first && { step_id: first.step_id, message: first.step.error ?? '' }
}

class Settling {
  readonly #plan: Plan
  readonly #world: World
  readonly #steps: Map<string, StepState>
  readonly #changed: string[] = []
  /** The failed steps for which others were skipped. */
  readonly #lost = new Map<string, readonly string[]>()
  #seq: number
  #room: number
  #worked = 0
  #looked = 0
  #hasTurn: boolean | undefined
  /** Steps whose condition is yet to be worked out. */
  readonly #left = new Set<string>()

  constructor(plan: Plan, steps: Steps, world: World) {
    this.#plan = plan
    this.#world = world
    this.#steps = new Map(steps)
    this.#room = world.room
    this.#seq = [...steps.values()].reduce((most, { seq }) => Math.max(most, seq), 0)
  }

  settled(): Settled {
    const { main, fallback, definition } = this.#plan
    const { strategy } = definition.error_handling
    this.#advance(main)
    const failure = firstFailure(main, this.#steps)
    if (failure === undefined || strategy === 'continue') return this.#result(main, failure, failure)
    this.#stop(main)
    if (strategy !== 'fallback') return this.#result(main, failure, failure)
    this.#advance(fallback, failure)
    const second = firstFailure(fallback, this.#steps)
    if (second !== undefined) this.#stop(fallback)
    return this.#result(fallback, second, failure)
  }

  expired(): Settled {
    const { main, fallback, definition } = this.#plan
    const hasFallenBack =
      definition.error_handling.strategy === 'fallback' && firstFailure(main, this.#steps) !== undefined
    this.#stop(main)
    if (hasFallenBack) this.#stop(fallback)
    const error = `It took longer than ${definition.timeout_ms} ms.`
    return { ...this.#result(main, undefined, undefined), ready: [], end: { status: 'failed', error } }
  }

  /** Records what needs nothing to be performed, until nothing more follows. */
  #advance(group: Group, error?: StepError): void {
    const goesOn = group === this.#plan.main && this.#plan.definition.error_handling.strategy === 'continue'
    let hasLost = firstFailure(group, this.#steps) !== undefined
    for (let before = -1; before < this.#changed.length;) {
      before = this.#changed.length
      for (const planned of group.steps.values()) {
        // Once a step has failed, nothing of the group begins any more.
        if (!goesOn && hasLost) return
        this.#advanceStep(group, planned, error)
        hasLost ||= hasFailed(this.#steps.get(planned.step.id))
      }
    }
  }

  #advanceStep(group: Group, planned: PlannedStep, error: StepError | undefined): void {
    const { id } = planned.step
    const state = this.#steps.get(id)
    if (hasOutcome(state) || this.#world.underWay.has(id)) return
    if (state?.status === 'waiting') return this.#endWait(id, state)
    // A step that is to be tried again has had its condition already.
    if (state !== undefined || !this.#isFree(planned)) return
    const [blocker] = group.isList ? [] : this.#blockersOf(group, planned)
    if (blocker !== undefined) {
      const why = `It depends on ${blocker}, which failed.`
      return this.#put(id, { ...NEW_STEP, status: 'skipped', error: why })
    }
    if (planned.condition !== undefined && this.#isTired()) {
      this.#left.add(id)
      return
    }
    if (planned.condition !== undefined) this.#looked += 1
    try {
      if (planned.condition !== undefined && !this.#world.holds(planned, this.#steps, error))
        return this.#put(id, { ...NEW_STEP, status: 'skipped' })
    } catch (failure) {
      return this.#put(id, { ...NEW_STEP, status: 'failed', error: `condition: ${messageOf(failure)}` })
    }
    this.#workOut(planned, error)
  }

  #workOut(planned: PlannedStep, error: StepError | undefined): void {
    if (this.#worked >= WORKED_MAX || this.#isTired()) return
    const state = this.#world.work(planned, this.#steps, error)
    if (state === undefined) return
    this.#worked += 1
    this.#take(planned.step.id, state, state.result)
  }

  /** Whether the rest is left: one thing is worked out in any case, unless all rests and it is not the turn of this run. */
  #isTired(): boolean {
    const isFirst = this.#looked + this.#worked === 0
    if (this.#world.rest() > 0) return !(isFirst && (this.#hasTurn ??= this.#world.hasTurn()))
    return !isFirst && this.#world.isTired()
  }

  #isFree({ after }: PlannedStep): boolean {
    return after.every((id) => hasOutcome(this.#steps.get(id)))
  }

  /** The failed steps that a step depends on, at whatever distance, and that its condition does not ask about. */
  #blockersOf(group: Group, { heeds, after }: PlannedStep): string[] {
    const lost = new Set(after.flatMap((id) => this.#lostBehind(group, id)))
    return [...lost].filter((id) => !heeds.has(id))
  }

  #lostBehind(group: Group, id: string): readonly string[] {
    const state = this.#steps.get(id)
    if (hasFailed(state)) return [id]
    // One that was skipped by its own condition holds nothing up.
    if (state?.status !== 'skipped' || state.error === null) return []
    const planned = group.steps.get(id)
    const known = this.#lost.get(id) ?? (planned === undefined ? [] : this.#blockersOf(group, planned))
    this.#lost.set(id, known)
    return known
  }

  #endWait(id: string, state: StepState): void {
    const isOver = state.wake !== null && state.wake <= this.#world.now
    if (state.answer !== undefined) this.#take(id, { ...state, status: 'completed' }, state.answer)
    else if (!isOver) return
    else if (state.waits_for === null) this.#put(id, { ...state, status: 'completed' })
    else this.#put(id, { ...state, status: 'failed', error: 'Nothing came in time.' })
  }

  /** Records what came of a step, if the run has room for it. */
  #take(id: string, state: StepState, result: StepState['result']): void {
    const bytes = bytesOf(JSON.stringify(result))
    if (bytes > this.#room)
      return this.#put(id, { ...state, status: 'failed', error: tooMuch(bytes, this.#room) })
    this.#room -= bytes
    this.#put(id, { ...state, result })
  }

  #stop(group: Group): void {
    for (const id of group.steps.keys()) {
      const state = this.#steps.get(id)
      if (hasOutcome(state)) continue
      this.#put(id, { ...(this.#world.underWay.get(id) ?? state ?? NEW_STEP), status: 'stopped' })
    }
  }

  #put(id: string, state: StepState): void {
    this.#seq += 1
    const { time } = this.#world
    // What was just worked out began after the moment at which all of this is looked at.
    const ended_at = state.started_at !== null && state.started_at > time ? state.started_at : time
    const result = state.status === 'completed' ? state.result : null
    this.#steps.set(id, { ...state, result, seq: this.#seq, ended_at, wake: null, waits_for: null })
    this.#changed.push(id)
  }

  #result(group: Group, failed: StepError | undefined, cause: StepError | undefined): Settled {
    const open = [...group.steps.values()].filter(({ step }) => !hasOutcome(this.#steps.get(step.id)))
    const ready = open.filter((planned) => this.#isReady(planned))
    const isLeft = open.some(({ step }) => this.#left.has(step.id))
    const later = isLeft && this.#world.rest() > 0 ? Math.ceil(this.#world.takeTurn()) : 0
    const left = isLeft ? [this.#world.now + Math.max(REST_MS, later)] : []
    const waiting = open.filter(({ step }) => !this.#world.underWay.has(step.id))
    // What is due already begins as soon as there is room for it: no time has to be waited for.
    const times = waiting.flatMap(({ step }) => this.#steps.get(step.id)?.wake ?? [])
    const wakes = [...left, ...times.filter((time) => time > this.#world.now)]
    const error = cause === undefined ? null : `${cause.step_id}: ${cause.message}`
    const going = [...this.#world.underWay.keys()].filter((id) => !hasOutcome(this.#steps.get(id)))
    return {
      steps: this.#steps,
      changed: this.#changed,
      ready: ready.slice(0, Math.max(0, TOGETHER_MAX - going.length)),
      wake: wakes.length === 0 ? undefined : Math.min(...wakes),
      end: open.length > 0 ? undefined : { status: failed === undefined ? 'completed' : 'failed', error },
    }
  }

  #isReady(planned: PlannedStep): boolean {
    const state = this.#steps.get(planned.step.id)
    if (this.#world.underWay.has(planned.step.id) || state?.status === 'waiting') return false
    if (state === undefined) return this.#isFree(planned) && !this.#left.has(planned.step.id)
    return state.wake === null || state.wake <= this.#world.now
  }
}

/** Why it could not be worked out and where, in a sentence. */
export function messageOf(failure: unknown): string {
  if (!(failure instanceof EvaluationError))
    return failure instanceof Error ? failure.message : String(failure)
  const of = failure instanceof TemplateError && failure.pointer !== '' ? ` of ${failure.pointer}` : ''
  return `${failure.message.replace(/\.$/u, '')}, at character ${failure.place.column}${of}.`
}
