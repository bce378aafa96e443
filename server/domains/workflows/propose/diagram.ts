import type { WorkflowDefinition, WorkflowStep } from '../../../../contract/workflows.ts'
import { mermaidLabel } from '../../../kernel/mermaid.ts'
import type { AgentNames } from './proposal.ts'
import { sayCondition } from './explain.ts'
import { sayTrigger } from './say.ts'

const LABEL_CHARACTERS_MAX = 80
const CONDITION_CHARACTERS_MAX = 60

/**
 * The flowchart of a workflow for Mermaid. Nodes are named by their place and never by what users wrote, and labels are
 * quoted, with all signs in them that could mean something to Mermaid as entities.
 */
export function diagram({ trigger, steps, error_handling }: WorkflowDefinition, names: AgentNames): string {
  const lines = ['flowchart TD', `  start([${label(sayTrigger(trigger, names))}])`]
  lines.push(...flow(steps, 's', 'start', names))
  const { strategy, fallback_steps = [] } = error_handling
  if (strategy === 'fallback' && fallback_steps.length > 0) {
    lines.push('  failed(["When a step fails"])', '  start -.-> failed')
    lines.push(...flow(fallback_steps, 'f', 'failed', names))
  }
  return lines.join('\n')
}

function flow(steps: readonly WorkflowStep[], prefix: string, first: string, names: AgentNames): string[] {
  const nodeOf = new Map(steps.map(({ id }, index) => [id, `${prefix}${index + 1}`]))
  const isList = steps.every(({ depends_on }) => depends_on === undefined)
  return steps.flatMap((step, index) => {
    const node = `${prefix}${index + 1}`
    const waits = isList
      ? index === 0
        ? []
        : [`${prefix}${index}`]
      : (step.depends_on ?? []).flatMap((id) => nodeOf.get(id) ?? [])
    const condition =
      step.condition === undefined ? '' : `|${label(sayCondition(step.condition), CONDITION_CHARACTERS_MAX)}|`
    const edges = (waits.length === 0 ? [first] : waits).map((from) => `  ${from} -->${condition} ${node}`)
    return [`  ${node}[${label(`${index + 1}. ${nameOf(step, names)}`)}]`, ...edges]
  })
}

function nameOf({ agent_number, action }: WorkflowStep, names: AgentNames): string {
  const name = agent_number === 0 ? 'Workflow' : (names.get(agent_number) ?? `Agent ${agent_number}`)
  return `${name}: ${action.replaceAll('_', ' ')}`
}

function label(text: string, most = LABEL_CHARACTERS_MAX): string {
  return mermaidLabel(text, most)
}
