import type { Agent } from '../../../contract/agents.ts'
import type { Kept } from '../vault/kept.ts'
import type { Usage } from './run/usage.ts'
import { maskSecrets } from './secrets.ts'
import type { Skills } from './skills.ts'
import type { AgentRow } from './store.ts'
import { toAgent, toConfig } from './view.ts'

/** An agent as a client is shown it, its secrets masked. */
export function openShowing({ usage, skills, kept }: { usage: Usage; skills: Skills; kept: Kept }) {
  return (row: AgentRow): Agent => {
    const agent = toAgent(row, usage, Object.keys(equipped(skills, row)?.actions ?? {}))
    const api_keys = maskSecrets(kept, row.user_id, agent.config.api_keys)
    return { ...agent, config: { ...agent.config, api_keys } }
  }
}

/** Everything that an agent can do. */
export function equipped(skills: Skills, row: AgentRow) {
  return skills.of({ ...row, config: toConfig(row) })
}
