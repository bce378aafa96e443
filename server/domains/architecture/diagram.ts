import type { ArchitectureConnection, ArchitectureNode } from '../../../contract/system.ts'
import { mermaidLabel } from '../../kernel/mermaid.ts'

/** What Mermaid draws at most, unless it is set up otherwise: with more it draws an error. */
const TEXT_MAX = 50_000
const ARROWS_MAX = 500
/** Characters of a label, and the fewest that are left when there are very many nodes. */
const LABEL_MAX = 60
const LABEL_MIN = 8

const SHAPES: Readonly<Record<ArchitectureNode['type'], readonly [string, string]>> = {
  agent: ['[', ']'],
  service: ['[(', ')]'],
  external_api: ['{{', '}}'],
}
const ARROWS: Readonly<Record<ArchitectureConnection['type'], string>> = {
  trigger: '==>',
  data_flow: '-->',
  dependency: '-.->',
}
/** What stays in the diagram when there is too much for it. */
const WEIGHTS: readonly ArchitectureConnection['type'][] = ['trigger', 'data_flow', 'dependency']

type Drawn = Pick<ArchitectureNode, 'id' | 'agent_number' | 'name' | 'type' | 'status'>
type Arrow = Pick<ArchitectureConnection, 'source' | 'target' | 'type'>

/**
 * The architecture as a flowchart for Mermaid. Nodes are named by their place and never by what users wrote. It holds
 * nothing that changes from one minute to the next, so that the same configuration is the same text.
 */
export function toDiagram(nodes: readonly Drawn[], connections: readonly Arrow[]): string {
  const place = new Map(nodes.map(({ id }, index) => [id, `n${index + 1}`]))
  const arrows = WEIGHTS.flatMap((type) => connections.filter((one) => one.type === type))
  const shown = arrows.slice(0, ARROWS_MAX).flatMap(({ source, target, type }) => {
    const [from, to] = [place.get(source), place.get(target)]
    return from === undefined || to === undefined ? [] : [`  ${from} ${ARROWS[type]} ${to}`]
  })
  const off = nodes.flatMap(({ id, status }) => (status === 'inactive' ? (place.get(id) ?? []) : []))
  const failing = nodes.flatMap(({ id, status }) => (status === 'error' ? (place.get(id) ?? []) : []))
  const rest = [
    ...shown,
    ...(arrows.length > ARROWS_MAX ? [`  more["${arrows.length - ARROWS_MAX} connections more"]`] : []),
    ...styled('off', 'opacity:0.5', off),
    ...styled('failing', 'stroke-width:3px', failing),
  ].join('\n')
  for (let most = LABEL_MAX; ; most = Math.max(LABEL_MIN, Math.floor(most / 2))) {
    const lines = nodes.map((node) => `  ${place.get(node.id)}${boxOf(node, most)}`)
    const text = ['flowchart LR', ...lines, rest].filter((part) => part !== '').join('\n')
    if (text.length <= TEXT_MAX || most === LABEL_MIN) return text
  }
}

function boxOf({ agent_number, name, type }: Drawn, most: number): string {
  const [open, close] = SHAPES[type]
  return `${open}${mermaidLabel(agent_number === 0 ? name : `${agent_number} ${name}`, most)}${close}`
}

function styled(name: string, style: string, places: readonly string[]): string[] {
  return places.length === 0 ? [] : [`  classDef ${name} ${style}`, `  class ${places.join(',')} ${name}`]
}
