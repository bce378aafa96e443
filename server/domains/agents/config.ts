import type { AgentConfig } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import { budgetOf } from './run/budget.ts'
import type { Skills } from './skills.ts'
import type { AgentRow } from './store.ts'

const PREFERENCES_BYTES_MAX = 65_536

/** @throws Fault when it names a skill that does not exist, is too large, or holds a secret that has no vault yet. */
export function checkConfig(skills: Skills, config: Partial<AgentConfig>): Partial<AgentConfig> {
  if (Object.values(config.api_keys ?? {}).some((value) => value !== '')) {
    throw new Fault('SERVICE_UNAVAILABLE', 'Secrets cannot be kept yet.', {
      reason: 'not_built',
      field: 'api_keys',
    })
  }
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
  return { ...config, ...(config.api_keys === undefined ? {} : { api_keys: {} }) }
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
