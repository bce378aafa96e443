import type { Type } from 'typebox'
import type { AgentResponse, LogEntry } from '../../../contract/agents.ts'
import type { ExecutionRow } from './store.ts'
import { toCommand } from './view.ts'

/** Milliseconds between two ISO times. */
function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from)
}

/** An execution as a line of its agent's log. */
export function toLog(row: ExecutionRow): Type.Static<typeof LogEntry> {
  const result = row.result === null ? undefined : (JSON.parse(row.result) as AgentResponse)
  const { parameters, priority, voice_input } = toCommand(row)
  const waited_ms = row.started_at === null ? undefined : between(row.created_at, row.started_at)
  return {
    id: row.id,
    level: row.status === 'failed' ? 'error' : 'info',
    message: result?.error ?? result?.text ?? `${row.action} is ${row.status}.`,
    execution_id: row.id,
    created_at: row.created_at,
    details: {
      action: row.action,
      status: row.status,
      parameters,
      priority,
      voice_input: voice_input ?? false,
      ...(waited_ms === undefined ? {} : { waited_ms }),
      ...(result === undefined ? {} : { duration_ms: result.metadata.execution_time }),
    },
  }
}
