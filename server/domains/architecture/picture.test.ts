import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measured } from './figures.ts'
import type { Configuration } from './links.ts'
import { draw } from './picture.ts'
import { UNUSED, agent, arrowsOf, workflow } from './rig.ts'

const DAY = Date.UTC(2026, 10, 22)
const used = (uses: number, bytes: number, last_used = DAY) => ({ uses, bytes, last_used })
const drawn = (configuration: Configuration, measured: Partial<Measured> = {}) =>
  draw({ configuration, measured: { ...UNUSED, ...measured }, moved: new Map() })
/** The figures of a connection. */
function figures(architecture: ReturnType<typeof draw>, id: string): unknown {
  return architecture.connections.find((one) => one.id === id)?.metadata
}
const shown = (frequency: number, data_volume: number, last_used = DAY) => ({
  frequency,
  last_used: new Date(last_used).toISOString(),
  data_volume,
})

const statuses = (agents: Configuration['agents']) =>
  drawn({ agents, workflows: [] }).agents.map(({ id, status }) => `${id} ${status}`)
const start = (workflow_id: string, trigger_source: string, key: string | null, uses: number) => ({
  workflow_id,
  trigger_source,
  key,
  ...used(uses, uses),
})

test('rows in any order make the same architecture', () => {
  const agents = [3, 20, 1, 2].map((number) => agent(number, { needs: ['memory'] }))
  const workflows = [workflow('w', [1, 2, 20]), workflow('v', [3, 0])]
  const between = [
    { source: 'a1', target: 'http:b.example', ...used(1, 2) },
    { source: 'a1', target: 'http:a.example', ...used(1, 2) },
  ]
  const one = drawn({ agents, workflows }, { between })
  const other = drawn(
    { agents: agents.toReversed(), workflows: workflows.toReversed() },
    { between: between.toReversed() },
  )
  assert.deepEqual(other, one)
  assert.deepEqual(
    one.agents.map(({ id }) => id),
    ['a1', 'a2', 'a3', 'a20', 'service:memory', 'service:notifications', 'host:a.example', 'host:b.example'],
  )
})

test('agents are active, inactive or in error, and a service rests when nothing that uses it is on', () => {
  const needs = ['memory'] as const
  const off = { is_active: false, state: 'disabled' } as const
  assert.deepEqual(
    statuses([agent(1, { needs, state: 'error' }), agent(2, off), agent(3, { state: 'executing' })]),
    ['a1 error', 'a2 inactive', 'a3 active', 'service:memory active'],
  )
  assert.deepEqual(statuses([agent(2, { ...off, needs })]), ['a2 inactive', 'service:memory inactive'])
  assert.deepEqual(statuses([agent(5)]), ['a5 active'])
})

test('what passes between agents and hosts is counted by the hour, and makes connections that nobody configured', () => {
  const between = [
    { source: 'a1', target: 'a2', ...used(12, 340) },
    { source: 'a2', target: 'http:api.example.org:8443', ...used(48, 99_000, DAY + 5) },
    { source: 'a2', target: 'http:b.example', ...used(24, 1_000) },
    { source: 'gone', target: 'http:c.example', ...used(1, 1) },
    { source: 'a1', target: 'gone', ...used(1, 1) },
  ]
  const architecture = drawn({ agents: [agent(1), agent(2, { needs: ['net'] })], workflows: [] }, { between })
  assert.deepEqual(arrowsOf(architecture), [
    'data_flow a1 > a2',
    'data_flow a2 > host:api.example.org:8443',
    'data_flow a2 > host:b.example',
    'dependency a2 > service:egress',
  ])
  assert.deepEqual(figures(architecture, 'data_flow:a1:a2'), shown(0.5, 340))
  assert.deepEqual(figures(architecture, 'data_flow:a2:host:api.example.org:8443'), shown(2, 99_000, DAY + 5))
  assert.deepEqual(figures(architecture, 'dependency:a2:service:egress'), shown(3, 100_000, DAY + 5))
  const host = architecture.agents.find(({ type }) => type === 'external_api')
  assert.deepEqual([host?.name, host?.agent_number, host?.status], ['api.example.org:8443', 0, 'active'])
})

test('steps count for the way that led to them, with the share of what was given that they took', () => {
  const now = workflow('w', [1, 2, 3])
  const earlier = workflow('w', [2, 3]).definition
  const steps = [
    { definition: now.definition, step_id: 's1', ...used(24, 500) },
    { definition: now.definition, step_id: 's2', ...used(24, 8) },
    { definition: earlier, step_id: 's1', ...used(48, 140) },
    { definition: earlier, step_id: 's2', ...used(24, 9, DAY + 9) },
    { definition: now.definition, step_id: 'unknown', ...used(1, 1) },
  ]
  const architecture = drawn({ agents: [agent(1), agent(2), agent(3)], workflows: [now] }, { steps })
  assert.deepEqual(figures(architecture, 'data_flow:a1:a2'), shown(1, 500))
  assert.deepEqual(figures(architecture, 'data_flow:a2:a3'), shown(1, 70, DAY + 9))
})

