import type { AgentResponse } from '../../../../contract/agents.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { ActionError, LateError } from '../../../skills/skill.ts'
import { tellStatus } from '../accept.ts'
import { remember } from '../health.ts'
import type { Ended } from '../health.ts'
import { agentStore } from '../store.ts'
import type { AgentRow, ExecutionRow } from '../store.ts'
import { trafficStore } from '../traffic/store.ts'
import type { RunParts } from './attempt.ts'
import type { Custody } from './custody.ts'
import type { Called } from './meter.ts'

/** How an execution ended. `text` is the sentence of an action that succeeded. */
export interface Ending {
  outcome: Ended
  data?: unknown
  text?: string
  error?: string
  /** Of a failure: whole seconds after which trying again makes sense. */
  retry_after_s?: number | undefined
  duration_ms: number
  resources_used: readonly string[]
  /** Hosts that it asked. */
  called: ReadonlyMap<string, Called>
}

/** The action took longer than it may. */
export class TimeoutError extends Error {}

/** Bytes of a result as JSON: it is in a row, an event and an answer. */
const RESULT_BYTES_MAX = 1_048_576

/** Records the end of an execution with everything that follows from it, in one transaction. */
export async function finish(
  { kernel, usage, ended: tellEnded }: Pick<RunParts, 'kernel' | 'usage' | 'ended'>,
  tx: Tx,
  { custody, row, ending, isNew }: { custody: Custody; row: ExecutionRow; ending: Ending; isNew: boolean },
): Promise<ExecutionRow> {
  const result = withStarted(toResponse(ending), (first) => tellEnded(tx, row, first))
  const { id: execution_id, user_id, agent_id } = row
  const ended: ExecutionRow = {
    ...row,
    status: result.success ? 'completed' : 'failed',
    result: JSON.stringify(result),
    ended_at: kernel.now(),
  }
  if (isNew) agentStore.insertExecution(tx.connection, ended)
  else agentStore.advance(tx.connection, ended)
  for (const [target, met] of ending.called)
    trafficStore.add(tx.connection, { user_id, source: agent_id, target, ...met }, kernel.clock.now())
  const duration = ending.duration_ms
  kernel.events.tell(tx, 'agent:execution_completed', user_id, { agent_id, execution_id, result, duration })
  if (!result.success) {
    const told = { agent_id, error: result.error ?? '', context: { execution_id } }
    kernel.events.tell(tx, 'agent:error', user_id, told)
  }
  const before = agentStore.ofExecution(tx.connection, row)
  if (before !== undefined) {
    const counted = isNew
      ? { ...before, execution_count: before.execution_count + 1, last_execution: row.started_at }
      : before
    const after = settle(counted, row.status === 'executing', ending, result)
    agentStore.setActivity(tx.connection, after)
    tellStatus(kernel, usage, tx, before, after)
  }
  await custody.finish(tx, ended, ending.retry_after_s)
  return ended
}

/** @throws ActionError when there is more to answer than can be kept. */
export function checkSize(data: unknown, text: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(data ?? null)) + Buffer.byteLength(text)
  if (bytes > RESULT_BYTES_MAX)
    throw new ActionError(`The answer has ${bytes} bytes; ${RESULT_BYTES_MAX} is the most that is kept.`)
}

/** A result with the workflows that it has started. */
function withStarted(result: AgentResponse, start: (result: AgentResponse) => string[]): AgentResponse {
  const workflow_triggered = start(result)
  if (workflow_triggered.length === 0) return result
  return { ...result, metadata: { ...result.metadata, workflow_triggered } }
}

function toResponse(ending: Ending): AgentResponse {
  const { outcome, data, text, error, duration_ms, resources_used } = ending
  const metadata = { execution_time: duration_ms, resources_used: [...resources_used] }
  if (outcome === 's') return { success: true, data, text: text ?? '', metadata }
  const failed = { success: false, error: error ?? 'AGENT_002: It failed.', metadata }
  return data === undefined ? failed : { ...failed, data }
}

function settle(agent: AgentRow, counted: boolean, ending: Ending, result: AgentResponse): AgentRow {
  return {
    ...agent,
    executing_count: Math.max(0, agent.executing_count - (counted ? 1 : 0)),
    finished_count: agent.finished_count + 1,
    total_ms: agent.total_ms + ending.duration_ms,
    last_error: ending.outcome === 's' ? null : (result.error ?? null),
    outcomes: remember(agent.outcomes, ending.outcome),
  }
}

function said(text: string) {
  return { outcome: 'f' as const, text, unexpected: false }
}

/** After how many whole seconds trying again makes sense, if whoever failed has said so. */
export function retryAfter(error: unknown): number | undefined {
  const fault = error instanceof ActionError ? error.cause : error
  return fault instanceof Fault ? fault.retry_after_s : undefined
}

/** What to say of a failure. Only what an action says itself is for the user to read. */
export function explain(
  error: unknown,
  timeout_ms: number,
): { outcome: Exclude<Ended, 's'>; text: string; unexpected: boolean } {
  if (error instanceof TimeoutError)
    return { ...said(`AGENT_003: It took longer than ${timeout_ms} ms.`), outcome: 't' }
  if (error instanceof ActionError) {
    // What has a cause has failed; the rest is what the action has to say to what it was asked.
    const isRefusal = error.cause === undefined && !(error instanceof LateError)
    return { ...said(`${error.code}: ${error.message}`), outcome: isRefusal ? 'r' : 'f' }
  }
  if (error instanceof Fault) return said(`${error.code}: ${error.message}`)
  return { ...said('AGENT_002: Something went wrong inside. The log has the details.'), unexpected: true }
}
