import type { Agents, KnownAgent as KnownAgentOfUser } from '../agents/index.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Reader } from '../../kernel/store/store.ts'
import type { Signing } from '../vault/signing.ts'
import type { Action } from '../../skills/skill.ts'
import { credentialOf, secretOf } from './triggers/secret.ts'
import { isObject } from './validate/shape.ts'
import type { Known, KnownAgent } from './validate/known.ts'

export interface KnownParts {
  agents: Pick<Agents, 'known' | 'skills'>
  zoneOf: (user_id: string) => string
  /** Actions of agent 0 in workflows. */
  own: Readonly<Record<string, Action>>
  findPhraseProblem: (phrase: string) => string | undefined
  signing: Pick<Signing, 'open'>
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

/** Why the credential that the trigger of a definition names signs nothing; nothing without one. */
export async function findSecretProblem(
  { signing }: Pick<KnownParts, 'signing'>,
  user_id: string,
  definition: unknown,
  db?: Pick<Reader, 'tables'>,
): Promise<string | undefined> {
  const id = isObject(definition) ? credentialOf(secretOf(definition['trigger'])) : undefined
  if (id === undefined) return undefined
  try {
    const opened = await signing.open(user_id, id, db)
    return 'problem' in opened ? opened.problem : undefined
  } catch (error) {
    if (error instanceof Fault) return 'cannot be opened'
    throw error
  }
}
