import type { AgentConfig } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Capabilities, CapabilityName } from '../../skills/capabilities.ts'
import type { Skill } from '../../skills/skill.ts'
import type { Binding } from '../memory/capabilities.ts'
import { resolve } from './resolve.ts'
import type { Resolved } from './resolve.ts'

/** What a capability is made from: the agent's binding and the zone of the user. */
export interface Grant extends Binding {
  time_zone: string
  agent_number: number
}

/** How each capability is bound to an execution. */
export type Factories = { readonly [N in CapabilityName]: (grant: Grant) => Capabilities[N] }

/** The installed skills. */
export interface Skills {
  install(skills: readonly Skill[], factories: Factories): void
  all(): readonly Skill[]
  get(name: string | null): Skill | undefined
  /** The action that a command means, its parameters checked. @throws Fault `VALIDATION_ERROR` with each path. */
  check(
    skill: string | null,
    config: AgentConfig,
    command: { action: string; parameters: Record<string, unknown> },
  ): Resolved
  /** The capabilities that a skill names, and no others. */
  grant(skill: Skill, grant: Grant): Capabilities
}

/** Starts without skills: they are installed last, with capabilities from every domain. */
export function openSkills(): Skills {
  const installed = new Map<string, Skill>()
  let factories: Factories | undefined
  return {
    install: (skills, given) => {
      factories = given
      for (const skill of skills) installed.set(skill.name, skill)
    },
    all: () => [...installed.values()],
    get: (name) => (name === null ? undefined : installed.get(name)),
    check: (skill, config, command) => {
      const resolved = resolve(skill === null ? undefined : installed.get(skill), config, command)
      const issues = findIssues(resolved.action.parameters, resolved.parameters)
      if (issues.length === 0) return resolved
      const named = issues.map(({ path, message }) => ({ path: `/command/parameters${path}`, message }))
      throw new Fault('VALIDATION_ERROR', `${resolved.name}: ${named[0]?.path} ${named[0]?.message}.`, {
        issues: named,
      })
    },
    grant: (skill, grant) => {
      const given = factories
      if (given === undefined) throw new Error('No capabilities are installed.')
      return Object.fromEntries(
        skill.needs.map((name) => [name, given[name](grant)]),
      ) as unknown as Capabilities
    },
  }
}
