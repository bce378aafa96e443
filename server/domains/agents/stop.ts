import type { AgentResponse, Execution } from '../../../contract/agents.ts'
import type { Stopped } from '../../../contract/system.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Waiters } from '../../kernel/waiters.ts'
import { AWAY_JOB, RUN_JOB, tellStatus } from './accept.ts'
import type { Usage } from './run/usage.ts'
import { CANCELLED, agentStore, toProgress } from './store.ts'
import type { ExecutionRow } from './store.ts'
import { toExecution } from './view.ts'

/** Ends executions: their job goes, and whoever waits is told, in one transaction. */
export interface Stopper {
  /** Ends one execution; one that has ended stays as it is. @throws Fault `AGENT_NOT_FOUND` for an unknown one. */
  one(tx: Tx, user_id: string, id: string): { execution: Execution; stopped: Stopped[] }
  /** Ends all of a user, or all of one agent of theirs. */
  all(tx: Tx, user_id: string, agent_id?: string): Stopped[]
  /** Ends one whose holder has ended, if it is open. @returns whether it may have done outside what it was for. */
  end(tx: Tx, user_id: string, id: string): boolean
  /** Whether one may have done outside what it was for, whatever became of it; nothing for an unknown one. */
  isOut(user_id: string, id: string): boolean | undefined
}

interface Parts {
  usage: Usage
  waiters: Waiters<Execution>
  /** Ends one that is part of something else. */
  cancel: (tx: Tx, execution_id: string) => void
}

export function openStopper(kernel: Kernel, { usage, waiters, cancel }: Parts): Stopper {
  const end = (tx: Tx, row: ExecutionRow): { execution: Execution; stopped: Stopped[] } => {
    kernel.jobs.cancel(tx, RUN_JOB, row.id)
    kernel.jobs.cancel(tx, AWAY_JOB, row.id)
    cancel(tx, row.id)
    const result = resultOf(kernel, row)
    const ended: ExecutionRow = {
      ...row,
      status: 'failed',
      result: JSON.stringify(result),
      ended_at: kernel.now(),
    }
    agentStore.advance(tx.connection, ended)
    const { user_id, agent_id, id: execution_id } = row
    const duration = result.metadata.execution_time
    kernel.events.tell(tx, 'agent:execution_completed', user_id, { agent_id, execution_id, result, duration })
    const agent = agentStore.ofExecution(tx.connection, row)
    if (agent !== undefined && row.status === 'executing') {
      const after = { ...agent, executing_count: Math.max(0, agent.executing_count - 1) }
      agentStore.setActivity(tx.connection, after)
      tellStatus(kernel, usage, tx, agent, after)
    }
    const execution = toExecution(ended)
    tx.afterCommit(() => waiters.settle(execution_id, execution))
    return { execution, stopped: [toStopped(row)] }
  }
  return {
    one(tx, user_id, id) {
      const row = agentStore.execution(tx.connection, user_id, id)
      if (row === undefined)
        throw new Fault('AGENT_NOT_FOUND', `There is no execution ${id}.`, { execution_id: id })
      const isOpen = row.status === 'queued' || row.status === 'executing'
      return isOpen ? end(tx, row) : { execution: toExecution(row), stopped: [] }
    },
    end: (tx, user_id, id) => {
      const row = agentStore.execution(tx.connection, user_id, id)
      if (row?.status !== 'executing') return false
      end(tx, row)
      return isOut(row)
    },
    isOut: (user_id, id) => {
      const row = agentStore.execution(kernel.store.reader.connection, user_id, id)
      return row && isOut(row)
    },
    all: (tx, user_id, agent_id) =>
      agentStore
        .unfinished(tx.connection, user_id)
        .filter((row) => agent_id === undefined || row.agent_id === agent_id)
        .flatMap((row) => end(tx, row).stopped),
  }
}

/** What is done in pieces is done here, and how much of it is known. */
function isOut({ begun, progress }: Pick<ExecutionRow, 'begun' | 'progress'>): boolean {
  return begun === 1 && progress === null
}

/** Whatever was not done in pieces had no effect here: an action that writes takes effect with its end. */
function toStopped(row: ExecutionRow): Stopped {
  const { id: execution_id, agent_number, action } = row
  const begun = row.begun === 1 ? { begun: true } : {}
  const progress = toProgress(row.progress)
  return { execution_id, agent_number, action, ...progress, ...begun, undoable: (progress?.done ?? 0) > 0 }
}

function resultOf({ clock }: Kernel, row: ExecutionRow): AgentResponse {
  const progress = toProgress(row.progress)
  const far = progress === undefined ? '' : ` after ${progress.done} of ${progress.total}`
  // Of a damaged one nobody knows when it began.
  const execution_time = Math.max(0, clock.now() - Date.parse(row.started_at ?? '')) || 0
  return {
    success: false,
    error: `${CANCELLED} It was stopped${far}.`,
    ...(progress === undefined ? {} : { data: progress }),
    metadata: { execution_time, resources_used: [] },
  }
}
