import type { Told } from '../../kernel/events.ts'

/** What decides which events a socket gets. */
export interface Audience {
  readonly user_id: string
  readonly role: 'owner' | 'user'
  /** The agent from outside that the socket is of; a user's own sockets have none. */
  readonly agent_id: string | undefined
  /** Numbers of the agents that it listens to, by id. */
  readonly agents: ReadonlyMap<string, number>
  /** Executions that it started. */
  readonly started: ReadonlySet<string>
  /** Whether it listens to the architecture. */
  readonly architecture: boolean
}

/** Whether an event is for a socket (checklist, C355). The user is compared anew for each event. */
export function concerns(event: Told, audience: Audience): boolean {
  if (event.user_id !== audience.user_id) return false
  if (audience.agent_id !== undefined && !event.name.startsWith('agent:')) return false
  switch (event.name.split(':')[0]) {
    case 'agent':
      return concernsAgents(event, audience)
    case 'system':
      return event.name === 'system:architecture_updated' ? audience.architecture : audience.role === 'owner'
    case 'voice':
    case 'workflow':
    case 'approval':
    case 'notification':
      return true
    default:
      return false
  }
}

interface AgentData {
  agent_id?: string
  execution_id?: string
  context?: { execution_id?: string }
  from_agent?: number
  to_agent?: number
  target_agents?: readonly number[]
}

/** The execution that an event tells of, if it tells of one. */
export function executionOf({ name, data }: Told): string | undefined {
  if (!name.startsWith('agent:')) return undefined
  const { execution_id, context } = data as AgentData
  return execution_id ?? context?.execution_id
}

function concernsAgents(event: Told, { agents, started }: Audience): boolean {
  const { agent_id, from_agent, to_agent, target_agents } = event.data as AgentData
  if (agent_id !== undefined && agents.has(agent_id)) return true
  const execution = executionOf(event)
  if (execution !== undefined && started.has(execution)) return true
  if (from_agent === undefined) return false
  // A broadcast without targets is for every agent of the user.
  if (event.name === 'agent:broadcast' && target_agents === undefined) return agents.size > 0
  const numbers = new Set(agents.values())
  return [from_agent, to_agent, ...(target_agents ?? [])].some((one) => one !== undefined && numbers.has(one))
}
