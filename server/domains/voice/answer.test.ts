import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tasks } from '../../skills/tasks/index.ts'
import type { Meaning } from '../language/catalogue.ts'
import type { Candidate, Understood } from '../language/understand.ts'
import { spoken, toAnswer, toMs, toResponse } from './answer.ts'
import type { Plan } from './decide.ts'

const SENTENCE = { text: 'add milk', language: 'en', heard: undefined }

function meaningOf(agent_number: number): Meaning {
  const action = tasks.actions['add']
  assert.ok(action)
  return { agent_number, agent_name: 'Tasks', name: 'add', action, preset: {} }
}

function understood(meaning: Meaning | undefined, alternatives: Candidate[] = []): Understood {
  return {
    tier: 'statistics',
    meaning,
    parameters: { items: ['milk'] },
    missing: undefined,
    confidence: 0.9,
    routing_confidence: 0.95,
    alternatives,
    reason: 'It is like it.',
  }
}

function execute(meaning: Meaning): Plan {
  return { kind: 'execute', meaning, parameters: { items: ['milk'] } }
}

test('fallback agents are the next distinct ones, neither the target nor the system', () => {
  const next = [4, 2, 0, 2, 4, 3].map((agent_number) => ({
    agent_number,
    action: 'x',
    confidence: 0.1,
    entities: { at: 1 },
  }))
  const meaning = meaningOf(4)
  const { agent_routing, intent } = toAnswer(
    SENTENCE,
    { plan: execute(meaning), understood: understood(meaning, next) },
    { text: 'Added.' },
    1,
  )
  assert.deepEqual(agent_routing.fallback_agents, [2, 3])
  assert.deepEqual([agent_routing.target_agent, agent_routing.global_command], [4, false])
  assert.equal(agent_routing.routing_confidence, 0.95)
  assert.deepEqual(intent.alternative_intents?.[0], {
    action: 'x',
    entities: { at: 1 },
    confidence: 0.1,
  })
})

test('alternatives are told best first, also where the likeliest is no order', () => {
  const near = [0, 0.022, 0.4].map((confidence, place) => ({
    agent_number: 3,
    action: `a${place}`,
    confidence,
    entities: {},
  }))
  const { intent } = toAnswer(
    SENTENCE,
    { plan: { kind: 'unknown' }, understood: understood(undefined, near) },
    { text: '' },
    1,
  )
  assert.deepEqual(
    intent.alternative_intents?.map(({ action }) => action),
    ['a2', 'a1', 'a0'],
  )
})

test('what was not understood names no agent and no confidence, but what was near', () => {
  const near = [{ agent_number: 3, action: 'timer', confidence: 0.15, entities: {} }]
  const answer = toAnswer(
    SENTENCE,
    { plan: { kind: 'unknown' }, understood: { ...understood(undefined, near), parameters: {} } },
    { text: 'What?', followup: true },
    1,
  )
  assert.deepEqual([answer.intent.action, answer.intent.confidence], ['unknown', 0])
  assert.deepEqual([answer.agent_routing.target_agent, answer.agent_routing.fallback_agents], [null, [3]])
  assert.equal(answer.agent_routing.global_command, false)
  assert.deepEqual(answer.response.suggestions?.[0], 'set a timer for five minutes')
  assert.equal(answer.command_understood, false)
})

test('what was understood has no suggestions, and an execution only when there is one', () => {
  const meaning = meaningOf(4)
  const prepared = { plan: execute(meaning), understood: understood(meaning) }
  const plain = toAnswer(SENTENCE, prepared, { text: 'Added.' }, 1)
  assert.ok(!('suggestions' in plain.response) && !('execution_id' in plain))
  const execution = { execution_id: '0199', status: 'queued' } as const
  assert.equal(toAnswer(SENTENCE, prepared, { text: '', execution }, 1).execution_id, '0199')
})

test('an execution that is still running when the waiting ends says so, and one that ended gives its result', () => {
  const running = toResponse({ execution_id: '0199', status: 'executing' })
  assert.deepEqual([running.success, running.error], [false, 'AGENT_003: It is still running.'])
  const metadata = { execution_time: 5, resources_used: [] }
  const result = { success: true, text: 'Added.', metadata }
  assert.equal(toResponse({ execution_id: '0199', status: 'completed', result }), result)
})

test('a failure is spoken without its code, and silence is a failure too', () => {
  const metadata = { execution_time: 0, resources_used: [] }
  const rows: [object, string][] = [
    [{ success: true, text: 'Added.' }, 'Added.'],
    [{ success: true, text: '' }, ''],
    [{ success: false, error: 'AGENT_003: It is still running.' }, 'It is still running.'],
    [{ success: false, error: 'GENERAL: odd' }, 'odd'],
    [{ success: false, error: 'Note: keep this' }, 'Note: keep this'],
    [{ success: false }, 'It failed.'],
  ]
  for (const [response, text] of rows) assert.equal(spoken({ success: false, metadata, ...response }), text)
})

test('milliseconds have three decimals', () => {
  assert.deepEqual([1.23456, 0, 0.0004, 12_345.6789].map(toMs), [1.235, 0, 0, 12_345.679])
})
