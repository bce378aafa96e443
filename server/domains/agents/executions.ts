import type { Execution } from '../../../contract/agents.ts'
import { iso } from '../../kernel/clock.ts'
import { firstIdAt } from '../../kernel/ids.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { openWaiters } from '../../kernel/waiters.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Undo } from '../changes/undo.ts'
import { AWAY_JOB, RUN_JOB, accept } from './accept.ts'
import type { NewExecution } from './accept.ts'
import { openEmbedding } from './run/embedded.ts'
import type { Embedding } from './run/embedded.ts'
import type { RunParts } from './run/attempt.ts'
import { openRunner } from './run/runner.ts'
import type { Budgets } from './run/budget.ts'
import type { HeavyWork } from './run/worker.ts'
import type { Skills } from './skills.ts'
import { openStopper } from './stop.ts'
import type { Stopper } from './stop.ts'
import { agentStore } from './store.ts'
import type { AgentTables, ExecutionRow } from './store.ts'
import type { Usage } from './run/usage.ts'
import { toExecution } from './view.ts'

/** Executions that run at once, in all and of one agent, and that may wait per agent, per user and in all. */
export interface Limits {
  executions_at_once: number
  /** The same of those that wait for something outside. */
  executions_away_at_once: number
  executions_per_agent_at_once: number
  executions_per_agent_max: number
  executions_per_user_max: number
  executions_total_max: number
}

export interface Executions {
  /** Takes on an execution in the caller's transaction. */
  accept(tx: Tx, asked: NewExecution): Execution
  /** The execution once it has ended, or as it is when its time-out or the signal ends the waiting. */
  finished(user_id: string, execution: Execution, signal: AbortSignal): Promise<Execution>
  /** Executions of the user that have not ended. */
  running(user_id: string): number
  /** The same with those that are part of something else, such as a step of a workflow; oldest first. */
  unfinished(
    user_id: string,
  ): Pick<ExecutionRow, 'id' | 'agent_number' | 'action' | 'started_at' | 'created_at'>[]
  /**
   * Those of the user that ended as failed in a stretch of time (epoch ms), newest first, at most 500. What was stopped
   * has not failed, and of the steps of a workflow its run tells.
   */
  failed(user_id: string, period: { since: number; until: number }): Promise<Failed[]>
  readonly stop: Stopper
  /** Performs an execution at once, as a part of something that is durable itself. */
  embed: Embedding['perform']
}

/** An execution that failed: what it was, and why. */
export interface Failed {
  agent_number: number
  action: string
  ended_at: string
  error: string
}

interface Parts {
  skills: Skills
  usage: Usage
  undo: Undo
  budgets: Budgets
  heavy: HeavyWork
  ended: RunParts['ended']
  zoneOf: (user_id: string) => string
  limits: Partial<Limits> | undefined
}

const LIMITS: Limits = {
  executions_at_once: 16,
  executions_away_at_once: 256,
  // One that is slow leaves room for the others.
  executions_per_agent_at_once: 8,
  executions_per_agent_max: 100,
  executions_per_user_max: 100,
  executions_total_max: 1_000,
}
/** Longer than any time-out: a lease only frees what hangs for good. */
const LEASE_MS = 660_000
const ATTEMPTS_MAX = 3
const FAILED_MAX = 500
/** What one that has run out of time gets to say so to those who wait; one that never started says that it is queued. */
const ENDING_MS = 1_000

/** Executions from being asked for to their end. */
export function openExecutions(kernel: Kernel, { zoneOf, limits, ...parts }: Parts): Executions {
  const { usage } = parts
  const bounds = { ...LIMITS, ...limits }
  const waiters = openWaiters<Execution>()
  const embedding = openEmbedding({ kernel, ...parts, zoneOf })
  const runner = openRunner({ kernel, ...parts, waiters, zoneOf })
  const handle = (kind: string, concurrency_max: number): void =>
    kernel.jobs.handle(kind, {
      concurrency_max,
      per_lane_at_once: bounds.executions_per_agent_at_once,
      per_lane_max: bounds.executions_per_agent_max,
      per_user_max: bounds.executions_per_user_max,
      total_max: bounds.executions_total_max,
      lease_ms: LEASE_MS,
      attempts_max: ATTEMPTS_MAX,
      ...runner,
    })
  handle(RUN_JOB, bounds.executions_at_once)
  handle(AWAY_JOB, bounds.executions_away_at_once)
  return {
    accept: (tx, asked) => accept({ kernel, ...parts }, tx, asked),
    finished: async (user_id, execution, signal) => {
      const { execution_id } = execution
      const look = () => agentStore.execution(kernel.store.reader.connection, user_id, execution_id)
      const enough = new AbortController()
      // Listening starts before looking: an execution that ends in between is heard.
      const ended = waiters.wait(execution_id, AbortSignal.any([signal, enough.signal]))
      const row = look()
      if (row === undefined || row.result !== null) {
        enough.abort()
        return row === undefined ? execution : toExecution(row)
      }
      const cancel = kernel.clock.after(row.timeout_ms + ENDING_MS, () => enough.abort())
      const found = await ended
      cancel()
      return found ?? toExecution(look() ?? row)
    },
    running: (user_id) => kernel.jobs.count(RUN_JOB, user_id) + kernel.jobs.count(AWAY_JOB, user_id),
    unfinished: (user_id) => agentStore.unfinished(kernel.store.reader.connection, user_id),
    failed: async (user_id, { since, until }) => {
      const rows = await agentStore.failed(kernel.store.reader.tables<AgentTables>(), user_id, {
        // None takes longer than its lease.
        from_id: firstIdAt(since - LEASE_MS),
        since: iso(since),
        until: iso(until),
        limit: FAILED_MAX,
      })
      return rows.map(({ created_at, ended_at, ...row }) => ({ ...row, ended_at: ended_at ?? created_at }))
    },
    stop: openStopper(kernel, { usage, waiters, cancel: embedding.cancel }),
    embed: embedding.perform,
  }
}
