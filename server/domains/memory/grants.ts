import type { AgentConfig } from '../../../contract/agents.ts'

/** Grants that an agent may give; a longer list is no list that a user has written. */
const GRANTS_MAX = 100
const AGENT_NUMBER_MAX = 9999

/**
 * Whether the owner of a memory lets another agent in: `preferences.grants` is a list of
 * `{agent_number, memory: 'read' | 'write'}`, and who may write may read. What is malformed grants nothing.
 */
export function mayReach(
  { preferences }: Pick<AgentConfig, 'preferences'>,
  agent_number: number,
  wish: 'read' | 'write',
): boolean {
  const grants: unknown = ownOf(preferences, 'grants')
  if (!Array.isArray(grants) || grants.length > GRANTS_MAX) return false
  return grants.some(
    (grant: unknown) =>
      isGrant(grant) && grant.agent_number === agent_number && (grant.memory === 'write' || wish === 'read'),
  )
}

interface Grant {
  agent_number: number
  memory: 'read' | 'write'
}

function isGrant(grant: unknown): grant is Grant {
  if (typeof grant !== 'object' || grant === null || Array.isArray(grant)) return false
  if (Object.keys(grant).toSorted().join() !== 'agent_number,memory') return false
  const { agent_number, memory } = grant as Record<string, unknown>
  const isNumber = Number.isInteger(agent_number) && Number(agent_number) >= 1
  return isNumber && Number(agent_number) <= AGENT_NUMBER_MAX && (memory === 'read' || memory === 'write')
}

function ownOf(map: unknown, key: string): unknown {
  if (typeof map !== 'object' || map === null || !Object.hasOwn(map, key)) return undefined
  return (map as Record<string, unknown>)[key]
}
