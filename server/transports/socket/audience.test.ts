import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventName } from '../../../contract/events.ts'
import type { Told } from '../../kernel/events.ts'
import { concerns } from './audience.ts'
import type { Audience } from './audience.ts'

const told = (name: string, data: object = {}, user_id = 'u'): Told => ({
  seq: 1,
  user_id,
  name: name as EventName,
  data,
  created_at: '',
})
const message = (from_agent: number, to_agent: number) => told('agent:message', { from_agent, to_agent })
const broadcast = (from_agent: number, target_agents?: number[]) =>
  told('agent:broadcast', target_agents === undefined ? { from_agent } : { from_agent, target_agents })
const audience: Audience = {
  user_id: 'u',
  role: 'user',
  agent_id: undefined,
  agents: new Map([
    ['a1', 1],
    ['a2', 2],
  ]),
  started: new Set(['e1']),
  architecture: false,
}

test('nothing of another user is for anybody, however it fits', () => {
  for (const name of ['agent:error', 'voice:processing', 'workflow:completed', 'notification:created']) {
    assert.equal(concerns(told(name, { agent_id: 'a1', execution_id: 'e1' }, 'v'), audience), false, name)
  }
})

test('what is told of an agent is for those who listen to it or started its execution', () => {
  assert.ok(concerns(told('agent:status_changed', { agent_id: 'a1' }), audience))
  assert.ok(!concerns(told('agent:status_changed', { agent_id: 'a3' }), audience))
  assert.ok(concerns(told('agent:execution_completed', { agent_id: 'a3', execution_id: 'e1' }), audience))
  assert.ok(concerns(told('agent:error', { agent_id: 'a3', context: { execution_id: 'e1' } }), audience))
  assert.ok(!concerns(told('agent:execution_completed', { agent_id: 'a3', execution_id: 'e2' }), audience))
})

test('a message is for those who listen to either agent, a broadcast for those of its targets', () => {
  assert.ok(concerns(message(1, 9), audience))
  assert.ok(concerns(message(9, 2), audience))
  assert.ok(!concerns(message(8, 9), audience))
  assert.ok(concerns(broadcast(9), audience))
  assert.ok(concerns(broadcast(9, [7, 2]), audience))
  assert.ok(concerns(broadcast(1, [7]), audience))
  assert.ok(!concerns(broadcast(9, [7]), audience))
  assert.ok(!concerns(broadcast(9), { ...audience, agents: new Map() }))
})

test('the system is for the owner, the architecture for listeners, and an unknown kind for nobody', () => {
  assert.ok(!concerns(told('system:health_changed'), audience))
  assert.ok(concerns(told('system:health_changed'), { ...audience, role: 'owner' }))
  assert.ok(!concerns(told('system:architecture_updated'), { ...audience, role: 'owner' }))
  assert.ok(concerns(told('system:architecture_updated'), { ...audience, architecture: true }))
  assert.ok(!concerns(told('other:event'), { ...audience, role: 'owner' }))
})

test('a program hears of its agents and of nothing else that its user is told', () => {
  const program: Audience = { ...audience, agent_id: 'a1' }
  for (const name of [
    'approval:requested',
    'notification:created',
    'voice:response_ready',
    'workflow:completed',
  ])
    assert.deepEqual([concerns(told(name), program), concerns(told(name), audience)], [false, true], name)
  assert.equal(concerns(message(1, 7), program), true)
})
