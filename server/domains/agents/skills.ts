import type { AgentCommand, AgentConfig } from '../../../contract/agents.ts'
import type { Issue } from '../../../contract/errors.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import { veilNames } from '../../kernel/veil.ts'
import type { Capabilities, CapabilityName } from '../../skills/capabilities.ts'
import type { Skill } from '../../skills/skill.ts'
import type { Integrations } from '../integrations/index.ts'
import type { Binding } from '../memory/capabilities.ts'
import { resolve } from './resolve.ts'
import type { Meter } from './run/meter.ts'
import type { Resolved } from './resolve.ts'

/** What a capability is made from: the agent's binding, and the execution that it is for. */
export interface Grant extends Binding {
  time_zone: string
  agent_number: number
  /** Name of the skill that asks. */
  skill: string
  /** Ends with the execution. */
  signal: AbortSignal
  meter: Meter
  /** What is being performed, when it is an execution. */
  command?: AgentCommand
}

/** How each capability is bound to an execution. */
export type Factories = { readonly [N in CapabilityName]: (grant: Grant) => Capabilities[N] }

/** An agent, as far as what it can do follows from it. */
export interface Equipped {
  user_id: string
  skill: string | null
  config: Pick<AgentConfig, 'voice_commands' | 'external_integrations'>
}

/** The installed skills. */
export interface Skills {
  install(skills: readonly Skill[], factories: Factories): void
  /** Those that every user's agents may have. */
  all(): readonly Skill[]
  get(name: string | null): Skill | undefined
  /** Everything that an agent can do: its skill, and what the services that it is set up with can be asked. */
  of(agent: Equipped): Skill | undefined
  /** What an agent of a skill uses of the system. */
  needs(skill: string | null, config: Pick<AgentConfig, 'external_integrations'>): readonly CapabilityName[]
  /** What is wrong with the integrations of an agent; paths begin with the place in the list. */
  findIssues(agent: Omit<Equipped, 'config'>, list: AgentConfig['external_integrations']): Issue[]
  /** The action that a command means. @throws Fault `AGENT_EXECUTION_FAILED` (400) that lists what the agent can do. */
  resolve(agent: Equipped, command: { action: string; parameters: Record<string, unknown> }): Resolved
  /** Adds the skill of one agent from outside, or replaces it. */
  attach(skill: Skill): void
  /** The action that a command means, its parameters checked. @throws Fault `VALIDATION_ERROR` with each path. */
  check(agent: Equipped, command: { action: string; parameters: Record<string, unknown> }): Resolved
  /** The capabilities that a skill names, and no others. */
  grant(skill: Skill, grant: Omit<Grant, 'skill'>): Capabilities
}

/** What an agent without a skill has, besides its integrations. */
const BARE: Skill = {
  name: 'integrations',
  agent: { number: 0, name: '', description: 'Asks the services that it is set up with.' },
  needs: [],
  actions: {},
}
/** What asking a service takes. */
const ASKING: CapabilityName = 'net'

type Equipment = Pick<Integrations, 'actionsOf' | 'findIssues'>
const NONE: Equipment = { actionsOf: () => undefined, findIssues: () => [] }

/** Starts without skills: they are installed last, with capabilities from every domain. */
export function openSkills(integrations = NONE): Skills {
  const installed = new Map<string, Skill>()
  const attached = new Map<string, Skill>()
  const find = (name: string | null) =>
    name === null ? undefined : (installed.get(name) ?? attached.get(name))
  let factories: Factories | undefined
  // The same skill for the same agent: what is made ready from it is known by it.
  const whole = new WeakMap<object, Map<Skill, Skill>>()
  const of: Skills['of'] = ({ user_id, skill, config: { external_integrations } }) => {
    const own = find(skill)
    if (external_integrations.length === 0) return own
    const more = integrations.actionsOf(user_id, external_integrations)
    if (more === undefined) return own
    const base = own ?? BARE
    const made = whole.getOrInsertComputed(more, () => new Map())
    return made.getOrInsertComputed(base, () => ({
      ...base,
      needs: [...new Set([...base.needs, ASKING])],
      actions: { ...more, ...base.actions },
    }))
  }
  const resolved: Skills['resolve'] = (agent, command) =>
    resolve({ own: find(agent.skill), all: of(agent) }, agent.config, command)
  return {
    install: (skills, given) => {
      factories = given
      for (const skill of skills) installed.set(skill.name, skill)
    },
    all: () => [...installed.values()],
    get: find,
    of,
    needs: (skill, { external_integrations }) => {
      const own = find(skill)?.needs ?? []
      const asks = external_integrations.some(
        ({ type, enabled }) => enabled && (type === 'http' || type === 'webhook'),
      )
      return asks ? [...new Set([...own, ASKING])] : own
    },
    findIssues: ({ user_id, skill }, list) =>
      integrations.findIssues(user_id, list, Object.keys(find(skill)?.actions ?? {})),
    resolve: resolved,
    attach: (skill) => attached.set(skill.name, skill),
    check: (agent, command) => {
      const found = resolved(agent, command)
      const { action, parameters } = found
      const wrong = action.check?.(parameters) ?? findIssues(action.parameters, parameters)
      const issues = wrong.length > 0 ? wrong : (action.refuses?.(parameters) ?? [])
      if (issues.length === 0) return found
      throw refused(found, issues)
    },
    grant: (skill, grant) => {
      const given = factories
      if (given === undefined) throw new Error('No capabilities are installed.')
      const bound = { ...grant, skill: skill.name }
      const can = {}
      // Each is made when it is first used, which is also when it counts as used.
      for (const name of skill.needs) {
        let made: unknown
        const get = (): unknown => {
          if (name === 'memory') grant.meter.use('memory')
          made ??= given[name](bound)
          return made
        }
        Object.defineProperty(can, name, { get, enumerable: true })
      }
      return can as Capabilities
    },
  }
}

/** What is wrong with parameters, in which a name that nobody knows may be a secret. */
function refused({ name, action: { parameters } }: Resolved, issues: readonly Issue[]): Fault {
  const named = veilNames(parameters, issues).map(({ path, message }) => ({
    path: `/command/parameters${path}`,
    message,
  }))
  return new Fault('VALIDATION_ERROR', `${name}: ${named[0]?.path} ${named[0]?.message}.`, { issues: named })
}
