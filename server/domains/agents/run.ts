import type { AgentCommand, AgentResponse } from '../../../contract/agents.ts'
import type { Job } from '../../kernel/job.ts'
import { LostJobError } from '../../kernel/job.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { ActionError } from '../../skills/skill.ts'
import type { Performed } from '../../skills/skill.ts'
import type { Step } from '../changes/kinds.ts'
import type { Undo } from '../changes/undo.ts'
import { start, tellStatus } from './accept.ts'
import { remember } from './health.ts'
import type { Resolved } from './resolve.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, ExecutionRow } from './store.ts'
import type { Usage } from './usage.ts'
import type { Waiters } from './waiters.ts'
import { toCommand, toConfig, toExecution } from './view.ts'

interface Parts {
  kernel: Kernel
  skills: Skills
  usage: Usage
  undo: Undo
  waiters: Waiters
  /** IANA zone of the user, unless the command says another. */
  zoneOf: (user_id: string) => string
}

/** How an execution ended. `text` is the sentence of an action that succeeded. */
interface Ending {
  outcome: 's' | 'f' | 't'
  data?: unknown
  text?: string
  error?: string
  duration_ms: number
}

class TimeoutError extends Error {}

/**
 * Performs queued executions. An action that writes runs in the transaction that records its result, so that a crash
 * leaves both or neither; one that reads runs outside, and its result is recorded after it.
 */
export function openRunner(parts: Parts): {
  run(job: Job, signal: AbortSignal): Promise<void>
  giveUp(job: Job, error: unknown): Promise<void>
} {
  const { kernel } = parts
  return {
    run: async (job, signal) => {
      const row = agentStore.execution(kernel.store.reader.connection, job.user_id, job.key)
      if (row === undefined) throw new LostJobError(`There is no execution ${job.key}.`)
      const zone = await zoneFor(parts, row)
      await new Attempt(parts, job, row, zone, signal).run()
    },
    giveUp: async (job, error) => {
      const row = agentStore.execution(kernel.store.reader.connection, job.user_id, job.key)
      if (row === undefined) return
      const text = error instanceof Error ? error.name : 'unknown'
      await new Attempt(parts, job, row, 'UTC', AbortSignal.abort()).fail(
        `AGENT_002: It failed repeatedly (${text}).`,
      )
    },
  }
}

