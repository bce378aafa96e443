import type {
  ArchitectureConnection,
  ArchitectureDiff,
  ArchitectureNode,
  ArchitectureWorkflow,
  SystemArchitecture,
} from '../../../contract/system.ts'
import { canonical } from '../../kernel/canonical.ts'

/** What is different between two architectures: what is new, what is gone, and what is not as it was. */
export function compareArchitectures(
  before: SystemArchitecture,
  after: SystemArchitecture,
): Omit<ArchitectureDiff, 'from' | 'to'> {
  const nodes = compared(before.agents, after.agents, nodeSaid)
  const connections = compared(before.connections, after.connections, connectionSaid)
  const workflows = compared(before.workflows, after.workflows, workflowSaid)
  const same = [nodes, connections, workflows].every(
    ({ added, removed, changed }) => added.length + removed.length + changed.length === 0,
  )
  return { same, nodes, connections, workflows }
}

function compared<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
  said: (one: T) => unknown,
): { added: T[]; removed: T[]; changed: { before: T; after: T }[] } {
  const [earlier, later] = [before, after].map((all) => new Map(all.map((one) => [one.id, one])))
  return {
    added: after.filter(({ id }) => earlier?.has(id) !== true),
    removed: before.filter(({ id }) => later?.has(id) !== true),
    changed: after.flatMap((one) => {
      const known = earlier?.get(one.id)
      const isSame = known === undefined || canonical(said(known)) === canonical(said(one))
      return isSame ? [] : [{ before: known, after: one }]
    }),
  }
}

/** What of each is compared: figures are of a day, and where a node is laid out follows from all the others. */
function nodeSaid({
  agent_number,
  name,
  type,
  status,
  metadata: { moved, skill },
}: ArchitectureNode): unknown {
  return { agent_number, name, type, status, moved: moved ?? null, skill: skill ?? null }
}

function connectionSaid({ status }: ArchitectureConnection): unknown {
  return { status }
}

function workflowSaid({ name, is_active, trigger_type, steps }: ArchitectureWorkflow): unknown {
  return { name, is_active, trigger_type, steps }
}
