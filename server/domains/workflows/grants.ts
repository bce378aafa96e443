import type { WorkflowDefinition, WorkflowStep } from '../../../contract/workflows.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Agents, KnownAgent } from '../agents/index.ts'
import { mayAsk } from '../agents/grants.ts'
import { resolve } from '../agents/resolve.ts'

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
  skills: Pick<Agents['skills'], 'get'>,
): void {
  const known = new Map(agents.map((agent) => [agent.agent_number, agent]))
  const missing = [...steps, ...(error_handling.fallback_steps ?? [])].find((step) => {
    if (step.agent_number === 0 || step.agent_number === by) return false
    const agent = known.get(step.agent_number)
    return agent === undefined || !mayAsk(agent.config, by, actionOf(step, agent, skills))
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

/** The action that a step comes to: it may be written as one of the phrases of its agent. */
function actionOf(
  { action }: WorkflowStep,
  { skill, config }: KnownAgent,
  skills: Pick<Agents['skills'], 'get'>,
): string {
  try {
    return resolve(skills.get(skill), config, { action, parameters: {} }).name
  } catch (error) {
    // What the agent does not have is never performed.
    if (error instanceof Fault) return action
    throw error
  }
}
