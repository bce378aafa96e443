import type { Agents, KnownAgent as KnownAgentOfUser } from '../agents/index.ts'
import type { Action } from '../../skills/skill.ts'
import type { Known, KnownAgent } from './validate/known.ts'

export interface KnownParts {
  agents: Pick<Agents, 'known' | 'skills'>
  zoneOf: (user_id: string) => string
  /** Actions of agent 0 in workflows. */
  own: Readonly<Record<string, Action>>
  findPhraseProblem: (phrase: string) => string | undefined
}

/** What definitions of a user are held against, as it is now. */
export async function readKnown(
  { agents, zoneOf, own, findPhraseProblem }: KnownParts,
  user_id: string,
  now: number,
  /** In place of the agents that there are. */
  given?: readonly KnownAgentOfUser[],
): Promise<Known> {
  const known = new Map<number, KnownAgent>([
    [0, { name: 'System', is_active: true, actions: own, aliases: new Set() }],
  ])
  for (const agent of given ?? (await agents.known(user_id))) {
    const { agent_number, name, is_active, skill, config } = agent
    known.set(agent_number, {
      name,
      is_active,
      actions: agents.skills.of(agent)?.actions ?? {},
      aliases: new Set(config.voice_commands.map(({ phrase }) => phrase.trim().toLowerCase())),
      open: skill?.startsWith('remote:') === true,
    })
  }
  return { agents: known, time_zone: zoneOf(user_id), now, findPhraseProblem }
}
