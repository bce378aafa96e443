import type {
  Agent,
  AgentCommand,
  AgentConfig,
  AgentResponse,
  AgentStatus,
  Execution,
} from '../../../contract/agents.ts'
import type { AgentAction } from '../../../contract/shapes.ts'
import { storedFields } from '../../kernel/stored.ts'
import type { Skill } from '../../skills/skill.ts'
import { healthScore } from './health.ts'
import type { AgentRow, ExecutionRow } from './store.ts'
import type { Usage } from './run/usage.ts'

/** The configuration of an agent that nobody has set up. */
export const EMPTY_CONFIG: AgentConfig = {
  api_keys: {},
  preferences: {},
  workflow_triggers: [],
  voice_commands: [],
  external_integrations: [],
}

/** The configuration of a row, with everything that it leaves out, and nothing of what is damaged in it. */
export function toConfig(row: Pick<AgentRow, 'config'>): AgentConfig {
  const kept = Object.entries(storedFields<AgentConfig>(row.config) ?? {})
  const whole = kept.filter(([name, value]) => !Object.hasOwn(EMPTY_CONFIG, name) || isLike(name, value))
  return { ...EMPTY_CONFIG, ...Object.fromEntries(whole) }
}

function isLike(name: string, value: unknown): boolean {
  const empty = EMPTY_CONFIG[name as keyof AgentConfig]
  return typeof value === 'object' && value !== null && Array.isArray(value) === Array.isArray(empty)
}

export function toStatus(row: AgentRow, usage: Usage): AgentStatus {
  return {
    state: stateOf(row),
    last_error: row.last_error,
    health_score: healthScore(row.outcomes),
    resource_usage: usage.of(row.id),
  }
}

/** An agent is in error from a failed execution until the next success, or until it is switched on anew. */
export function stateOf(row: AgentRow): AgentStatus['state'] {
  if (row.is_active === 0) return 'disabled'
  if (row.executing_count > 0) return 'executing'
  return row.last_error === null ? 'idle' : 'error'
}

export function toAgent(row: AgentRow, usage: Usage, available_actions: string[]): Agent {
  return {
    id: row.id,
    user_id: row.user_id,
    agent_number: row.agent_number,
    name: row.name,
    description: row.description,
    config: toConfig(row),
    status: toStatus(row, usage),
    is_active: row.is_active !== 0,
    voice_enabled: row.voice_enabled !== 0,
    created_at: row.created_at,
    updated_at: row.updated_at,
    last_execution: row.last_execution,
    execution_count: row.execution_count,
    average_execution_time:
      row.finished_count === 0 ? 0 : Math.round((row.total_ms / row.finished_count) * 1000) / 1000,
    available_actions,
  }
}

/** What a skill can do, as those are told who want to ask for it. */
export function toActions(skill: Skill | undefined): AgentAction[] {
  return Object.entries(skill?.actions ?? {}).map(([name, { summary, effect, parameters }]) => ({
    name,
    summary,
    effect,
    parameters: JSON.parse(JSON.stringify(parameters)) as Record<string, unknown>,
  }))
}

/** What a program is shown of an agent: how the others are set up as little as their memories. */
export function veil(agent: Agent, program_id: string | undefined): Agent {
  return program_id === undefined || agent.id === program_id ? agent : { ...agent, config: EMPTY_CONFIG }
}

export function toExecution(row: ExecutionRow): Execution {
  const result = toResult(row)
  return { execution_id: row.id, status: row.status, ...(result && { result }) }
}

/** How an execution ended; of a damaged one, that nobody can tell any more. */
export function toResult({ result }: Pick<ExecutionRow, 'result'>): AgentResponse | undefined {
  if (result === null) return undefined
  const kept = storedFields<AgentResponse>(result)
  if (typeof kept?.success === 'boolean' && typeof kept.metadata === 'object') return kept
  const metadata = { execution_time: 0, resources_used: [] }
  return { success: false, error: 'GENERAL_003: Its result is damaged.', metadata }
}

/** What was asked for, or `undefined` where that is damaged. */
export function wholeCommand(row: Pick<ExecutionRow, 'command'>): AgentCommand | undefined {
  const kept = storedFields<AgentCommand>(row.command)
  return typeof kept?.action === 'string' && typeof kept.parameters === 'object' ? kept : undefined
}

/** What was asked for, for showing: of a damaged one, the action alone. */
export function toCommand(row: ExecutionRow): AgentCommand {
  const { action, user_id, id: request_id } = row
  return wholeCommand(row) ?? { action, parameters: {}, user_id, request_id, priority: 'normal' }
}
