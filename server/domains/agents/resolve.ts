import type { AgentConfig } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Action, Skill } from '../../skills/skill.ts'

export interface Resolved {
  name: string
  action: Action
  skill: Skill
  parameters: Record<string, unknown>
}

/** What an agent can do: by its own skill, and with all that it is set up with. */
interface Able {
  own: Skill | undefined
  all: Skill | undefined
}

/**
 * What a command means for an agent, in the decided order: its own actions, then its voice commands as aliases, whose
 * parameters the command's own ones override, then the actions of its integrations.
 *
 * @throws Fault `AGENT_EXECUTION_FAILED` (400) that lists what the agent can do.
 */
export function resolve(
  { own: ownSkill, all: skill }: Able,
  config: Pick<AgentConfig, 'voice_commands'>,
  command: { action: string; parameters: Record<string, unknown> },
): Resolved {
  const own = find(ownSkill, command.action)
  if (own !== undefined && ownSkill !== undefined) {
    return { name: command.action, action: own, skill: ownSkill, parameters: command.parameters }
  }
  const wanted = command.action.trim().toLowerCase()
  const alias = config.voice_commands.find(({ phrase }) => phrase.trim().toLowerCase() === wanted)
  const aliased = alias === undefined ? undefined : find(skill, alias.action)
  if (alias !== undefined && aliased !== undefined && skill !== undefined) {
    const parameters = { ...alias.parameters, ...command.parameters }
    return { name: alias.action, action: aliased, skill, parameters }
  }
  const other = find(skill, command.action)
  if (other !== undefined && skill !== undefined)
    return { name: command.action, action: other, skill, parameters: command.parameters }
  const available_actions = Object.keys(skill?.actions ?? {})
  throw new Fault(
    'AGENT_EXECUTION_FAILED',
    `The agent has no action ${JSON.stringify(command.action.slice(0, 80))}.`,
    { available_actions },
    { status: 400 },
  )
}

function find(skill: Skill | undefined, name: string): Action | undefined {
  return skill !== undefined && Object.hasOwn(skill.actions, name) ? skill.actions[name] : undefined
}
