import { isDeepStrictEqual } from 'node:util'
import type { AgentConfig } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import { budgetOf } from './run/budget.ts'
import { checkSecretNames } from './secrets.ts'
import type { Skills } from './skills.ts'
import type { AgentRow } from './store.ts'

const PREFERENCES_BYTES_MAX = 65_536
const ISSUES_MAX = 100

/** @throws Fault when it names a skill that does not exist, is too large, or names a secret in a way that it cannot. */
export function checkConfig(
  skills: Skills,
  agent: Pick<AgentRow, 'user_id' | 'agent_number' | 'skill'>,
  config: Partial<AgentConfig>,
  before?: Partial<AgentConfig>,
): Partial<AgentConfig> {
  checkSecretNames(config.api_keys ?? {})
  const skill = config.preferences?.['skill'] ?? null
  if (skill !== null && !skills.all().some(({ name }) => name === skill)) {
    const known = skills.all().map(({ name }) => name)
    throw new Fault('AGENT_CONFIG_INVALID', `There is no skill ${JSON.stringify(skill).slice(0, 80)}.`, {
      field: 'config.preferences.skill',
      known,
    })
  }
  if (Buffer.byteLength(JSON.stringify(config.preferences ?? {})) > PREFERENCES_BYTES_MAX) {
    throw new Fault('AGENT_CONFIG_INVALID', 'The preferences are larger than 64 KiB.', {
      field: 'config.preferences',
    })
  }
  budgetOf(config.preferences)
  checkIntegrations(skills, agent, config, before)
  return config
}

/** @throws Fault `VALIDATION_ERROR` for integrations that are malformed, or share names with what the agent can do already. */
function checkIntegrations(
  skills: Skills,
  agent: Pick<AgentRow, 'user_id' | 'agent_number' | 'skill'>,
  config: Partial<AgentConfig>,
  before: Partial<AgentConfig> = {},
): void {
  const list = config.external_integrations ?? []
  const skill = skillFor(skills, agent, config)
  // What an earlier version took keeps nothing else from being changed.
  const isSame =
    isDeepStrictEqual(list, before.external_integrations) && skill === skillFor(skills, agent, before)
  if (list.length === 0 || isSame) return
  const issues = skills
    .findIssues({ user_id: agent.user_id, skill }, list)
    .map(({ path, message }) => ({ path: `/config/external_integrations${path}`, message }))
  if (issues.length === 0) return
  const [first] = issues
  throw new Fault('VALIDATION_ERROR', `${first?.path} ${first?.message}.`, {
    issues: issues.slice(0, ISSUES_MAX),
  })
}

export function skillOf(config: Partial<AgentConfig>): string | null {
  const skill = config.preferences?.['skill']
  return typeof skill === 'string' ? skill : null
}

/**
 * The skill that the configuration names; a built-in agent has the one that it was made for without, and one from
 * outside always its own.
 */
export function skillFor(
  skills: Skills,
  { agent_number, skill }: Pick<AgentRow, 'agent_number' | 'skill'>,
  config: Partial<AgentConfig>,
): string | null {
  if (skill?.startsWith('remote:') === true) return skill
  return skillOf(config) ?? skills.all().find(({ agent }) => agent.number === agent_number)?.name ?? null
}
