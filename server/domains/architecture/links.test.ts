import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import type { Configuration } from './links.ts'
import { draw } from './picture.ts'
import { agent, arrowsOf, workflow } from './rig.ts'

const shown = (configuration: Configuration) =>
  arrowsOf(draw({ configuration, measured: undefined, moved: new Map() }))
const started = (type: WorkflowTrigger['type'], more: Partial<WorkflowTrigger> = {}): WorkflowTrigger => ({
  type,
  conditions: {},
  ...more,
})
/** A trigger in the configuration of an agent. */
const own = (type: WorkflowTrigger['type'], workflow_id: string, more: Partial<WorkflowTrigger> = {}) =>
  started(type, { conditions: { workflow_id }, ...more })

test('steps make data flow between their agents, once however many workflows do', () => {
  const agents = [agent(1), agent(2), agent(3)]
  assert.deepEqual(shown({ agents, workflows: [workflow('w', [1, 2, 3]), workflow('v', [1, 2])] }), [
    'data_flow a1 > a2',
    'data_flow a2 > a3',
  ])
})

test('each kind of trigger comes from what fires it, and a workflow that is started by hand from nothing', () => {
  const agents = [agent(1), agent(2)]
  for (const [type, source] of [
    ['schedule', 'service:schedules'],
    ['webhook', 'service:webhooks'],
    ['voice_command', 'service:voice'],
  ] as const)
    assert.deepEqual(shown({ agents, workflows: [workflow('w', [1], { trigger: started(type) })] }), [
      `trigger ${source} > a1`,
    ])
  const completion = started('agent_completion', { source_agent: 2 })
  assert.deepEqual(shown({ agents, workflows: [workflow('w', [1, 0], { trigger: completion })] }), [
    'data_flow a1 > service:notifications',
    'trigger a2 > a1',
  ])
  assert.deepEqual(shown({ agents, workflows: [workflow('w', [1])] }), [])
})

test('a trigger of an agent’s own goes through that agent, and waits for it unless it names another one', () => {
  const workflows = [workflow('w', [1])]
  assert.deepEqual(shown({ agents: [agent(1), agent(2, { triggers: [own('schedule', 'w')] })], workflows }), [
    'trigger a2 > a1',
    'trigger service:schedules > a2',
  ])
  const waiting = (more: Partial<WorkflowTrigger>) => [
    agent(1),
    agent(2, { triggers: [own('agent_completion', 'w', more)] }),
    agent(3),
  ]
  assert.deepEqual(shown({ agents: waiting({}), workflows }), ['trigger a2 > a1'])
  assert.deepEqual(shown({ agents: waiting({ source_agent: 3 }), workflows }), ['trigger a3 > a1'])
  assert.deepEqual(shown({ agents: [agent(1, { triggers: [own('manual', 'w')] })], workflows }), [])
})

test('nothing hangs in the air: what names an agent or workflow that is not there is no connection', () => {
  const agents = [
    agent(1, { lets_in: [77] }),
    agent(2, { triggers: [own('schedule', 'gone'), own('agent_completion', 'w', { source_agent: 77 })] }),
  ]
  const trigger = started('agent_completion', { source_agent: 77 })
  assert.deepEqual(shown({ agents, workflows: [workflow('w', [1, 77, 2], { trigger })] }), [])
})

test('whom an agent lets in depends on it, and every agent on the services that its skill needs', () => {
  const agents = [agent(1, { lets_in: [1, 2] }), agent(2, { needs: ['clock', 'memory', 'records', 'net'] })]
  assert.deepEqual(shown({ agents, workflows: [] }), [
    'dependency a2 > a1',
    'dependency a2 > service:egress',
    'dependency a2 > service:memory',
  ])
})

test('a connection is off while its workflow, its holder or either end is, unless something else keeps it on', () => {
  const off = { is_active: false, state: 'disabled' } as const
  const pair = [agent(1), agent(2)]
  const sleeping = workflow('w', [1, 2], { is_active: false, trigger: started('schedule') })
  assert.deepEqual(shown({ agents: pair, workflows: [sleeping] }), [
    'data_flow a1 > a2 off',
    'trigger service:schedules > a1 off',
  ])
  assert.deepEqual(
    shown({ agents: pair, workflows: [sleeping, workflow('v', [1, 2])] })[0],
    'data_flow a1 > a2',
  )
  assert.deepEqual(shown({ agents: [agent(1), agent(2, off)], workflows: [workflow('w', [1, 2])] }), [
    'data_flow a1 > a2 off',
  ])
  const holder = agent(3, { ...off, triggers: [own('agent_completion', 'w', { source_agent: 2 })] })
  assert.deepEqual(shown({ agents: [...pair, holder], workflows: [workflow('w', [1])] }), [
    'trigger a2 > a1 off',
  ])
})
