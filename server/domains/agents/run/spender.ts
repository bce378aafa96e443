import type { AgentRow } from '../store.ts'
import { toConfig } from '../view.ts'
import { budgetOf } from './budget.ts'
import type { Spender } from './budget.ts'

/** The agent as one who spends, if its configuration bounds that. */
export function spenderOf(row: AgentRow): Spender | undefined {
  // Most agents have no budget, and reading the configuration of each would cost every execution.
  if (!row.config.includes('"budget"')) return undefined
  const budget = budgetOf(toConfig(row).preferences)
  const { user_id, id: agent_id, agent_number } = row
  return budget && { user_id, agent_id, agent_number, budget }
}
