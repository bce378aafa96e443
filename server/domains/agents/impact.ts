import type { Kernel } from '../../kernel/kernel.ts'
import type { Assessor, Change } from '../changes/impact.ts'
import { fromState } from './kind.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'

/** The agents that a user would have after a change, deleted ones left out. */
export async function rowsAfter(
  { store }: Pick<Kernel, 'store'>,
  skills: Skills,
  { user_id, kind, target, after }: Change,
): Promise<AgentRow[]> {
  const db = store.reader.tables<AgentTables>()
  const rows = await agentStore.list(db, user_id)
  if (kind !== 'agent') return rows
  const others = rows.filter(({ id }) => id !== target)
  const row = await agentStore.anyById(db, user_id, target)
  if (after === undefined || row === undefined) return others
  const changed = { ...row, ...fromState(skills, row, after) }
  return [...others, changed].toSorted((a, b) => a.agent_number - b.agent_number)
}

/** What a change of an agent comes to among the agents: what is under way for it ends with it. */
export function openAgentImpact({ store }: Kernel): Assessor {
  return ({ user_id, kind, target, after }) => {
    if (kind !== 'agent' || after !== undefined) return Promise.resolve({})
    const open = agentStore.unfinished(store.reader.connection, user_id)
    const executions = open.filter(({ agent_id }) => agent_id === target).map(({ id }) => id)
    return Promise.resolve({ executions })
  }
}