test('starts count for what fired, and a workflow that an agent starts by itself hangs on that agent', () => {
  const conditions = { workflow_id: 'v' }
  const agents = [agent(1), agent(2, { triggers: [{ type: 'schedule', conditions }] }), agent(3)]
  const workflows = [
    workflow('w', [1], { trigger: { type: 'schedule', conditions: {} } }),
    workflow('v', [1], { trigger: { type: 'schedule', conditions: {} } }),
    workflow('u', [1, 3]),
  ]
  const starts = [
    start('w', 'schedule', 'w', 24),
    start('v', 'schedule', 'a2.digest', 48),
    start('u', 'agent:3', null, 72),
    start('u', 'manual:ann', null, 999),
    start('gone', 'schedule', 'gone', 999),
    start('u', 'webhook', null, 999),
  ]
  const architecture = drawn({ agents, workflows }, { starts })
  assert.deepEqual(figures(architecture, 'trigger:service:schedules:a1'), shown(1, 24))
  assert.deepEqual(figures(architecture, 'trigger:service:schedules:a2'), shown(2, 48))
  assert.deepEqual(figures(architecture, 'trigger:a2:a1'), shown(2, 48))
  assert.deepEqual(figures(architecture, 'trigger:a3:a1'), shown(3, 72))
  assert.equal(architecture.connections.length, 5)
})

const integration = (id: string, host: string | undefined, is_on = true) => ({
  id,
  name: `Called ${id}`,
  host,
  is_on,
})

test('what agents are set up to use outside is there by its host, or by its name, used or not', () => {
  const agents = [
    agent(1, { integrations: [integration('w', 'api.example'), integration('m', undefined)] }),
    agent(2, { integrations: [integration('x', 'api.example', false), integration('m', undefined, false)] }),
  ]
  const between = [{ source: 'a1', target: 'http:api.example', ...used(24, 5) }]
  const architecture = drawn({ agents, workflows: [] }, { between })
  assert.deepEqual(
    architecture.agents.slice(2).map(({ id, name, type, status }) => [id, name, type, status].join(' ')),
    [
      'host:api.example api.example external_api active',
      'integration:a1:m Called m external_api active',
      'integration:a2:m Called m external_api inactive',
    ],
  )
  assert.deepEqual(arrowsOf(architecture), [
    'data_flow a1 > host:api.example',
    'dependency a1 > host:api.example',
    'dependency a1 > integration:a1:m',
    'dependency a2 > host:api.example off',
    'dependency a2 > integration:a2:m off',
  ])
})

test('what is known of things outside is drawn as it is known, with the agents that use it', () => {
  const externals = [
    { id: 'calendar', name: 'My calendar', status: 'error', used_by: ['a1', 'gone'] },
    { id: 'mail', name: 'Mail', status: 'active', used_by: [] },
  ] as const
  const architecture = drawn({ agents: [agent(1)], workflows: [], externals })
  assert.deepEqual(
    architecture.agents.slice(1).map(({ id, name, status }) => `${id} ${name} ${status}`),
    ['external:calendar My calendar error', 'external:mail Mail inactive'],
  )
  assert.deepEqual(arrowsOf(architecture), ['dependency a1 > external:calendar'])
})

test('of very many hosts the most used hundred are drawn', () => {
  const between = Array.from({ length: 150 }, (_, index) => ({
    source: 'a1',
    target: `http:h${index}.example`,
    ...used(1_000 - index, 1),
  }))
  const { agents, connections } = drawn({ agents: [agent(1)], workflows: [] }, { between })
  assert.deepEqual([agents.length, connections.length], [101, 100])
  assert.equal(
    agents.some(({ id }) => id === 'host:h100.example'),
    false,
  )
  assert.equal(
    agents.some(({ id }) => id === 'host:h99.example'),
    true,
  )
})

test('every connection has two ends that are drawn, an id of its own, and no figure that nobody measured', () => {
  const agents = [
    agent(1, { lets_in: [2] }),
    agent(2, { needs: ['memory', 'alarms', 'guide', 'guard', 'files'] }),
  ]
  const workflows = [workflow('w', [1, 2, 0], { trigger: { type: 'webhook', conditions: {} } })]
  const { agents: nodes, connections } = drawn({ agents, workflows })
  const ids = new Set(nodes.map(({ id }) => id))
  for (const { source, target, metadata } of connections) {
    assert.ok(ids.has(source) && ids.has(target))
    assert.deepEqual(metadata, {})
  }
  assert.equal(new Set(connections.map(({ id }) => id)).size, connections.length)
  assert.equal(ids.size, nodes.length)
})
