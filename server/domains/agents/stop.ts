import type { AgentResponse, Execution } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { RUN_JOB, tellStatus } from './accept.ts'
import { agentStore } from './store.ts'
import type { ExecutionRow } from './store.ts'
import type { Usage } from './usage.ts'
import { toExecution } from './view.ts'
import type { Waiters } from './waiters.ts'

/** How a stopped execution has ended. */
export const STOPPED: AgentResponse = {
  success: false,
  error: 'CANCELLED: It was stopped.',
  metadata: { execution_time: 0, resources_used: [] },
}

/** Ends executions: their job goes, and whoever waits is told, in one transaction. */
export function openStopper(kernel: Kernel, usage: Usage, waiters: Waiters) {
  const end = (tx: Tx, row: ExecutionRow): Execution => {
    kernel.jobs.cancel(tx, RUN_JOB, row.id)
    const ended: ExecutionRow = {
      ...row,
      status: 'failed',
      result: JSON.stringify(STOPPED),
      ended_at: kernel.now(),
    }
    agentStore.advance(tx.connection, ended)
    const { user_id, agent_id, id: execution_id } = row
    kernel.events.tell(tx, 'agent:execution_completed', user_id, {
      agent_id,
      execution_id,
      result: STOPPED,
      duration: 0,
    })
    const agent = agentStore.ofExecution(tx.connection, row)
    if (agent !== undefined && row.status === 'executing') {
      const after = { ...agent, executing_count: Math.max(0, agent.executing_count - 1) }
      agentStore.setActivity(tx.connection, after)
      tellStatus(kernel, usage, tx, agent, after)
    }
    const execution = toExecution(ended)
    tx.afterCommit(() => waiters.settle(execution_id, execution))
    return execution
  }
  return {
    /** Ends one execution; one that has ended stays as it is. @throws Fault `AGENT_NOT_FOUND` for an unknown one. */
    one(tx: Tx, user_id: string, id: string): Execution {
      const row = agentStore.execution(tx.connection, user_id, id)
      if (row === undefined)
        throw new Fault('AGENT_NOT_FOUND', `There is no execution ${id}.`, { execution_id: id })
      return row.status === 'queued' || row.status === 'executing' ? end(tx, row) : toExecution(row)
    },
    /** Ends all of a user, or all of one agent of theirs; answers their ids. */
    all(tx: Tx, user_id: string, agent_id?: string): string[] {
      const rows = agentStore
        .unfinished(tx.connection, user_id)
        .filter((row) => agent_id === undefined || row.agent_id === agent_id)
      for (const row of rows) end(tx, row)
      return rows.map(({ id }) => id)
    },
  }
}
