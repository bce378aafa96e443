import type { AgentCommand, AgentResponse } from '../../../../contract/agents.ts'
import { Fault } from '../../../kernel/fault.ts'
import { LostJobError } from '../../../kernel/job.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Reader, Tx } from '../../../kernel/store/store.ts'
import { isUnavailable, writeAgain } from '../../../kernel/write-again.ts'
import { ActionError, LateError } from '../../../skills/skill.ts'
import type { Skill } from '../../../skills/skill.ts'
import type { Step } from '../../changes/kinds.ts'
import type { Undo } from '../../changes/undo.ts'
import { start, tellBegun } from '../accept.ts'
import type { Checked } from '../accept.ts'
import type { Resolved } from '../resolve.ts'
import type { Skills } from '../skills.ts'
import { agentStore } from '../store.ts'
import type { AgentRow, ExecutionRow } from '../store.ts'
import { toCommand, toConfig, wholeCommand } from '../view.ts'
import type { Budgets, Reserved, Spender } from './budget.ts'
import type { Custody } from './custody.ts'
import { TimeoutError, checkSize, explain, finish, retryAfter } from './ending.ts'
import type { Ending } from './ending.ts'
import { openMeter } from './meter.ts'
import type { Meter } from './meter.ts'
import { performPieces } from './pieces.ts'
import { spenderOf } from './spender.ts'
import type { Usage } from './usage.ts'
import type { HeavyWork } from './worker.ts'

/** What performing executions needs. */
export interface RunParts {
  kernel: Kernel
  skills: Skills
  usage: Usage
  undo: Undo
  budgets: Budgets
  heavy: HeavyWork
  /** Hears of each end in its transaction; answers the executions of the workflows that it started. */
  ended: (tx: Tx, row: ExecutionRow, result: AgentResponse) => string[]
}

type Given = Omit<Ending, 'resources_used' | 'called'>

/** It has ended, and nothing tells how. */
class UnrecordedError extends Error {}

/** Pieces that one transaction takes; with more, each gets its own. */
const PIECES_TOGETHER = 20

/** One attempt at one execution. */
export class Attempt {
  readonly #parts: RunParts
  readonly #custody: Custody
  /** Whether the execution is stored by the transaction in which something of it is first recorded. */
  readonly #isNew: boolean
  /** What the command means, when it was found out at this very moment. */
  readonly #checked: Checked | undefined
  readonly #zone: string
  /** Ends with the job or at the time-out: whatever the action waits for is given up then. */
  readonly #ending = new AbortController()
  readonly #signal: AbortSignal
  readonly #command: AgentCommand
  #row: ExecutionRow
  readonly #began: string
  #meter: Meter = openMeter()
  #spender: Spender | undefined
  /** What of the budget for time the attempt may use. */
  #time: Reserved | undefined
  #timeout_ms: number

  constructor(
    parts: RunParts,
    custody: Custody,
    row: ExecutionRow,
    {
      zone,
      signal,
      checked,
      isNew = checked !== undefined,
    }: { zone: string; signal: AbortSignal; isNew?: boolean; checked?: Checked },
  ) {
    this.#parts = parts
    this.#custody = custody
    this.#row = row
    this.#zone = zone
    this.#began = parts.kernel.now()
    this.#isNew = isNew
    this.#checked = checked
    this.#signal = AbortSignal.any([signal, this.#ending.signal])
    this.#command = toCommand(row)
    this.#timeout_ms = row.timeout_ms
  }

  /** Performs the action and records how it ended. @throws LostJobError when the execution was ended meanwhile. */
  async run(): Promise<ExecutionRow> {
    const { clock } = this.#parts.kernel
    const [began, worked] = [clock.elapsed(), clock.worked()]
    const elapsed = () => Math.round((clock.elapsed() - began) * 1000) / 1000
    try {
      this.#row = await this.#perform(this.#resolve(), elapsed)
    } catch (error) {
      if (error instanceof UnrecordedError) throw error
      if (error instanceof LostJobError) {
        await this.#settleLost(elapsed())
        throw error
      }
      await this.#recordFailure(error, elapsed())
    } finally {
      this.#time?.release()
      // Work of others that ran while this one waited is in it, so it is at most what went by.
      this.#meter.add({ cpu_ms: Math.min(elapsed(), clock.worked() - worked) })
      this.#parts.usage.add(this.#row.agent_id, this.#meter.used)
    }
    return this.#row
  }

  /** Records that the execution failed without having been tried again. */
  async fail(error: string): Promise<ExecutionRow> {
    this.#row = await this.#record({ outcome: 'f', error, duration_ms: 0 })
    return this.#row
  }

