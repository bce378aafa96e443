import assert from 'node:assert/strict'
import { test } from 'node:test'
import DOMPurify from 'dompurify'
import type { ArchitectureConnection } from '../../../contract/system.ts'
import { diagram } from '../workflows/propose/diagram.ts'
import { defined } from '../workflows/rig.ts'
import { toDiagram } from './diagram.ts'
import { HOSTILE } from './hostile.ts'
import { draw } from './picture.ts'
import { agent, workflow } from './rig.ts'

// The parser cleans what it has read before it draws it, for which it would need a page.
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text })
const { default: mermaid } = await import('mermaid')

const names = (index: number): string => HOSTILE[index % HOSTILE.length] ?? ''
const parsed = async (text: string) => (await mermaid.parse(text)).diagramType

test('the real parser refuses what is not escaped: else its word would be worth nothing', async () => {
  for (const text of ['flowchart LR\n  n1["a" b"]', 'flowchart LR\n  n1[a (b]', 'flowchart LR\n  end --> n1'])
    await assert.rejects(mermaid.parse(text), /Parse error/, text)
})

test('the real parser takes the architecture of 200 agents, with every hostile name there is', async () => {
  const agents = Array.from({ length: 200 }, (_, index) =>
    agent(index + 1, {
      name: names(index),
      needs: ['memory', 'net'],
      lets_in: [((index * 7) % 200) + 1],
      integrations: [{ id: `i${index}`, name: names(index + 7), host: undefined, is_on: index % 2 === 0 }],
      ...(index % 3 === 0 ? { is_active: false } : {}),
      ...(index % 5 === 0 ? { state: 'error' } : {}),
    }),
  )
  const workflows = Array.from({ length: 40 }, (_, index) =>
    workflow(`w${index}`, [index + 1, index + 2, index + 9, 0]),
  )
  const architecture = draw({ configuration: { agents, workflows }, measured: undefined, moved: new Map() })
  assert.ok(architecture.connections.length > 500)
  assert.equal(await parsed(architecture.mermaid_diagram), 'flowchart-v2')
  const again = draw({
    configuration: { agents: agents.toReversed(), workflows: workflows.toReversed() },
    measured: undefined,
    moved: new Map([['a1', { x: 5, y: 5 }]]),
  })
  assert.equal(again.mermaid_diagram, architecture.mermaid_diagram)
})

test('each hostile name alone is taken, for every kind of node', async () => {
  for (const name of HOSTILE) {
    const nodes = (['agent', 'service', 'external_api'] as const).map((type, index) => ({
      id: `${index}`,
      agent_number: index,
      name,
      type,
      status: 'error' as const,
    }))
    assert.equal(await parsed(toDiagram(nodes, [])), 'flowchart-v2', JSON.stringify(name))
  }
})

test('as many agents and connections as there can be are taken, and so is nothing at all', async () => {
  const nodes = Array.from({ length: 500 }, (_, index) => ({
    id: `a${index}`,
    agent_number: index + 1,
    name: '🙂'.repeat(80),
    type: 'agent' as const,
    status: 'inactive' as const,
  }))
  const arrows = nodes.flatMap(({ id }): Pick<ArchitectureConnection, 'source' | 'target' | 'type'>[] => [
    { source: id, target: 'a0', type: 'trigger' },
    { source: 'a1', target: id, type: 'data_flow' },
  ])
  assert.equal(await parsed(toDiagram(nodes, arrows)), 'flowchart-v2')
  assert.equal(await parsed(toDiagram([], [])), 'flowchart-v2')
})

test('the diagram of a workflow is taken, whatever its trigger, steps and conditions are called', async () => {
  for (const name of HOSTILE) {
    const steps = ['a', 'b'].map((id) => ({
      id,
      agent_number: 4,
      action: name,
      parameters: {},
      condition: name,
    }))
    const definition = defined({ trigger: { type: 'voice_command', conditions: { phrase: name } }, steps })
    assert.equal(
      await parsed(diagram(definition, new Map([[4, name]]))),
      'flowchart-v2',
      JSON.stringify(name),
    )
  }
})
