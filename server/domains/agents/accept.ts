import type { Agent, AgentCommand, Execution } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Action } from '../../skills/skill.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import type { Budgets } from './run/budget.ts'
import { spenderOf } from './run/spender.ts'
import type { Usage } from './run/usage.ts'
import type { Resolved } from './resolve.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, ExecutionRow } from './store.ts'
import { toCommand, toConfig, toExecution, toStatus } from './view.ts'

/** An execution that was asked for and checked. */
export interface NewExecution {
  user_id: string
  /** Id or number of the agent. */
  ref: string
  command: AgentCommand
  timeout_ms: number
}

export const TIMEOUT_MS_DEFAULT = 30_000
/** Executions of this server's own actions, and those that wait for others: these hold up none of the former. */
export const RUN_JOB = 'agents.run'
export const AWAY_JOB = 'agents.away'

export interface AcceptParts {
  kernel: Kernel
  skills: Skills
  usage: Usage
  budgets: Budgets
}

/**
 * Takes on an execution in the caller's transaction: it is durable with it, and starts at once when a slot is free.
 *
 * @throws Fault when the agent is unknown or disabled, has no such action, the parameters are wrong, or the queue is full.
 */
export function accept(parts: AcceptParts, tx: Tx, asked: NewExecution): Execution {
  const { kernel, usage, budgets } = parts
  const { agent, resolved, row } = check(parts, tx, asked, kernel.id())
  const spender = spenderOf(agent)
  if (spender !== undefined) budgets.admit(tx, spender)
  const starts = kernel.jobs.enqueue(tx, {
    kind: isAway(resolved.action) ? AWAY_JOB : RUN_JOB,
    key: row.id,
    user_id: row.user_id,
    lane: agent.id,
    payload: {},
    priority: asked.command.priority,
  })
  const counted = { ...agent, execution_count: agent.execution_count + 1 }
  if (!starts) {
    agentStore.insertExecution(tx.connection, row)
    agentStore.setActivity(tx.connection, counted)
    return toExecution(row)
  }
  const started: ExecutionRow = { ...row, status: 'executing', started_at: row.created_at }
  agentStore.insertExecution(tx.connection, started)
  tellStarted(kernel, usage, tx, counted, started)
  return toExecution(started)
}

/** What was asked, and what it means for its agent. */
export interface Checked {
  agent: AgentRow
  resolved: Resolved
  row: ExecutionRow
}

/**
 * What was asked as the execution that it will be, without storing it.
 *
 * @throws Fault when the agent is unknown or disabled, has no such action, or the parameters are wrong.
 */
export function check(
  { kernel, skills }: Pick<AcceptParts, 'kernel' | 'skills'>,
  db: Pick<Tx, 'connection'>,
  { user_id, ref, command, timeout_ms }: NewExecution,
  id: string,
): Checked {
  const agent = need(db, user_id, ref)
  if (agent.is_active === 0)
    throw new Fault('AGENT_DISABLED', `Agent ${agent.agent_number} is switched off.`, {
      agent_number: agent.agent_number,
    })
  const resolved = skills.check({ ...agent, config: toConfig(agent) }, command)
  const { name, parameters } = resolved
  const row: ExecutionRow = {
    id,
    user_id,
    agent_id: agent.id,
    agent_number: agent.agent_number,
    action: name,
    command: JSON.stringify({ ...command, user_id, action: name, parameters }),
    status: 'queued',
    timeout_ms,
    result: null,
    progress: null,
    begun: 0,
    created_at: kernel.now(),
    started_at: null,
    ended_at: null,
  }
  return { agent, resolved, row }
}

/** Whether an action waits for something outside of this server. */
export function isAway({ effect, remote }: Action): boolean {
  return effect === 'network' || remote === true
}

/** Marks an execution as started, in the transaction in which it starts; a new one is stored with that. */
export function start(
  kernel: Kernel,
  usage: Usage,
  tx: Tx,
  { agent, row, isNew }: { agent: AgentRow; row: ExecutionRow; isNew: boolean },
): ExecutionRow {
  const started: ExecutionRow = { ...row, status: 'executing', started_at: kernel.now() }
  if (isNew) agentStore.insertExecution(tx.connection, started)
  else agentStore.advance(tx.connection, started)
  const execution_count = agent.execution_count + (isNew ? 1 : 0)
  tellStarted(kernel, usage, tx, { ...agent, execution_count }, started)
  return started
}

export function tellBegun(kernel: Kernel, tx: Tx, row: ExecutionRow): void {
  kernel.events.tell(tx, 'agent:execution_started', row.user_id, {
    agent_id: row.agent_id,
    execution_id: row.id,
    command: maskSecrets(toCommand(row)),
  })
}

function tellStarted(kernel: Kernel, usage: Usage, tx: Tx, agent: AgentRow, row: ExecutionRow): void {
  const after = { ...agent, executing_count: agent.executing_count + 1, last_execution: row.started_at }
  agentStore.setActivity(tx.connection, after)
  tellBegun(kernel, tx, row)
  tellStatus(kernel, usage, tx, agent, after)
}

/** Tells a change of state; anything else about a status changes too often to be told. */
export function tellStatus(kernel: Kernel, usage: Usage, tx: Tx, before: AgentRow, after: AgentRow): void {
  const old_status = toStatus(before, usage)
  const new_status = toStatus(after, usage)
  if (old_status.state === new_status.state || after.deleted_at !== null) return
  const { id: agent_id, agent_number, user_id } = after
  kernel.events.tell(tx, 'agent:status_changed', user_id, { agent_id, agent_number, old_status, new_status })
}

/** @throws Fault `AGENT_NOT_FOUND`, the same for an agent of somebody else. */
export function need(db: Pick<Tx, 'connection'>, user_id: string, ref: string): AgentRow {
  const agent = agentStore.find(db.connection, user_id, ref)
  if (agent === undefined)
    throw new Fault('AGENT_NOT_FOUND', `There is no agent ${ref}.`, { id: ref } satisfies Partial<Agent>)
  return agent
}

/** @throws Fault `VALIDATION_ERROR` (409) for an agent that somebody changed after it was looked at. */
export function checkUnmodified({ agent_number, updated_at }: AgentRow, since: string): void {
  if (Date.parse(updated_at) <= Date.parse(since)) return
  throw new Fault(
    'VALIDATION_ERROR',
    `Agent ${agent_number} was changed since: look at it again. Nothing was changed now.`,
    { updated_at, if_unmodified_since: since },
    { status: 409 },
  )
}
