import type { WorkflowDefinition, WorkflowStep } from '../../../contract/workflows.ts'

/** How data goes through a workflow, between the nodes that its steps are performed by. */
export interface Flow {
  /** Nodes of the steps that nothing comes before: what starts the workflow reaches these. */
  entries: ReadonlySet<string>
  ways: readonly Way[]
}

/** What a step is given comes from one node, by some of the steps that it performs, and goes to the step's own node. */
export interface Way {
  source: string
  target: string
  step_id: string
  given_by: readonly string[]
}

/** The node that performs a step: none where the data only passes through, `null` where it is lost. */
export type NodeOf = (step: WorkflowStep) => string | null | undefined

/** Stands for what comes from a step that nobody performs. */
const LOST = null

/** Steps of agents hand their data on to those that wait for them, also through steps that only pass it on. */
export function flowOf({ steps, error_handling }: WorkflowDefinition, nodeOf: NodeOf): Flow {
  const { strategy, fallback_steps = [] } = error_handling
  const main = waysOf(steps, nodeOf)
  const fallback = strategy === 'fallback' ? waysOf(fallback_steps, nodeOf).ways : []
  return { entries: main.entries, ways: [...main.ways, ...fallback] }
}

/** The node of each step that data comes from, by the step. */
type Givers = ReadonlyMap<string, string | typeof LOST>

function waysOf(steps: readonly WorkflowStep[], nodeOf: NodeOf): Flow {
  const giversOf = openGivers(steps, nodeOf)
  const entries = new Set<string>()
  const ways: Way[] = []
  for (const [index, step] of steps.entries()) {
    const target = nodeOf(step)
    if (typeof target !== 'string') continue
    const givers = giversOf(step, index)
    if (givers.size === 0) entries.add(target)
    for (const [source, given] of Map.groupBy(givers, ([, node]) => node))
      if (source !== LOST && source !== target)
        ways.push({ source, target, step_id: step.id, given_by: given.map(([id]) => id) })
  }
  return { entries, ways }
}

function openGivers(steps: readonly WorkflowStep[], nodeOf: NodeOf) {
  const isList = steps.every(({ depends_on }) => depends_on === undefined)
  const places = new Map(steps.map(({ id }, index) => [id, index]))
  const known = new Map<string, Givers>()
  const giversOf = (step: WorkflowStep, index: number): Givers => {
    const found = known.get(step.id)
    if (found !== undefined) return found
    const givers = new Map<string, string | typeof LOST>()
    // Set before it is known, so that a circle ends: a definition of an earlier version may have one.
    known.set(step.id, givers)
    const before = isList ? [index - 1] : (step.depends_on ?? []).map((id) => places.get(id) ?? -1)
    for (const place of before) {
      const earlier = steps[place]
      if (earlier === undefined) continue
      const node = nodeOf(earlier)
      if (node === null || (node !== undefined && earlier.agent_number !== 0)) givers.set(earlier.id, node)
      else for (const [id, further] of giversOf(earlier, place)) givers.set(id, further)
    }
    return givers
  }
  return giversOf
}
