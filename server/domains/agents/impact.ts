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
  { user_id, kind, target, after, agent_number = NO_NUMBER }: Change,
): Promise<AgentRow[]> {
  const db = store.reader.tables<AgentTables>()
  const rows = await agentStore.list(db, user_id)
  if (kind !== 'agent') return rows
  const others = rows.filter(({ id }) => id !== target)
  if (after === undefined) return others
  const row = (await agentStore.anyById(db, user_id, target)) ?? {
    ...UNKNOWN,
    id: target,
    user_id,
    agent_number,
  }
  const changed = { ...row, ...fromState(skills, row, after) }
  return [...others, changed].toSorted((a, b) => a.agent_number - b.agent_number)
}

/** Beyond the numbers that agents have. */
const NO_NUMBER = 10_000

/** An agent that is not there yet, as far as it is told by no state. */
const UNKNOWN: AgentRow = {
  id: '',
  user_id: '',
  agent_number: NO_NUMBER,
  name: '',
  name_key: '',
  description: '',
  config: '{}',
  skill: null,
  is_active: 1,
  voice_enabled: 1,
  created_at: '',
  updated_at: '',
  deleted_at: null,
  last_execution: null,
  last_error: null,
  execution_count: 0,
  executing_count: 0,
  finished_count: 0,
  total_ms: 0,
  outcomes: '',
}

/** What a change of an agent comes to among the agents: what is under way for it ends with it. */
export function openAgentImpact({ store }: Kernel): Assessor {
  return ({ user_id, kind, target, before, after }) => {
    const isOff = before?.['is_active'] === true && after?.['is_active'] === false
    if (kind !== 'agent' || (after !== undefined && !isOff)) return Promise.resolve({})
    const open = agentStore.unfinished(store.reader.connection, user_id)
    // What is being performed when its agent is switched off goes on to its end.
    const own = open.filter(({ agent_id, status }) => agent_id === target && (!isOff || status === 'queued'))
    const under_way = own.map(({ action }) => `${action} of ${String(before?.['name'])}`)
    return Promise.resolve({ executions: own.map(({ id }) => id), under_way })
  }
}
