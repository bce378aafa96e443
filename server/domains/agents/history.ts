import type { Execution, LogEntry, agents } from '../../../contract/agents.ts'
import type { Input, Output } from '../../../contract/operation.ts'
import type { Type } from 'typebox'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, toPage } from '../../kernel/paging.ts'
import { need } from './accept.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import { agentStore } from './store.ts'
import type { AgentTables, ExecutionRow } from './store.ts'
import type { Usage } from './run/usage.ts'
import { toCommand, toExecution, toResult, toStatus } from './view.ts'

/** Executions that the status of an agent shows. */
const RECENT = 20
const MILLISECONDS = { smallestUnit: 'millisecond', roundingMode: 'ceil' } as const

/** What an agent is doing and did last, or one execution of it. */
export async function findStatus(
  { store: { reader } }: Kernel,
  usage: Usage,
  user_id: string,
  { id, execution_id }: Input<typeof agents.status>,
): Promise<Output<typeof agents.status>> {
  const agent = need(reader, user_id, id)
  if (execution_id === undefined) {
    const recent = await agentStore.executions(reader.tables<AgentTables>(), user_id, agent.id, {
      limit: RECENT,
    })
    return { ...toStatus(agent, usage), executions: recent.map(toBrief) }
  }
  const row = agentStore.execution(reader.connection, user_id, execution_id)
  if (row !== undefined && row.agent_id === agent.id) return toExecution(row)
  throw new Fault('AGENT_NOT_FOUND', `Agent ${agent.agent_number} has no execution ${execution_id}.`, {
    execution_id,
  })
}

/** Characters of a result that a list of them shows: whoever wants more asks for that execution. */
const BRIEF_MAX = 16_384

function toBrief(row: ExecutionRow): Execution {
  const execution = toExecution(row)
  if (execution.result === undefined || (row.result?.length ?? 0) <= BRIEF_MAX) return execution
  const { data: _long, ...result } = execution.result
  return { ...execution, result }
}

/** The executions of an agent as its log: an error for each that failed, else information. */
export async function findLogs(
  { store: { reader } }: Kernel,
  user_id: string,
  { id, level, since, execution_id, cursor, limit = LIMIT_DEFAULT }: Input<typeof agents.logs>,
): Promise<Output<typeof agents.logs>> {
  const agent = need(reader, user_id, id)
  if (level === 'debug' || level === 'warn') return { logs: [] }
  const found = await agentStore.executions(reader.tables<AgentTables>(), user_id, agent.id, {
    limit: limit + 1,
    // Times are compared as text, so the given one is written as the stored ones are.
    since: since === undefined ? undefined : Temporal.Instant.from(since).toString(MILLISECONDS),
    id: execution_id,
    failed: level && level === 'error',
    before: cursor === undefined ? undefined : String(fromCursor(cursor)),
  })
  const { rows, ...next } = toPage(found, limit, (row) => row.id)
  return { logs: rows.map(toLog), ...next }
}

function toLog(row: ExecutionRow): Type.Static<typeof LogEntry> {
  const result = toResult(row)
  const { parameters, priority, voice_input } = toCommand(row)
  return {
    id: row.id,
    level: row.status === 'failed' ? 'error' : 'info',
    message: result?.error ?? result?.text ?? `${row.action} is ${row.status}.`,
    execution_id: row.id,
    created_at: row.created_at,
    details: {
      action: row.action,
      status: row.status,
      parameters: maskSecrets(parameters),
      priority,
      voice_input: voice_input ?? false,
      ...(row.started_at === null
        ? {}
        : { waited_ms: Date.parse(row.started_at) - Date.parse(row.created_at) }),
      ...(result === undefined ? {} : { duration_ms: result.metadata.execution_time }),
    },
  }
}
