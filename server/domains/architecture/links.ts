import type { ArchitectureConnection, ArchitectureNode } from '../../../contract/system.ts'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import type { WorkflowStep } from '../../../contract/workflows.ts'
import type { AgentPortrait, Integration } from '../agents/portrait.ts'
import type { WorkflowPortrait } from '../workflows/drawn/index.ts'
import { flowOf } from './flow.ts'
import type { NodeOf } from './flow.ts'
import { BY_CAPABILITY, BY_TRIGGER, serviceOf } from './services.ts'

/** What a user has configured, as far as it is drawn. */
export interface Configuration {
  agents: readonly AgentPortrait[]
  workflows: readonly WorkflowPortrait[]
  externals?: readonly External[]
  /** Hosts that cannot be reached. */
  offline?: ReadonlySet<string>
}

/** Something outside that is known by itself, however it is asked. `used_by` are ids of agents. */
export interface External {
  id: string
  name: string
  status: ArchitectureNode['status']
  used_by: readonly string[]
}

/** A connection without its figures. */
export interface Link extends Pick<ArchitectureConnection, 'source' | 'target' | 'type'> {
  /** Whether something that makes it is switched on: its workflow, its trigger, its grant. */
  is_on: boolean
}

/** Connections by their ids: two of one type between the same nodes are one. */
export type Links = Map<string, Link>

export function linkId({ type, source, target }: Pick<Link, 'source' | 'target' | 'type'>): string {
  return `${type}:${source}:${target}`
}

/** Adds a connection; nothing is connected with itself. */
export function join(links: Links, link: Link): void {
  if (link.source === link.target) return
  const id = linkId(link)
  const known = links.get(id)
  links.set(id, known === undefined ? link : { ...known, is_on: known.is_on || link.is_on })
}

/** The node of a step, by the number of its agent. */
export function nodesOf(agents: readonly Pick<AgentPortrait, 'id' | 'agent_number'>[]): NodeOf {
  const ids = new Map(agents.map(({ id, agent_number }) => [agent_number, id]))
  return (step: WorkflowStep) =>
    step.agent_number === 0 ? serviceOf(step) : (ids.get(step.agent_number) ?? null)
}

/** Every connection that the configuration makes. */
export function linksOf({ agents, workflows, externals = [] }: Configuration): Links {
  const links: Links = new Map()
  const nodeOf = nodesOf(agents)
  const numbers = new Map(agents.map(({ id, agent_number }) => [agent_number, id]))
  for (const { definition, is_active: is_on, ...workflow } of workflows) {
    const { entries, ways } = flowOf(definition, nodeOf)
    for (const { source, target } of ways) join(links, { source, target, type: 'data_flow', is_on })
    const own = sourceOf(definition.trigger, numbers)
    if (own !== undefined)
      for (const target of entries) join(links, { source: own, target, type: 'trigger', is_on })
    for (const { agent, trigger } of triggersOf(agents, workflow.id)) {
      const isOn = is_on && agent.is_active
      for (const target of entries) {
        const source = trigger.type === 'agent_completion' ? completing(agent, trigger, numbers) : agent.id
        if (source !== undefined) join(links, { source, target, type: 'trigger', is_on: isOn })
      }
      const service = BY_TRIGGER[trigger.type]
      if (service !== undefined)
        join(links, { source: service, target: agent.id, type: 'trigger', is_on: isOn })
    }
  }
  for (const agent of agents) {
    for (const need of agent.needs) {
      const target = BY_CAPABILITY[need]
      if (target !== undefined) join(links, { source: agent.id, target, type: 'dependency', is_on: true })
    }
    for (const { is_on, ...integration } of agent.integrations)
      join(links, {
        source: agent.id,
        target: integrationNode(agent, integration),
        type: 'dependency',
        is_on,
      })
    for (const number of agent.lets_in) {
      const source = numbers.get(number)
      if (source !== undefined) join(links, { source, target: agent.id, type: 'dependency', is_on: true })
    }
  }
  const ids = new Set(agents.map(({ id }) => id))
  for (const { id, used_by } of externals)
    for (const source of used_by)
      if (ids.has(source)) join(links, { source, target: externalNode(id), type: 'dependency', is_on: true })
  return links
}

/** How the node of a host is called. */
export function hostNode(host: string): string {
  return `host:${host}`
}

export function externalNode(id: string): string {
  return `external:${id}`
}

/** Several agents that are set up to use one host use one thing; what has no host is each agent's own. */
function integrationNode(
  { id: agent_id }: AgentPortrait,
  { id, host }: Pick<Integration, 'id' | 'host'>,
): string {
  return host === undefined ? `integration:${agent_id}:${id}` : hostNode(host)
}

/** The names of the nodes outside that are no hosts. */
export function outsideNames({ agents, externals = [] }: Configuration): Map<string, string> {
  return new Map([
    ...agents.flatMap((agent) =>
      agent.integrations.map((one): [string, string] => [integrationNode(agent, one), one.host ?? one.name]),
    ),
    ...externals.map(({ id, name }): [string, string] => [externalNode(id), name]),
  ])
}

/** The triggers in the configurations of agents that start a workflow. */
export function triggersOf(
  agents: readonly AgentPortrait[],
  workflow_id: string,
): { agent: AgentPortrait; trigger: WorkflowTrigger }[] {
  return agents.flatMap((agent) =>
    agent.triggers
      .filter(({ type, conditions }) => type !== 'manual' && conditions['workflow_id'] === workflow_id)
      .map((trigger) => ({ agent, trigger })),
  )
}

function sourceOf(
  { type, source_agent }: WorkflowTrigger,
  numbers: ReadonlyMap<number, string>,
): string | undefined {
  return type === 'agent_completion' ? numbers.get(source_agent ?? 0) : BY_TRIGGER[type]
}

/** The agent that an agent's own trigger waits for: itself, unless it names another one. */
function completing(
  { agent_number }: AgentPortrait,
  { source_agent = agent_number }: WorkflowTrigger,
  numbers: ReadonlyMap<number, string>,
): string | undefined {
  return numbers.get(source_agent)
}