  #resolve(): Resolved {
    const { kernel, skills, budgets } = this.#parts
    // The parameters are read from the record, as another attempt has them: an action may do with them what it likes.
    if (this.#checked !== undefined)
      return { ...this.#checked.resolved, parameters: this.#command.parameters }
    const agent = agentStore.find(kernel.store.reader.connection, this.#row.user_id, this.#row.agent_id)
    if (agent === undefined) throw new Fault('AGENT_NOT_FOUND', 'The agent was deleted meanwhile.')
    if (agent.is_active === 0) throw new Fault('AGENT_DISABLED', 'The agent was switched off meanwhile.')
    if (wholeCommand(this.#row) === undefined)
      throw new Fault('AGENT_EXECUTION_FAILED', 'What it was asked to do is damaged.')
    this.#limit(agent, budgets)
    return skills.check({ ...agent, config: toConfig(agent) }, this.#command)
  }

  /** Holds the attempt to what is left of the budget of its agent. */
  #limit(agent: AgentRow, budgets: Budgets): void {
    const spender = spenderOf(agent)
    if (spender === undefined) return
    this.#spender = spender
    this.#meter = openMeter(() => budgets.call(spender))
    this.#time = budgets.reserve(spender, this.#timeout_ms / 1000)
    this.#timeout_ms = Math.max(1, Math.ceil(this.#time.seconds * 1000))
  }

  async #perform(resolved: Resolved, elapsed: () => number): Promise<ExecutionRow> {
    const { kernel } = this.#parts
    const { action, skill, parameters } = resolved
    const isOutside = action.remote === true || action.effect === 'read' || action.effect === 'network'
    if (isOutside) return this.#outside(resolved, elapsed)
    if (action.pieces !== undefined) {
      const made = agentStore.progress(kernel.store.reader.connection, this.#row.id)
      // Once all is done, there may be nothing left of what the plan looks for.
      const isDone = made !== undefined && made.done >= made.total
      const can = this.#grant(kernel.store.reader, skill)
      const plan = isDone ? [] : await action.pieces.plan(can, parameters)
      // What an earlier attempt began goes on as it began, however little is left.
      if (made !== undefined || plan.length > PIECES_TOGETHER) return this.#inPieces(resolved, plan, elapsed)
    }
    return kernel.store.write((tx) => this.#inside(tx, resolved, elapsed))
  }

  /** An action that writes nothing here, whose result is recorded after it. */
  async #outside(resolved: Resolved, elapsed: () => number): Promise<ExecutionRow> {
    const { kernel, heavy } = this.#parts
    const { action, skill, parameters, name } = resolved
    await this.#begin(action)
    const task = { skill: skill.name, action: name, parameters, clock: this.#clock() }
    const { data, text } = await this.#bounded(
      heavy.isHeavy(action, parameters)
        ? heavy.perform(task, this.#row.user_id, this.#meter, this.#signal)
        : Promise.resolve(action.perform(this.#grant(kernel.store.reader, skill), parameters)),
    )
    this.#checkTime(elapsed())
    checkSize(data, text)
    return this.#record({ outcome: 's', data, text, duration_ms: elapsed() })
  }

  /** Records that it starts; what must not happen twice is on the disk as begun before it is. */
  async #begin({ effect, remote, repeatable }: Resolved['action']): Promise<void> {
    const { store } = this.#parts.kernel
    const isSafe = repeatable === true || (effect === 'read' && remote !== true)
    if (!isSafe && this.#row.begun !== 0)
      throw new ActionError('The server stopped while this ran: it may have happened or not.')
    if (isSafe && (this.#row.status !== 'queued' || this.#isNew)) return
    this.#row = await store.write((tx) => {
      this.#custody.hold(tx)
      const started = this.#started(tx)
      if (!isSafe) agentStore.begin(tx.connection, this.#row.id)
      return Promise.resolve({ ...started, begun: isSafe ? 0 : 1 })
    })
    if (!isSafe) await store.settled()
  }

  /** An action that writes, in the transaction that records its result: a crash leaves both or neither. */
  async #inside(tx: Tx, { action, skill, parameters, name }: Resolved, elapsed: () => number) {
    const row = this.#atOnce(tx)
    const steps: Step[] = []
    const { data, text } = await action.perform(
      this.#grant(tx, skill, (step) => steps.push(step)),
      parameters,
    )
    this.#signal.throwIfAborted()
    this.#checkTime(elapsed())
    checkSize(data, text)
    const { id: execution_id, user_id } = row
    await this.#parts.undo.note(tx, { execution_id, user_id, text: text || name }, steps)
    return this.#finish(tx, row, { outcome: 's', data, text, duration_ms: elapsed() })
  }

  async #inPieces(
    { action, skill, parameters, name }: Resolved,
    plan: readonly unknown[],
    elapsed: () => number,
  ) {
    const { kernel, undo } = this.#parts
    if (this.#row.status === 'queued')
      this.#row = await kernel.store.write((tx) => {
        this.#custody.hold(tx)
        return Promise.resolve(this.#started(tx))
      })
    const { pieces } = action
    if (pieces === undefined) throw new Error(`${name} has no pieces.`)
    const count = await performPieces({
      kernel,
      undo,
      custody: this.#custody,
      row: this.#row,
      plan,
      say: (some, done) => pieces.join(parameters, some, done).text || name,
      each: (tx, note, piece) => pieces.each(this.#grant(tx, skill, note), piece),
      check: () => {
        this.#signal.throwIfAborted()
        this.#checkTime(elapsed())
      },
    })
    const { data, text } = pieces.join(parameters, plan, count)
    checkSize(data, text)
    const { id: execution_id, user_id } = this.#row
    return this.#record({ outcome: 's', data, text, duration_ms: elapsed() }, (tx) =>
      undo.say(tx, { execution_id, user_id, text }),
    )
  }

  /** The execution as started, which it is in this transaction if it was not before. */
  #started(tx: Tx): ExecutionRow {
    const { kernel, usage } = this.#parts
    const agent = agentStore.ofExecution(tx.connection, this.#row)
    if (this.#row.status !== 'queued' || agent === undefined) return this.#row
    return start(kernel, usage, tx, { agent, row: this.#row, isNew: this.#isNew })
  }

  /** The same, for one that ends in the transaction in which it starts: it is not there before it has ended. */
  #atOnce(tx: Tx): ExecutionRow {
    if (this.#row.status !== 'queued' || !this.#isNew) return this.#started(tx)
    const row = { ...this.#row, started_at: this.#began }
    tellBegun(this.#parts.kernel, tx, row)
    return row
  }

  /** An action that never waits keeps the timer waiting, too; it is late all the same. */
  #checkTime(duration_ms: number): void {
    if (duration_ms > this.#timeout_ms) throw this.#late()
  }

  /** Why it may take no longer. */
  #late(): Error {
    const { budget, agent_number } = this.#spender ?? {}
    if (this.#timeout_ms >= this.#row.timeout_ms) return new TimeoutError()
    return new LateError(`Agent ${agent_number} has used up its ${budget?.seconds} seconds of today.`)
  }

  #clock() {
    return { now: this.#parts.kernel.clock.now(), time_zone: this.#zone }
  }

  #grant(db: Reader | Tx, skill: Skill, note?: (step: Step) => void) {
    const { kernel, skills } = this.#parts
    const { user_id, agent_id, agent_number } = this.#row
    const bound = { owner: { user_id, agent_id }, agent_number, ...this.#clock(), id: kernel.id, db, note }
    return skills.grant(skill, { ...bound, signal: this.#signal, meter: this.#meter, command: this.#command })
  }

  /** Ends the waiting at the execution's time-out or when it is stopped. */
  #bounded<T>(work: Promise<T>): Promise<T> {
    const signal = this.#signal
    const { clock } = this.#parts.kernel
    const cancel = clock.after(this.#timeout_ms, () => this.#ending.abort(this.#late()))
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error)
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      work.then(resolve, reject).finally(() => {
        cancel()
        signal.removeEventListener('abort', stop)
      })
    })
  }

  async #recordFailure(error: unknown, duration_ms: number): Promise<void> {
    const { kernel } = this.#parts
    const { outcome, text, unexpected } = explain(error, this.#timeout_ms)
    const { id: execution_id, action } = this.#row
    if (unexpected) kernel.log.error('an action failed', { execution_id, action, error })
    const data = agentStore.progress(kernel.store.reader.connection, execution_id)
    const retry_after_s = retryAfter(error)
    this.#row = await this.#record({ outcome, error: text, data, duration_ms, retry_after_s })
  }

  /**
   * Records the end, with what is to be written besides. What has happened must not be taken for a failure because the
   * store takes nothing at this moment: that is tried again.
   *
   * @throws UnrecordedError when it cannot be recorded: another attempt finds that it was begun.
   */
  async #record(ending: Given, besides?: (tx: Tx) => void): Promise<ExecutionRow> {
    try {
      return await writeAgain(
        this.#parts.kernel,
        (tx) => {
          besides?.(tx)
          return this.#finish(tx, this.#atOnce(tx), ending)
        },
        (error) => this.#mayPass(error),
      )
    } catch (error) {
      if (!this.#mayPass(error)) throw error
      throw new UnrecordedError('Its end was not recorded.', { cause: error })
    }
  }

  /** Whether an error only says that the end could not be written; of what may have got out, nearly all do. */
  #mayPass(error: unknown): boolean {
    const isOther = error instanceof LostJobError || error instanceof Fault
    return isUnavailable(error) || (this.#row.begun !== 0 && !isOther)
  }

  /** What was used until it was stopped is used all the same. */
  async #settleLost(duration_ms: number): Promise<void> {
    if (this.#spender === undefined) return
    await this.#parts.kernel.store.write((tx) => Promise.resolve(this.#settle(tx, duration_ms)))
  }

  #settle(tx: Tx, duration_ms: number): void {
    if (this.#spender === undefined) return
    const { calls } = this.#meter.used
    this.#parts.budgets.settle(tx, this.#spender, { calls, seconds: duration_ms / 1000 })
  }

  #finish(tx: Tx, row: ExecutionRow, given: Given): Promise<ExecutionRow> {
    const ending = { ...given, resources_used: this.#meter.names, called: this.#meter.called }
    this.#settle(tx, given.duration_ms)
    const isNew = this.#isNew && row.status === 'queued'
    return finish(this.#parts, tx, { custody: this.#custody, row, ending, isNew })
  }
}
