import { Type } from 'typebox'
import type { AgentConfig } from '../../../../contract/agents.ts'
import { object } from '../../../../contract/operation.ts'
import { AgentNumber, Text } from '../../../../contract/shapes.ts'
import { findIssues } from '../../../kernel/validate.ts'

/** Agents that may ask this one to act (`config.preferences.action_grants`); `*` stands for all of its actions. */
const ActionGrants = Type.Array(
  object({ agent_number: AgentNumber, actions: Type.Array(Text(80, 1), { maxItems: 100 }) }),
  { maxItems: 100 },
)

/** Whether an agent lets another one ask for an action. A list that is malformed grants nothing. */
export function mayAsk(
  { preferences }: Pick<AgentConfig, 'preferences'>,
  agent_number: number,
  action: string,
): boolean {
  const given = preferences['action_grants']
  if (given === undefined || findIssues(ActionGrants, given).length > 0) return false
  return (given as Type.Static<typeof ActionGrants>).some(
    (grant) =>
      grant.agent_number === agent_number && (grant.actions.includes(action) || grant.actions.includes('*')),
  )
}
