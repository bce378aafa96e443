import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Agents, KnownAgent } from '../agents/index.ts'

/**
 * Refuses an agent that starts a workflow in which another acts that does not let it ask for just that: what it may not
 * ask for in a message it must not reach through a workflow either. Its own steps and those of agent 0 need no grant.
 *
 * @throws Fault `UNAUTHORIZED` (403) that names what is not granted.
 */
export function refuseUngranted(
  { steps, error_handling }: WorkflowDefinition,
  by: number,
  agents: readonly KnownAgent[],
  lets: Agents['lets'],
): void {
  const known = new Map(agents.map((agent) => [agent.agent_number, agent]))
  const missing = [...steps, ...(error_handling.fallback_steps ?? [])].find((step) => {
    if (step.agent_number === 0 || step.agent_number === by) return false
    const agent = known.get(step.agent_number)
    return agent === undefined || !lets(agent, by, step.action)
  })
  if (missing === undefined) return
  const { id: step_id, agent_number, action } = missing
  throw new Fault(
    'UNAUTHORIZED',
    `Agent ${by} may not start this: its user has not granted it to ask agent ${agent_number} to ${action}.`,
    { grant: 'preferences.action_grants', step_id, agent_number },
    { status: 403 },
  )
}
