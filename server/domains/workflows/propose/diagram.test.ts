import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowDefinition, WorkflowStep } from '../../../../contract/workflows.ts'
import { definition as definitionOf } from '../validate/rig.ts'
import { diagram } from './diagram.ts'
import { proposed } from './rig.ts'

/** Everything that a line of a diagram may be: a node or an edge, its label in quotes without any sign of Mermaid's. */
const LABEL = String.raw`"(?:[\p{L}\p{M}\p{N} .,_/-]|#\d+;)+"`
const LINE = new RegExp(
  String.raw`^(?:flowchart TD|  (?:start|failed)\(\[${LABEL}\]\)|  [sf]\d+\[${LABEL}\]|  (?:start|[sf]\d+|failed) (?:-->|-\.->)(?:\|${LABEL}\|)? (?:[sf]\d+|failed))$`,
  'u',
)

const HOSTILE = [
  '"]; click s1 "javascript:alert(1)"',
  'end',
  '%%{init: {"theme":"dark"}}%%',
  '`**bold**`',
  'a\n  s9["x"]\nb\r\u2028c',
  '<img src=x onerror=alert(1)>',
  'style s1 fill:#f00;',
  '#quot;&amp;#35;',
  '---\ntitle: x\n---',
  '\u202egnp.exe\u0000\ud800',
  '📅 Wörter 日本語',
  '   ',
  '',
  'x'.repeat(5000),
]

function step(id: string, more: Partial<WorkflowStep> = {}): WorkflowStep {
  return { id, agent_number: 4, action: 'list', parameters: {}, ...more }
}

test('a list goes from the start through its steps, with conditions on the way', async () => {
  const proposal = await proposed('every evening list my tasks and tell me if there are any')
  assert.equal(
    proposal.diagram,
    [
      'flowchart TD',
      '  start(["Every day at 18#58;00 #40;Europe/Berlin#41;"])',
      '  s1["1. Tasks #38; Lists#58; list"]',
      '  start --> s1',
      '  s2["2. Workflow#58; notify"]',
      '  s1 -->|"if #34;tasks#34; finds any"| s2',
    ].join('\n'),
  )
})

test('a graph goes as its steps wait, and fallback steps stand apart', () => {
  const drawn = diagram(
    definitionOf({
      steps: [step('a', { depends_on: [] }), step('b'), step('end', { depends_on: ['a', 'b', 'gone'] })],
      error_handling: {
        strategy: 'fallback',
        fallback_steps: [step('c'), step('d')],
        notification_on_error: true,
      },
    }),
    new Map(),
  )
  const edges = drawn.split('\n').filter((line) => line.includes('->'))
  assert.deepEqual(edges, [
    '  start --> s1',
    '  start --> s2',
    '  s1 --> s3',
    '  s2 --> s3',
    '  start -.-> failed',
    '  failed --> f1',
    '  f1 --> f2',
  ])
})

test('no name, id, action, condition or trigger gets out of its quotes', () => {
  for (const text of HOSTILE) {
    const triggers: WorkflowDefinition['trigger'][] = [
      { type: 'voice_command', conditions: { phrase: text } },
      { type: 'schedule', conditions: { cron: text, timezone: text } },
      { type: 'schedule', conditions: { at: text } },
      { type: 'agent_completion', conditions: { action: text }, source_agent: 4 },
    ]
    for (const trigger of triggers) {
      const steps = [
        step(text, { action: text, condition: text }),
        step('b', { parameters: { [text]: text } }),
      ]
      const drawn = diagram(definitionOf({ trigger, steps }), new Map([[4, text]]))
      for (const line of drawn.split('\n')) assert.match(line, LINE, JSON.stringify([text, line]))
    }
  }
})

test('long labels are cut before they are escaped', () => {
  const drawn = diagram(definitionOf({ steps: [step('a')] }), new Map([[4, '&'.repeat(500)]]))
  const [, label = ''] = /s1\["(.*)"\]/.exec(drawn) ?? []
  assert.equal(label, `1. ${'#38;'.repeat(76)}#8230;`)
})
