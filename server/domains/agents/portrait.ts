import type { AgentConfig, AgentStatus } from '../../../contract/agents.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { CapabilityName } from '../../skills/capabilities.ts'
import type { State } from '../changes/kinds.ts'
import { skillFor } from './config.ts'
import { granted } from './grants.ts'
import { healthScore } from './health.ts'
import type { Skills } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentRow, AgentTables } from './store.ts'
import { stateOf, toConfig } from './view.ts'

/** What a picture of the system shows of an agent. */
export interface AgentPortrait extends Pick<
  AgentRow,
  'id' | 'agent_number' | 'name' | 'skill' | 'created_at' | 'last_execution' | 'execution_count'
> {
  is_active: boolean
  /** It was there once, and pictures of then show it. */
  is_deleted: boolean
  state: AgentStatus['state']
  health_score: number
  /** What its skill uses of the system. */
  needs: readonly CapabilityName[]
  /** Numbers of the agents that it lets into its memory, or ask it to act. */
  lets_in: readonly number[]
  triggers: AgentConfig['workflow_triggers']
  integrations: readonly Integration[]
}

/** A service outside that an agent is set up to use, by the host of its address where it has one. */
export interface Integration {
  id: string
  name: string
  host: string | undefined
  is_on: boolean
}

export interface Portraits {
  /** The agents that a user has, or all that they ever had. */
  of(user_id: string, which: 'present' | 'ever'): Promise<AgentPortrait[]>
  /** An agent as a state of the ledger has it. */
  asOf(agent: AgentPortrait, state: State): AgentPortrait
}

export function openPortraits({ store }: Pick<Kernel, 'store'>, skills: Skills): Portraits {
  const configured = (skill: string | null, config: AgentConfig) => ({
    skill,
    needs: skills.needs(skill, config),
    lets_in: granted(config),
    triggers: config.workflow_triggers,
    integrations: config.external_integrations.map(({ id, name, enabled, base_url = '' }) => ({
      id,
      name,
      host: URL.parse(base_url)?.host || undefined,
      is_on: enabled,
    })),
  })
  return {
    of: async (user_id, which) => {
      const db = store.reader.tables<AgentTables>()
      const rows = await (which === 'present' ? agentStore.list(db, user_id) : agentStore.all(db, user_id))
      return rows.map((row) => ({
        id: row.id,
        agent_number: row.agent_number,
        name: row.name,
        created_at: row.created_at,
        last_execution: row.last_execution,
        execution_count: row.execution_count,
        is_active: row.is_active !== 0,
        is_deleted: row.deleted_at !== null,
        state: stateOf(row),
        health_score: healthScore(row.outcomes),
        ...configured(row.skill, toConfig(row)),
      }))
    },
    asOf: (agent, state) => {
      const config = toConfig({ config: JSON.stringify(state['config'] ?? {}) })
      const is_active = state['is_active'] === true
      return {
        ...agent,
        name: String(state['name']),
        is_active,
        is_deleted: false,
        // How it was doing then, nobody has written down.
        state: is_active ? 'idle' : 'disabled',
        ...configured(skillFor(skills, agent, config), config),
      }
    },
  }
}
