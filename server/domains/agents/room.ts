import type { Tx } from '../../kernel/store/store.ts'
import { likenessTo } from './names.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'

const AGENTS_MAX = 500
export const FULL = `There are already ${AGENTS_MAX} agents.`

/** Whether a user may have no further agent. */
export async function isFull(tx: Pick<Tx, 'tables'>, user_id: string): Promise<boolean> {
  const { total_count } = await agentStore.counts(tx.tables<AgentTables>(), user_id)
  return total_count >= AGENTS_MAX
}

export const NAMES = { agent_number: 'number', name: 'name' } as const

/** The agent that has the number or the name of this one already. */
export async function findOther(
  tx: Pick<Tx, 'tables'>,
  row: AgentRow,
): Promise<{ row: AgentRow; field: keyof typeof NAMES } | undefined> {
  if (row.deleted_at !== null) return undefined
  const all = await agentStore.list(tx.tables<AgentTables>(), row.user_id)
  const others = all.filter(({ id }) => id !== row.id)
  const numbered = others.find((other) => other.agent_number === row.agent_number)
  if (numbered !== undefined) return { row: numbered, field: 'agent_number' }
  const isLike = likenessTo(row.name)
  // The key of a damaged name is still taken.
  const named = others.find((other) => other.name_key === row.name_key || isLike(other.name))
  return named && { row: named, field: 'name' }
}
