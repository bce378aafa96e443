import type { Kernel } from '../../kernel/kernel.ts'
import type { Assessor, Change } from '../changes/impact.ts'
import { fromState } from './kind.ts'
import type { Registry } from './remote/registry.ts'
import type { Registration } from './remote/skill.ts'
import { remoteStore } from './remote/store.ts'
import type { RemoteTables } from './remote/store.ts'
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

/** What a change of an agent comes to among the agents: what is under way for it ends with it, and a program is turned away. */
export function openAgentImpact({ store }: Kernel, registry: Pick<Registry, 'registrationOf'>): Assessor {
  return async ({ user_id, kind, target, before, after }) => {
    const isOff = before?.['is_active'] === true && after?.['is_active'] === false
    if (kind !== 'agent' || before === undefined || (after !== undefined && !isOff)) return {}
    const name = String(before['name'])
    const open = agentStore.unfinished(store.reader.connection, user_id)
    // What is being performed when its agent is switched off goes on to its end.
    const own = open.filter(({ agent_id, status }) => agent_id === target && (!isOff || status === 'queued'))
    const under_way = own.map(({ action }) => `${action} of ${name}`)
    const executions = own.map(({ id }) => id)
    const registration = registry.registrationOf(target)
    if (registration === undefined) return { executions, under_way }
    const problems = [turnedAway(name, registration)]
    if (isOff) return { executions, under_way, problems }
    const mail = { user_id, agent_id: target }
    const { messages } = await remoteStore.waiting(store.reader.tables<RemoteTables>(), mail)
    const irreversible = messages === 0 ? [] : [`${waiting(messages)} for ${name}`]
    return { executions, under_way, problems, irreversible }
  }
}

function waiting(messages: number): string {
  return messages === 1 ? '1 message that waits' : `${messages} messages that wait`
}

function turnedAway(name: string, { actions, capabilities }: Registration): string {
  const named = actions.length === 0 ? capabilities : actions.map((action) => action.name)
  return `The program of ${name} is turned away: its token is good for nothing, and nobody performs ${named.join(', ')}`
}
