import type { AgentCommand, AgentConfig } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Capabilities, CapabilityName } from '../../skills/capabilities.ts'
import type { Skill } from '../../skills/skill.ts'
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

/** The installed skills. */
export interface Skills {
  install(skills: readonly Skill[], factories: Factories): void
  /** Those that every user's agents may have. */
  all(): readonly Skill[]
  get(name: string | null): Skill | undefined
  /** Adds the skill of one agent from outside, or replaces it. */
  attach(skill: Skill): void
  /** The action that a command means, its parameters checked. @throws Fault `VALIDATION_ERROR` with each path. */
  check(
    skill: string | null,
    config: AgentConfig,
    command: { action: string; parameters: Record<string, unknown> },
  ): Resolved
  /** The capabilities that a skill names, and no others. */
  grant(skill: Skill, grant: Omit<Grant, 'skill'>): Capabilities
}

/** Starts without skills: they are installed last, with capabilities from every domain. */
export function openSkills(): Skills {
  const installed = new Map<string, Skill>()
  const attached = new Map<string, Skill>()
  const find = (name: string | null) =>
    name === null ? undefined : (installed.get(name) ?? attached.get(name))
  let factories: Factories | undefined
  return {
    install: (skills, given) => {
      factories = given
      for (const skill of skills) installed.set(skill.name, skill)
    },
    all: () => [...installed.values()],
    get: find,
    attach: (skill) => attached.set(skill.name, skill),
    check: (skill, config, command) => {
      const resolved = resolve(find(skill), config, command)
      const { action, parameters } = resolved
      const issues = action.check?.(parameters) ?? findIssues(action.parameters, parameters)
      if (issues.length === 0) return resolved
      const named = issues.map(({ path, message }) => ({ path: `/command/parameters${path}`, message }))
      throw new Fault('VALIDATION_ERROR', `${resolved.name}: ${named[0]?.path} ${named[0]?.message}.`, {
        issues: named,
      })
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
