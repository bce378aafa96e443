import { CancelledError, LostJobError } from '../../../kernel/job.ts'
import { JobTimer } from '../../../kernel/job-timer.ts'
import type { Job } from '../../../kernel/job.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { writeAgain } from '../../../kernel/write-again.ts'
import { ActionError } from '../../../skills/skill.ts'
import type { Plan, PlannedStep } from '../definition.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow } from '../store.ts'
import { commandOf } from './command.ts'
import { endRun, enqueueRun, isTooMuch, putSteps, tellFailure } from './journal.ts'
import { begunOwn, endOf, failedWith } from './ending.ts'
import { failureOf } from './outcome.ts'
import type { Failed } from './outcome.ts'
import type { EngineParts } from './parts.ts'
import { expressionsOf } from './scope.ts'
import type { Expressions } from './scope.ts'
import { deadlineOf, expire, firstFailure, messageOf, onlyBegins, settle } from './settle.ts'
import type { Settled, World } from './settle.ts'
import { NEW_STEP, begin, bytesOf, hasOutcome, mayBegin, toText } from './state.ts'
import type { RunState, StepState, Steps } from './state.ts'
import { openWork } from './work.ts'
import { settlePaced, worldOf } from './world.ts'

/** What of a step is to be recorded. */
interface Change {
  id: string
  state: StepState
}

/** A step that is being performed. */
interface Performing {
  controller: AbortController
  /** The step as it is recorded if it is stopped. */
  begun: StepState
}

/** How deep the runs are that executions belong to, while these are performed, and for whom and by which agent. */
export type Depths = Map<string, { user_id: string; agent_number: number; depth: number }>

/**
 * Takes one run from its record as far as it gets without waiting.
 *
 * Invariants: D1 whatever is recorded of a step, all that follows from it is recorded in the same transaction. D2 what
 * is in memory is what was committed: it changes when a transaction has, and before the next one begins. D3 a step that
 * has an outcome records nothing more.
 */
export class Driver {
  readonly #parts: EngineParts
  readonly #job: Job
  readonly #depths: Depths
  readonly #plan: Plan
  readonly #expressions: Expressions
  readonly #work: World['work']
  readonly #performing = new Map<string, Performing>()
  readonly #queued = new Set<string>()
  readonly #over = Promise.withResolvers<void>()
  #run: RunState
  #deadline = Infinity
  readonly #timer: JobTimer
  #isOver = false
  /** Answers that came in the newest transaction in which any came, by step. */
  #heard: { tx: Tx; answers: Map<string, Json> } | undefined

  constructor(parts: EngineParts, job: Job, run: RunState, depths: Depths) {
    this.#depths = depths
    this.#parts = parts
    this.#job = job
    this.#run = run
    this.#plan = parts.planOf(run.row.version)
    this.#expressions = expressionsOf(parts, run.row)
    this.#work = openWork(parts, this.#expressions)
    this.#timer = new JobTimer(parts.kernel.clock, () => void this.#look())
  }

