import { Type } from 'typebox'
import type { AgentConfig } from '../../../contract/agents.ts'
import { object } from '../../../contract/operation.ts'
import { Text } from '../../../contract/shapes.ts'
import { Fault } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Skills } from './skills.ts'

type Config = Pick<AgentConfig, 'preferences'>
const other = Type.Integer({ minimum: 1, maximum: 9999 })

/** Agents that are let into the memory of this one (`config.preferences.grants`); who may write may read. */
const MemoryGrant = object({ agent_number: other, memory: Type.Enum(['read', 'write']) })

/** Agents that may ask this one to act (`config.preferences.action_grants`); `*` stands for all of its actions. */
const ActionGrant = object({ agent_number: other, actions: Type.Array(Text(80, 1), { maxItems: 100 }) })

/** A longer list is none that a user has written. */
const GRANTS_MAX = 100

/** Whether an agent lets another one into its memory. What is malformed grants nothing. */
export function mayReach(config: Config, agent_number: number, wish: 'read' | 'write'): boolean {
  return grantsOf(config, 'grants', MemoryGrant).some(
    (grant) => grant.agent_number === agent_number && (grant.memory === 'write' || wish === 'read'),
  )
}

/** Whether an agent lets another one ask for an action. What is malformed grants nothing. */
export function mayAsk(config: Config, agent_number: number, action: string): boolean {
  return grantsOf(config, 'action_grants', ActionGrant).some(
    (grant) =>
      grant.agent_number === agent_number && (grant.actions.includes(action) || grant.actions.includes('*')),
  )
}

/** Whether an agent lets another one ask for what a step says, which may be one of its phrases. */
export function openLetting(skills: Pick<Skills, 'resolve'>) {
  return (
    agent: { user_id: string; skill: string | null; config: AgentConfig },
    agent_number: number,
    action: string,
  ): boolean => {
    const named = (): string => {
      try {
        return skills.resolve(agent, { action, parameters: {} }).name
      } catch (error) {
        // What the agent does not have is never performed.
        if (error instanceof Fault) return action
        throw error
      }
    }
    return mayAsk(agent.config, agent_number, named())
  }
}

/** Numbers of the agents that an agent lets into its memory or ask it to act, in their order. */
export function granted(config: Config): number[] {
  const memory = grantsOf(config, 'grants', MemoryGrant)
  const actions = grantsOf(config, 'action_grants', ActionGrant).filter((grant) => grant.actions.length > 0)
  return [...new Set([...memory, ...actions].map(({ agent_number }) => agent_number))].toSorted(
    (a, b) => a - b,
  )
}

function grantsOf<T extends Type.TSchema>({ preferences }: Config, key: string, schema: T): Type.Static<T>[] {
  if (typeof preferences !== 'object' || preferences === null || !Object.hasOwn(preferences, key)) return []
  const given: unknown = preferences[key]
  if (!Array.isArray(given) || given.length > GRANTS_MAX) return []
  return given.filter((one: unknown) => findIssues(schema, one).length === 0) as Type.Static<T>[]
}
