import type {
  ArchitectureConnection,
  ArchitectureNode,
  ArchitectureWorkflow,
  SystemArchitecture,
} from '../../../contract/system.ts'
import { iso } from '../../kernel/clock.ts'
import type { AgentPortrait } from '../agents/portrait.ts'
import type { Uses } from '../agents/traffic/uses.ts'
import type { WorkflowPortrait } from '../workflows/drawn/index.ts'
import { toDiagram } from './diagram.ts'
import { measure } from './figures.ts'
import type { Figures, Measured } from './figures.ts'
import { layOut } from './layout/index.ts'
import type { Point } from './layout/index.ts'
import { externalNode, hostNode, linksOf, outsideNames } from './links.ts'
import type { Configuration, Link } from './links.ts'
import { pin } from './pinned.ts'
import { SERVICES } from './services.ts'

/** Hours over which uses are counted. */
export const HOURS = 24

export interface Drawing {
  configuration: Configuration
  /** What happened lately; nothing is known of it for a picture of earlier. */
  measured: Measured | undefined
  /** Where users moved nodes to. */
  moved: ReadonlyMap<string, Point>
}

type Plain = Omit<ArchitectureNode, 'position'>

/** The architecture as it is shown. The order in which rows come in makes no difference. */
export function draw({ configuration: given, measured, moved }: Drawing): SystemArchitecture {
  const configuration: Configuration = {
    ...given,
    agents: given.agents.toSorted((a, b) => a.agent_number - b.agent_number || compare(a.id, b.id)),
    workflows: given.workflows.toSorted((a, b) => compare(a.id, b.id)),
  }
  const links = linksOf(configuration)
  const figures = measured === undefined ? new Map<string, Uses>() : measure(links, configuration, measured)
  const sorted = [...links].toSorted(([a], [b]) => compare(a, b))
  const plain = nodesOf(
    configuration,
    sorted.map(([, link]) => link),
    measured,
  )
  const off = new Set(plain.filter(({ status }) => status === 'inactive').map(({ id }) => id))
  const connections = sorted.map(([id, link]) => toConnection(id, link, off, figures))
  const busy = new Set(
    connections.filter(({ status }) => status === 'active').flatMap(({ source, target }) => [source, target]),
  )
  const nodes = plain.map((node): Plain =>
    node.type === 'agent' || node.status === 'error' || busy.has(node.id)
      ? node
      : { ...node, status: 'inactive' },
  )
  const places = pin(
    layOut(
      nodes.map(({ id }) => id),
      connections.map(({ source, target }) => [source, target] as const),
    ),
    moved,
  )
  return {
    agents: nodes.map(({ metadata, ...node }) => ({
      ...node,
      position: places.get(node.id) ?? { x: 0, y: 0 },
      metadata: moved.has(node.id) ? { ...metadata, moved: moved.get(node.id) } : metadata,
    })),
    connections,
    workflows: configuration.workflows.map(toWorkflow),
    mermaid_diagram: toDiagram(nodes, connections),
  }
}

/** By code units: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function nodesOf(
  configuration: Configuration,
  links: readonly Link[],
  measured: Measured | undefined,
): Plain[] {
  const named = new Set(links.flatMap(({ source, target }) => [source, target]))
  const { agents, externals = [], offline = new Set<string>() } = configuration
  const statuses = new Map([
    ...externals.map(({ id, status }) => [externalNode(id), status] as const),
    ...[...offline].map((host) => [hostNode(host), 'error' as const] as const),
  ])
  const names = outsideNames(configuration)
  const others = [...named.union(statuses)].toSorted(compare)
  return [
    ...agents.map((agent) => toAgent(agent, measured)),
    ...others.flatMap((id) => {
      const name = Object.hasOwn(SERVICES, id) ? SERVICES[id] : undefined
      return name === undefined ? [] : [toOther(id, name, 'service')]
    }),
    ...others.flatMap((id) => {
      const name = names.get(id) ?? (id.startsWith(HOST) ? id.slice(HOST.length) : undefined)
      const status = statuses.get(id) ?? 'active'
      return name === undefined ? [] : [{ ...toOther(id, name, 'external_api'), status }]
    }),
  ]
}

const HOST = hostNode('')

function toAgent(agent: AgentPortrait, measured: Measured | undefined): Plain {
  const { id, agent_number, name, is_active, state, skill, health_score } = agent
  const lately = measured && (measured.executions.get(id) ?? { uses: 0, bytes: 0 })
  const figures = lately && {
    health_score,
    state,
    last_execution: agent.last_execution,
    execution_count: agent.execution_count,
    executions_per_hour: perHour(lately.uses),
    data_volume: lately.bytes,
  }
  return {
    id,
    agent_number,
    name,
    type: 'agent',
    status: is_active ? (state === 'error' ? 'error' : 'active') : 'inactive',
    metadata: { skill, ...figures },
  }
}

function toOther(id: string, name: string, type: 'service' | 'external_api'): Plain {
  return { id, agent_number: 0, name, type, status: 'active', metadata: {} }
}

function toConnection(
  id: string,
  { source, target, type, is_on }: Link,
  off: ReadonlySet<string>,
  figures: Figures,
): ArchitectureConnection {
  const status = is_on && !off.has(source) && !off.has(target) ? 'active' : 'inactive'
  const used = figures.get(id)
  const metadata =
    used === undefined
      ? {}
      : { frequency: perHour(used.uses), last_used: iso(used.last_used), data_volume: used.bytes }
  return { id, source, target, type, status, metadata }
}

function perHour(uses: number): number {
  return Math.round((uses / HOURS) * 1000) / 1000
}

function toWorkflow(workflow: WorkflowPortrait): ArchitectureWorkflow {
  const { id, name, is_active, definition, last_executed, success_rate } = workflow
  const { strategy, fallback_steps = [] } = definition.error_handling
  const steps = [...definition.steps, ...(strategy === 'fallback' ? fallback_steps : [])]
  return {
    id,
    name,
    is_active,
    trigger_type: definition.trigger.type,
    steps: steps.map((step) => ({ id: step.id, agent_number: step.agent_number })),
    last_executed,
    success_rate,
  }
}
