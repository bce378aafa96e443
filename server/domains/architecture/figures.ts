import type { AgentUses, Uses } from '../agents/traffic/uses.ts'
import type { WorkflowUses } from '../workflows/drawn/index.ts'
import { flowOf } from './flow.ts'
import { hostNode, join, linkId, nodesOf, triggersOf } from './links.ts'
import type { Configuration, Link, Links } from './links.ts'
import { BY_TRIGGER } from './services.ts'

/** What happened in the last 24 hours. */
export interface Measured extends AgentUses, WorkflowUses {}

/** Uses of connections by their ids. */
export type Figures = Map<string, Uses>

/** How a host is called among the things that executions use. */
const ASKED = 'http:'
/** Hosts that are drawn, the most used ones: whoever asks for more reads a list and no picture. */
const HOSTS_MAX = 100

/**
 * Finds what each connection carried, and adds the connections that nobody configured but that were used: messages,
 * hosts, and workflows that an agent started by itself.
 */
export function measure(links: Links, configuration: Configuration, measured: Measured): Figures {
  const figures: Figures = new Map()
  const count = (link: Pick<Link, 'source' | 'target' | 'type'>, uses: Uses): void => {
    const id = linkId(link)
    if (links.has(id)) figures.set(id, sum(figures.get(id), uses))
  }
  const { agents } = configuration
  const ids = new Set(agents.map(({ id }) => id))
  const hosts = new Set<string>()
  for (const { source, target: name, ...uses } of measured.between) {
    const host = name.startsWith(ASKED) ? hostNode(name.slice(ASKED.length)) : undefined
    const target = host ?? name
    // An agent may be gone since; what it said or asked is no part of the picture any more.
    if (!ids.has(source) || (host === undefined && !ids.has(name))) continue
    // What is asked of a host that is not drawn went out all the same.
    if (host !== undefined) count({ source, target: 'service:egress', type: 'dependency' }, uses)
    if (host !== undefined && !hosts.has(host) && hosts.size === HOSTS_MAX) continue
    if (host !== undefined) hosts.add(host)
    const link = { source, target, type: 'data_flow' } as const
    join(links, { ...link, is_on: true })
    count(link, uses)
  }
  for (const [source, uses] of measured.memory)
    count({ source, target: 'service:memory', type: 'dependency' }, uses)
  countSteps(configuration, measured, count)
  countStarts(links, configuration, measured, count)
  return figures
}

type CountUse = (link: Pick<Link, 'source' | 'target' | 'type'>, uses: Uses) => void

function sum(known: Uses | undefined, { uses, bytes, last_used }: Uses): Uses {
  if (known === undefined) return { uses, bytes, last_used }
  return {
    uses: known.uses + uses,
    bytes: known.bytes + bytes,
    last_used: Math.max(known.last_used, last_used),
  }
}

/**
 * A way was used when the step at its end was performed. What it carried is what the steps before it gave, in the share of
 * runs in which the step took it: not every step that gives is followed by one that takes.
 */
function countSteps({ agents }: Configuration, { steps }: Measured, count: CountUse): void {
  const nodeOf = nodesOf(agents)
  for (const [definition, performed] of Map.groupBy(steps, (step) => step.definition)) {
    const usesOf = new Map(performed.map((step) => [step.step_id, step]))
    for (const { source, target, step_id, given_by } of flowOf(definition, nodeOf).ways) {
      const taken = usesOf.get(step_id)
      if (taken === undefined) continue
      const bytes = given_by.reduce((total, id) => {
        const given = usesOf.get(id)
        return given === undefined ? total : total + given.bytes * Math.min(1, taken.uses / given.uses)
      }, 0)
      count({ source, target, type: 'data_flow' }, { ...taken, bytes: Math.round(bytes) })
    }
  }
}

function countStarts(
  links: Links,
  { agents, workflows }: Configuration,
  { starts }: Measured,
  count: CountUse,
): void {
  const nodeOf = nodesOf(agents)
  const numbers = new Map(agents.map(({ id, agent_number }) => [agent_number, id]))
  const known = new Map(workflows.map((workflow) => [workflow.id, workflow]))
  const entries = new Map<string, ReadonlySet<string>>()
  for (const { workflow_id, trigger_source, key, ...uses } of starts) {
    const workflow = known.get(workflow_id)
    if (workflow === undefined) continue
    const targets = entries.getOrInsertComputed(
      workflow_id,
      () => flowOf(workflow.definition, nodeOf).entries,
    )
    const reach = (source: string | undefined): void => {
      if (source !== undefined) for (const target of targets) count({ source, target, type: 'trigger' }, uses)
    }
    const [, number] = /^agent:(\d+)$/.exec(trigger_source) ?? []
    if (number !== undefined) {
      const source = numbers.get(Number(number))
      if (source !== undefined)
        for (const target of targets)
          join(links, { source, target, type: 'trigger', is_on: workflow.is_active })
      reach(source)
      continue
    }
    const type = TYPES[trigger_source]
    const service = type && BY_TRIGGER[type]
    if (service === undefined) continue
    const isOwn = workflow.definition.trigger.type === type && (key === null || key === workflow_id)
    if (isOwn) {
      reach(service)
      continue
    }
    const holders = triggersOf(agents, workflow_id).filter(({ trigger }) => trigger.type === type)
    const holder = holders.find(({ agent }) => key === null || key.startsWith(`${agent.id}.`))
    if (holder === undefined) continue
    count({ source: service, target: holder.agent.id, type: 'trigger' }, uses)
    reach(holder.agent.id)
  }
}

/** The triggers whose runs name what started them so. */
const TYPES: Readonly<Record<string, 'schedule' | 'webhook' | 'voice_command'>> = {
  schedule: 'schedule',
  webhook: 'webhook',
  voice: 'voice_command',
}