async function zoneFor({ zoneOf }: Parts, row: ExecutionRow): Promise<string> {
  const preferences = toCommand(row).context?.['user_preferences']
  const zone = (preferences as { timezone?: unknown } | undefined)?.timezone
  return typeof zone === 'string' && isZone(zone) ? zone : zoneOf(row.user_id)
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** One attempt at one execution. */
class Attempt {
  readonly #parts: Parts
  readonly #job: Job
  readonly #zone: string
  readonly #signal: AbortSignal
  readonly #command: AgentCommand
  #row: ExecutionRow

  constructor(parts: Parts, job: Job, row: ExecutionRow, zone: string, signal: AbortSignal) {
    this.#parts = parts
    this.#job = job
    this.#row = row
    this.#zone = zone
    this.#signal = signal
    this.#command = toCommand(row)
  }

  async run(): Promise<void> {
    const { kernel } = this.#parts
    const began = kernel.clock.elapsed()
    const elapsed = () => Math.round((kernel.clock.elapsed() - began) * 1000) / 1000
    try {
      const resolved = this.#resolve()
      if (resolved.action.effect === 'read') {
        const { data, text } = await this.#read(resolved)
        this.#checkTime(elapsed())
        const ending: Ending = { outcome: 's', data, text, duration_ms: elapsed() }
        this.#row = await kernel.store.write((tx) => this.#finish(tx, this.#row, ending))
      } else {
        this.#row = await kernel.store.write((tx) => this.#writeIn(tx, resolved, elapsed))
      }
    } catch (error) {
      if (error instanceof LostJobError) throw error
      await this.#recordFailure(error, elapsed())
    }
    this.#parts.usage.add(this.#row.agent_id, elapsed())
    this.#parts.waiters.settle(this.#row.id, toExecution(this.#row))
  }

  /** Records that the execution failed without having been tried again. */
  async fail(error: string): Promise<void> {
    const ending: Ending = { outcome: 'f', error, duration_ms: 0 }
    this.#row = await this.#parts.kernel.store.write((tx) => this.#finish(tx, this.#started(tx), ending))
    this.#parts.waiters.settle(this.#row.id, toExecution(this.#row))
  }

  #resolve(): Resolved {
    const { kernel, skills } = this.#parts
    const agent = agentStore.find(kernel.store.reader.connection, this.#row.user_id, this.#row.agent_id)
    if (agent === undefined) throw new Fault('AGENT_NOT_FOUND', 'The agent was deleted meanwhile.')
    if (agent.is_active === 0) throw new Fault('AGENT_DISABLED', 'The agent was switched off meanwhile.')
    return skills.check(agent.skill, toConfig(agent), this.#command)
  }

  async #read({ action, skill, parameters }: Resolved): Promise<Performed<unknown>> {
    const { kernel } = this.#parts
    if (this.#row.status === 'queued')
      this.#row = await kernel.store.write((tx) => Promise.resolve(this.#started(tx)))
    const can = this.#grant(kernel.store.reader, skill, undefined)
    return this.#bounded(Promise.resolve(action.perform(can, parameters)))
  }

  async #writeIn(
    tx: Tx,
    { action, skill, parameters, name }: Resolved,
    elapsed: () => number,
  ): Promise<ExecutionRow> {
    const { undo } = this.#parts
    const row = this.#started(tx)
    const steps: Step[] = []
    const can = this.#grant(tx, skill, (step) => steps.push(step))
    const { data, text } = await action.perform(can, parameters)
    if (this.#signal.aborted) throw this.#signal.reason
    this.#checkTime(elapsed())
    const { id: execution_id, user_id } = row
    await undo.note(tx, { execution_id, user_id, text: text || name }, steps)
    return this.#finish(tx, row, { outcome: 's', data, text, duration_ms: elapsed() })
  }

  /** The execution as started, which it is in this transaction if it was not before. */
  #started(tx: Tx): ExecutionRow {
    const { kernel, usage } = this.#parts
    const agent = agentStore.ofExecution(tx.connection, this.#row)
    if (this.#row.status !== 'queued' || agent === undefined) return this.#row
    return start(kernel, usage, tx, agent, this.#row)
  }

  /** An action that never waits keeps the timer waiting, too; it is late all the same. */
  #checkTime(duration_ms: number): void {
    if (duration_ms > this.#row.timeout_ms) throw new TimeoutError()
  }

  #grant(db: Reader | Tx, skill: Resolved['skill'], note: ((step: Step) => void) | undefined) {
    const { kernel, skills } = this.#parts
    const { user_id, agent_id, agent_number } = this.#row
    const owner = { user_id, agent_id }
    const now = kernel.clock.now()
    return skills.grant(skill, { owner, agent_number, now, id: kernel.id, db, note, time_zone: this.#zone })
  }

  /** Ends the waiting at the execution's time-out or when it is stopped. */
  #bounded<T>(work: Promise<T>): Promise<T> {
    const { clock } = this.#parts.kernel
    return new Promise<T>((resolve, reject) => {
      const cancel = clock.after(this.#row.timeout_ms, () => reject(new TimeoutError()))
      if (this.#signal.aborted) reject(this.#signal.reason as Error)
      this.#signal.addEventListener('abort', () => reject(this.#signal.reason as Error), { once: true })
      work.then(resolve, reject).finally(cancel)
    })
  }

  async #recordFailure(error: unknown, duration_ms: number): Promise<void> {
    const { kernel } = this.#parts
    const ending = explain(error, this.#row.timeout_ms)
    if (ending.unexpected)
      kernel.log.error('an action failed', { execution_id: this.#row.id, action: this.#row.action, error })
    const { outcome, text } = ending
    this.#row = await kernel.store.write((tx) =>
      this.#finish(tx, this.#started(tx), { outcome, error: text, duration_ms }),
    )
  }

  async #finish(tx: Tx, row: ExecutionRow, ending: Ending): Promise<ExecutionRow> {
    const { kernel, usage } = this.#parts
    const { outcome, data, text, error, duration_ms } = ending
    this.#job.finish(tx)
    const success = outcome === 's'
    const result: AgentResponse = {
      success,
      ...(success ? { data, text: text ?? '' } : { error: error ?? 'AGENT_002: It failed.' }),
      metadata: { execution_time: duration_ms, resources_used: [] },
    }
    const { id: execution_id, user_id, agent_id } = row
    const ended: ExecutionRow = {
      ...row,
      status: success ? 'completed' : 'failed',
      result: JSON.stringify(result),
      ended_at: kernel.now(),
    }
    agentStore.advance(tx.connection, ended)
    kernel.events.tell(tx, 'agent:execution_completed', user_id, {
      agent_id,
      execution_id,
      result,
      duration: duration_ms,
    })
    if (!success)
      kernel.events.tell(tx, 'agent:error', user_id, {
        agent_id,
        error: result.error ?? '',
        context: { execution_id },
      })
    const before = agentStore.ofExecution(tx.connection, row)
    if (before !== undefined) {
      const after = settle(before, row.status === 'executing', outcome, result, duration_ms)
      agentStore.setActivity(tx.connection, after)
      tellStatus(kernel, usage, tx, before, after)
    }
    return Promise.resolve(ended)
  }
}

function settle(
  agent: AgentRow,
  counted: boolean,
  outcome: Ending['outcome'],
  result: AgentResponse,
  duration_ms: number,
): AgentRow {
  return {
    ...agent,
    executing_count: Math.max(0, agent.executing_count - (counted ? 1 : 0)),
    finished_count: agent.finished_count + 1,
    total_ms: agent.total_ms + duration_ms,
    last_error: outcome === 's' ? null : (result.error ?? null),
    outcomes: remember(agent.outcomes, outcome),
  }
}

/** What to say of a failure. Only what an action says itself is for the user to read. */
function explain(
  error: unknown,
  timeout_ms: number,
): { outcome: 'f' | 't'; text: string; unexpected: boolean } {
  if (error instanceof TimeoutError) {
    return { outcome: 't', text: `AGENT_003: It took longer than ${timeout_ms} ms.`, unexpected: false }
  }
  if (error instanceof ActionError)
    return { outcome: 'f', text: `AGENT_002: ${error.message}`, unexpected: false }
  if (error instanceof Fault)
    return { outcome: 'f', text: `${error.code}: ${error.message}`, unexpected: false }
  return {
    outcome: 'f',
    text: 'AGENT_002: Something went wrong inside. The log has the details.',
    unexpected: true,
  }
}
