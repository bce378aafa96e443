import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkflowStep } from '../../../contract/workflows.ts'
import { defined } from '../workflows/rig.ts'
import { flowOf } from './flow.ts'
import type { NodeOf } from './flow.ts'
import { serviceOf } from './services.ts'

/** Agents 1 to 9 are there under their letters, agent 99 is not. */
const nodeOf: NodeOf = (one) =>
  one.agent_number === 0 ? serviceOf(one) : one.agent_number < 10 ? `agent-${one.agent_number}` : null

function step(id: string, agent_number: number, depends_on?: string[], action = 'act'): WorkflowStep {
  return { id, agent_number, action, parameters: {}, ...(depends_on === undefined ? {} : { depends_on }) }
}

function shown(steps: WorkflowStep[], fallback_steps?: WorkflowStep[]) {
  const error_handling =
    fallback_steps === undefined
      ? ({ strategy: 'fail_fast', notification_on_error: false } as const)
      : ({ strategy: 'fallback', fallback_steps, notification_on_error: false } as const)
  const { entries, ways } = flowOf(defined({ steps, error_handling }), nodeOf)
  return {
    entries: [...entries],
    ways: ways.map(({ source, target, step_id }) => `${source} > ${target} (${step_id})`),
  }
}

test('a list hands on from step to step, a graph as its steps wait', () => {
  assert.deepEqual(shown([step('a', 1), step('b', 2), step('c', 3)]), {
    entries: ['agent-1'],
    ways: ['agent-1 > agent-2 (b)', 'agent-2 > agent-3 (c)'],
  })
  assert.deepEqual(shown([step('a', 1, []), step('b', 2), step('c', 3, ['a', 'b'])]), {
    entries: ['agent-1', 'agent-2'],
    ways: ['agent-1 > agent-3 (c)', 'agent-2 > agent-3 (c)'],
  })
})

test('steps of the workflow itself pass on what they are given, and telling the user ends at the notifications', () => {
  assert.deepEqual(
    shown([step('w', 0, undefined, 'wait'), step('a', 1), step('s', 0, undefined, 'set'), step('b', 2)]),
    {
      entries: ['agent-1'],
      ways: ['agent-1 > agent-2 (b)'],
    },
  )
  assert.deepEqual(shown([step('a', 1), step('n', 0, undefined, 'notify'), step('b', 2)]), {
    entries: ['agent-1'],
    ways: ['agent-1 > service:notifications (n)', 'agent-1 > agent-2 (b)'],
  })
  assert.deepEqual(shown([step('n', 0, undefined, 'wait_for_approval')]).entries, ['service:notifications'])
})

test('what comes from an agent that is not there is no flow, and what follows it is no beginning', () => {
  assert.deepEqual(shown([step('a', 99), step('b', 2), step('c', 3)]), {
    entries: [],
    ways: ['agent-2 > agent-3 (c)'],
  })
})

test('an agent that works twice in a row gives itself nothing', () => {
  assert.deepEqual(shown([step('a', 1), step('b', 1), step('c', 2)]), {
    entries: ['agent-1'],
    ways: ['agent-1 > agent-2 (c)'],
  })
})

test('the steps of a fallback hand on among themselves and begin nothing, and count only where they are used', () => {
  const fallback = [step('f', 4), step('g', 5)]
  assert.deepEqual(shown([step('a', 1)], fallback), { entries: ['agent-1'], ways: ['agent-4 > agent-5 (g)'] })
  const definition = defined({
    steps: [step('a', 1)],
    error_handling: { strategy: 'continue', fallback_steps: fallback, notification_on_error: false },
  })
  assert.deepEqual(flowOf(definition, nodeOf).ways, [])
})

test('two steps of one agent that a step waits for are one way, given by both', () => {
  const steps = [step('a', 1, []), step('b', 1, []), step('c', 2, ['a', 'b'])]
  assert.deepEqual(flowOf(defined({ steps }), nodeOf).ways, [
    { source: 'agent-1', target: 'agent-2', step_id: 'c', given_by: ['a', 'b'] },
  ])
})

test('a circle and an unknown step end the search instead of going on for ever', () => {
  const circle = [step('a', 0, ['b'], 'set'), step('b', 0, ['a'], 'set'), step('c', 3, ['b', 'gone'])]
  assert.deepEqual(shown(circle), { entries: ['agent-3'], ways: [] })
})

test('two hundred steps that all wait for all before them are one question each', () => {
  const steps = Array.from({ length: 200 }, (_, index) =>
    step(
      `s${index}`,
      index === 0 ? 1 : 0,
      Array.from({ length: index }, (_unused, before) => `s${before}`),
      'set',
    ),
  )
  assert.deepEqual(shown([...steps, step('last', 2, ['s199'])]).ways, ['agent-1 > agent-2 (last)'])
})
