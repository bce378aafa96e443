import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArchitectureConnection, ArchitectureNode } from '../../../contract/system.ts'
import { toDiagram } from './diagram.ts'
import { HOSTILE } from './hostile.ts'

type Node = Pick<ArchitectureNode, 'id' | 'agent_number' | 'name' | 'type' | 'status'>
type Arrow = Pick<ArchitectureConnection, 'source' | 'target' | 'type'>

function agent(number: number, name: string, status: Node['status'] = 'active'): Node {
  return { id: `a${number}`, agent_number: number, name, type: 'agent', status }
}

/** Everything that a line may be. Labels are in quotes and hold no sign that means anything to Mermaid or to HTML. */
const LABEL = String.raw`"(?: |(?:[\p{L}\p{M}\p{N} .,_/-]|#\d+;)+)"`
const LINE = new RegExp(
  String.raw`^(?:flowchart LR|  n\d+(?:\[${LABEL}\]|\[\(${LABEL}\)\]|\{\{${LABEL}\}\})|  n\d+ (?:==>|-->|-\.->) n\d+|  more\["\d+ connections more"\]|  classDef (?:off opacity:0.5|failing stroke-width:3px)|  class n\d+(?:,n\d+)* (?:off|failing))$`,
  'u',
)

test('each kind of node and connection has a form of its own, and what is off or failing is marked', () => {
  const nodes: Node[] = [
    agent(4, 'Tasks & Lists'),
    agent(20, 'Off', 'inactive'),
    agent(21, 'Broken', 'error'),
    { id: 's', agent_number: 0, name: 'Memory', type: 'service', status: 'active' },
    { id: 'h', agent_number: 0, name: 'api.example.org:8443', type: 'external_api', status: 'active' },
  ]
  const arrows: Arrow[] = [
    { source: 'a4', target: 's', type: 'dependency' },
    { source: 'a4', target: 'a20', type: 'data_flow' },
    { source: 'a20', target: 'h', type: 'trigger' },
  ]
  assert.equal(
    toDiagram(nodes, arrows),
    [
      'flowchart LR',
      '  n1["4 Tasks #38; Lists"]',
      '  n2["20 Off"]',
      '  n3["21 Broken"]',
      '  n4[("Memory")]',
      '  n5{{"api.example.org#58;8443"}}',
      '  n2 ==> n5',
      '  n1 --> n2',
      '  n1 -.-> n4',
      '  classDef off opacity:0.5',
      '  class n2 off',
      '  classDef failing stroke-width:3px',
      '  class n3 failing',
    ].join('\n'),
  )
})

test('nothing at all is a diagram without nodes', () => {
  assert.equal(toDiagram([], []), 'flowchart LR')
})

test('no name gets out of its quotes, whatever is in it', () => {
  for (const name of HOSTILE) {
    const other = { id: 'h', agent_number: 0, name, type: 'external_api', status: 'inactive' } as const
    for (const line of toDiagram(
      [agent(1, name), other],
      [{ source: 'a1', target: 'h', type: 'data_flow' }],
    ).split('\n'))
      assert.match(line, LINE, JSON.stringify([name, line]))
  }
})

test('an arrow from or to a node that is not drawn is not drawn', () => {
  const gone: Arrow[] = [
    { source: 'a1', target: 'gone', type: 'trigger' },
    { source: 'gone', target: 'a1', type: 'data_flow' },
  ]
  assert.equal(toDiagram([agent(1, 'A')], gone), 'flowchart LR\n  n1["1 A"]')
})

test('of more than 500 connections triggers and data stay, and the others are counted', () => {
  const nodes = Array.from({ length: 60 }, (_, index) => agent(index + 1, 'A'))
  const all = nodes.flatMap(({ id: source }) =>
    nodes.slice(0, 12).map(({ id: target }) => ({ source, target })),
  )
  const arrows = all.map((ends, index): Arrow => ({
    ...ends,
    type: index % 2 === 0 ? 'dependency' : 'trigger',
  }))
  const lines = toDiagram(nodes, arrows).split('\n')
  const count = (sign: string) => lines.filter((line) => line.includes(` ${sign} `)).length
  assert.deepEqual([count('==>'), count('-.->'), count('-->')], [360, 140, 0])
  assert.equal(lines.at(-1), '  more["220 connections more"]')
  assert.equal(toDiagram(nodes, arrows.slice(0, 500)).includes('more'), false)
})

test('the text of 500 agents whose names are all signs, with 500 connections, is one that Mermaid takes', () => {
  for (const name of ['🙂'.repeat(80), '"'.repeat(80), 'x'.repeat(80)]) {
    const nodes = Array.from({ length: 500 }, (_, index) => agent(index + 1, name, 'inactive'))
    const arrows = nodes.map(({ id }): Arrow => ({ source: id, target: 'a1', type: 'data_flow' }))
    const text = toDiagram(nodes, arrows)
    assert.ok(text.length <= 50_000, `${name.slice(0, 4)}: ${text.length}`)
    assert.equal(text.split('\n').length, 1 + 500 + 500 + 2)
  }
})