  /** Ends when the run has, or waits with nothing under way. @throws LostJobError when it was stopped. */
  async drive(signal: AbortSignal): Promise<void> {
    const give = (): void => this.#abandon(signal.reason as Error)
    // It may be given up while its beginning waits for the store. A rejection that nobody waits for ends the process.
    this.#over.promise.catch(() => {})
    signal.addEventListener('abort', give, { once: true })
    try {
      if (signal.aborted) give()
      else if (!this.#beginAtOnce()) void this.#write((tx) => this.#begin(tx))
      await this.#over.promise
    } finally {
      signal.removeEventListener('abort', give)
    }
  }

  /** What is being performed now, by step, with when it began. */
  get performing(): ReadonlyMap<string, { started_at: string }> {
    return new Map([...this.underWay].map(([id, { started_at }]) => [id, { started_at: started_at ?? '' }]))
  }

  /** The steps that are being performed, each as it is recorded if it is stopped. */
  get underWay(): Map<string, StepState> {
    return new Map([...this.#performing].map(([id, { begun }]) => [id, begun]))
  }

  /**
   * Hears, in the transaction in which it comes, that what a step waits for has come.
   *
   * @returns whether it is looked at: a run that rests has to be woken.
   */
  answer(tx: Tx, step_id: string, answer: Json): boolean {
    if (this.#isOver) return false
    if (this.#heard?.tx !== tx) this.#heard = { tx, answers: new Map() }
    this.#heard.answers.set(step_id, answer)
    tx.afterCommit(() => {
      this.#become(tx, this.#run)
      void this.#look()
    })
    return true
  }

  /**
   * Takes a run over as a transaction has left it. What the transaction tells may answer a step of this very run, while
   * what is recorded of it was read before.
   */
  #become(tx: Tx, run: RunState): void {
    const steps = new Map(run.steps)
    for (const [id, answer] of this.#heard?.tx === tx ? this.#heard.answers : []) {
      const state = steps.get(id)
      if (state?.status === 'waiting') steps.set(id, { ...state, answer })
    }
    this.#run = { ...run, steps }
  }

  /** Begins a run of which nothing is to be recorded before its first steps are performed, as it is with most. */
  #beginAtOnce(): boolean {
    const { started_at } = this.#run.row
    if (started_at === null || this.#plan.hasConditions) return false
    this.#deadline = deadlineOf(started_at, this.#plan)
    if (this.#parts.kernel.clock.now() >= this.#deadline) return false
    // What is only worked out is left to the transaction that records it.
    const settled = settle(
      this.#plan,
      this.#run.steps,
      this.#world(new Map(), () => undefined),
    )
    if (!onlyBegins(settled) || this.#parts.isDraining()) return false
    this.#follow(settled, undefined, false)
    return true
  }

  #world(underWay: Steps, work: World['work'], taken = 0): World {
    return worldOf(this.#parts, this.#run, this.#expressions, { underWay, work, taken })
  }

  async #begin(tx: Tx): Promise<void> {
    const { row } = this.#run
    const started_at = row.started_at ?? this.#parts.kernel.now()
    this.#deadline = deadlineOf(started_at, this.#plan)
    if (row.status !== 'queued') return this.#record(tx)
    const begun: RunRow = { ...row, status: 'executing', started_at }
    this.#job.hold(tx)
    workflowStore.advanceRun(tx.connection, begun)
    await this.#record(tx, undefined, { ...this.#run, row: begun })
  }

  /** Looks at what is due. */
  #look(): Promise<void> {
    return this.#write((tx) => this.#record(tx))
  }

  #write(work: (tx: Tx) => Promise<void>): Promise<void> {
    if (this.#isOver) return Promise.resolve()
    return writeAgain(this.#parts.kernel, work).catch((error: unknown) => this.#abandon(error))
  }

  /** Gives the run up to another attempt at its job, or to nobody when it was stopped. */
  #abandon(error: unknown): void {
    this.#leave()
    for (const { controller } of this.#performing.values())
      controller.abort(new LostJobError('The run has ended.'))
    this.#over.reject(error)
  }

  #leave(): void {
    this.#isOver = true
    this.#timer.stop()
  }

  /** Records a change, if there is one, with all that follows from it. */
  async #record(tx: Tx, asked?: Change, run = this.#run): Promise<void> {
    if (this.#isOver) throw new LostJobError('The run has ended.')
    const isLate = this.#parts.kernel.clock.now() >= this.#deadline
    // What failed because the run was at its end, or only then, was stopped by it, unless it may have got out.
    const hasEnded = asked !== undefined && hasOutcome(asked.state) && this.#hasBegun(asked.id)
    const change = !isLate || asked?.state.status === 'completed' || hasEnded ? asked : undefined
    const seq = run.seq + 1
    const steps =
      change === undefined ? run.steps : new Map(run.steps).set(change.id, { ...change.state, seq })
    const { underWay } = this
    if (change !== undefined) underWay.delete(change.id)
    const taken = bytesOf(toText(change?.state.result))
    const world = this.#world(underWay, this.#work, taken)
    const all = settlePaced(this.#parts, run.row.user_id, this.#plan, steps, world)
    // What is complete is complete, also a moment after its time.
    const settled = isLate && all.end === undefined ? expire(this.#plan, steps, world) : all
    const changed = change === undefined ? settled.changed : [change.id, ...settled.changed]
    const next = putSteps(this.#parts, tx, run, settled.steps, changed)
    if (settled.end !== undefined) await this.#end(tx, next, settled.end)
    const rests = settled.end === undefined && this.#heard?.tx !== tx && this.#rests(underWay, settled)
    if (rests) this.#park(tx, next, this.#due(settled))
    else if (settled.end === undefined && changed.length > 0) this.#job.hold(tx)
    tx.afterCommit(() => {
      this.#become(tx, next)
      this.#follow(settled, change, rests)
    })
  }

  /** Ends the run, with its job. */
  async #end(tx: Tx, run: RunState, end: NonNullable<Settled['end']>): Promise<void> {
    this.#job.finish(tx)
    const row = endRun(this.#parts, tx, run, end)
    if (end.status === 'failed') await tellFailure(this.#parts, tx, row, this.#plan.definition)
  }

  /** Leaves the run until a time, or until something wakes it. */
  #park(tx: Tx, { row }: RunState, run_at: number): void {
    this.#job.hold(tx)
    enqueueRun(this.#parts, tx, row, run_at)
  }

  /** When there is something to do again, in epoch ms: at once for what only a server that is stopping has left undone. */
  #due({ ready, wake }: Settled): number {
    return ready.length > 0 ? this.#parts.kernel.clock.now() : Math.min(wake ?? Infinity, this.#deadline)
  }

  /** Whether nothing is left to do before a later time; or, in a server that is stopping, before it is started again. */
  #rests(underWay: ReadonlyMap<string, unknown>, { ready, steps }: Settled): boolean {
    const goesOn = [...underWay.keys()].some((id) => !hasOutcome(steps.get(id)))
    return !goesOn && (ready.length === 0 || this.#parts.isDraining())
  }

  /** Goes on from what was committed. */
  #follow(settled: Settled, change: Change | undefined, rests: boolean): void {
    if (change !== undefined) this.#performing.delete(change.id)
    for (const [id, { controller }] of this.#performing) {
      if (!hasOutcome(this.#run.steps.get(id))) continue
      controller.abort(new LostJobError('The step was stopped.'))
      this.#performing.delete(id)
    }
    if (settled.end !== undefined || rests) {
      this.#leave()
      this.#over.resolve()
      return
    }
    this.#timer.wake(Math.min(settled.wake ?? Infinity, this.#deadline))
    if (this.#parts.isDraining()) return
    for (const planned of settled.ready) this.#queue(planned)
  }

  /** Has a step begin in its turn. It stands in the line once, however often it is found ready until then. */
  #queue(planned: PlannedStep): void {
    const { id } = planned.step
    if (this.#queued.has(id)) return
    this.#queued.add(id)
    const inTurn = (): void => {
      this.#queued.delete(id)
      this.#launch(planned)
    }
    this.#parts.launch(this.#run.row, inTurn, (error) => this.#abandon(error))
  }

  #launch(planned: PlannedStep): void {
    const { id } = planned.step
    const { now, id: newId, clock } = this.#parts.kernel
    const known = this.#run.steps.get(id) ?? NEW_STEP
    if (this.#isOver || this.#performing.has(id)) return
    // What cannot begin after all may leave nothing under way: the run rests then, or waits until its time.
    if (this.#parts.isDraining() || !mayBegin(known, clock.now())) return void this.#look()
    const controller = new AbortController()
    const begun = begin(known, now(), newId)
    this.#performing.set(id, { controller, begun })
    this.#perform(planned, { known, begun }, controller.signal).catch((error: unknown) => {
      // What was stopped records nothing; its run has gone on without it, or has ended.
      if (!controller.signal.aborted && !this.#isOver) this.#abandon(error)
    })
  }

  async #perform(
    planned: PlannedStep,
    { known, begun }: { known: StepState; begun: StepState },
    signal: AbortSignal,
  ): Promise<void> {
    const { id, agent_number } = planned.step
    let parameters: Json = {}
    let unfit: string | undefined
    try {
      const error = this.#plan.fallback.steps.has(id)
        ? firstFailure(this.#plan.main, this.#run.steps)
        : undefined
      parameters = this.#expressions.parameters(planned, this.#run.steps, error)
    } catch (error) {
      unfit = `parameters: ${messageOf(error)}`
      // What an earlier process has begun goes on with what is recorded of it, or has happened already.
      if (known.status !== 'executing')
        return this.#fail(planned, { ...known, execution_id: null }, { message: unfit, kind: 'final' })
    }
    if (agent_number === 0) await this.#performOwn(planned, { ...begun, input: parameters }, parameters)
    else await this.#performAction(planned, begun, { parameters, unfit }, signal)
  }

  get #ending() {
    return { ...this.#parts, policy: this.#plan.definition.retry_policy }
  }

  /** An action of the engine's own: begun, and done if it does not wait, in the transaction that records it. */
  async #performOwn(planned: PlannedStep, begun: StepState, parameters: Json): Promise<void> {
    const { own, kernel, nameOf } = this.#parts
    const { id, action } = planned.step
    const { row: run } = this.#run
    const state = { ...begun, execution_id: null }
    try {
      await writeAgain(kernel, async (tx) => {
        this.#wanted(id)
        const about = { run, workflow: nameOf(run), step_id: id }
        const given = own.check(action, parameters)
        const outcome = await own.begin(tx, about, action, given)
        await this.#record(tx, { id, state: begunOwn(this.#parts, this.#run, state, outcome) })
      })
    } catch (error) {
      if (!(error instanceof ActionError || isTooMuch(error))) throw error
      await this.#fail(planned, state, { message: error.message, kind: 'final' })
    }
  }

  async #performAction(
    planned: PlannedStep,
    begun: StepState,
    { parameters, unfit }: { parameters: Json; unfit: string | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    const { id, agent_number } = planned.step
    const { row } = this.#run
    const { execution_id } = begun
    if (execution_id === null) throw new Error(`Step ${id} has no execution.`)
    const wasBegun = this.#hasBegun(id)
    this.#depths.set(execution_id, { user_id: row.user_id, agent_number, depth: row.depth })
    try {
      await this.#parts.executions.embed({
        execution_id,
        user_id: row.user_id,
        ref: String(agent_number),
        command: commandOf(this.#parts, row, planned, { attempt: begun.attempts, parameters }),
        wasBegun,
        unfit,
        timeout_ms: planned.timeout_ms,
        signal,
        custody: {
          hold: (tx) => this.#hold(tx, id, begun),
          finish: (tx, ended, retry_after_s) => {
            this.#wanted(id)
            const state = endOf(this.#ending, this.#run, begun, { ended, wasBegun, retry_after_s })
            return this.#record(tx, { id, state })
          },
        },
      })
    } catch (error) {
      const isOut = this.#hasBegun(id) && this.#parts.executions.stop.isOut(row.user_id, execution_id)
      const failed = failureOf(error, isOut)
      if (failed === undefined) throw error
      const isOver = error instanceof CancelledError
      await this.#fail(planned, isOver ? begun : { ...begun, execution_id: null }, failed)
    } finally {
      this.#depths.delete(execution_id)
    }
  }

  /** Before anything is written that the step's end does not take back: that it has begun is recorded first. */
  #hold(tx: Tx, id: string, begun: StepState): void {
    this.#job.hold(tx)
    this.#wanted(id)
    if (this.#hasBegun(id)) return
    const steps = new Map(this.#run.steps).set(id, { ...begun, seq: this.#run.seq + 1 })
    const next = putSteps(this.#parts, tx, this.#run, steps, [id])
    tx.afterCommit(() => this.#become(tx, next))
  }

  /** Whether it was recorded as begun before it is recorded how it ended. */
  #hasBegun(id: string): boolean {
    return this.#run.steps.get(id)?.status === 'executing'
  }

  /** @throws LostJobError when the step is over without what is being performed. */
  #wanted(id: string): void {
    if (this.#isOver || hasOutcome(this.#run.steps.get(id))) throw new LostJobError('The step was stopped.')
  }

  #fail({ step: { id } }: PlannedStep, begun: StepState, failed: Failed): Promise<void> {
    return writeAgain(this.#parts.kernel, (tx) => {
      this.#wanted(id)
      return this.#record(tx, { id, state: failedWith(this.#ending, begun, failed) })
    })
  }
}
