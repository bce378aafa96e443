import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AgentAction } from '../../../contract/shapes.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer } from './fixture.ts'

test('an agent tells what its actions take when that is asked for, and not unasked', async (t) => {
  const { ask, ann } = await openServer(t)
  for (const id of ['1', '2', '3', '4', '5', '6', '7', '8', '9']) {
    const { actions = [], available_actions } = await ask(ann.token, 'agents.get', { id, actions: true })
    assert.deepEqual(
      actions.map(({ name }) => name),
      available_actions,
    )
    for (const one of actions) assert.deepEqual(findIssues(AgentAction, one), [], one.name)
  }
  const plain = await ask(ann.token, 'agents.get', { id: '4' })
  assert.equal('actions' in plain, false)
  const { agents } = await ask(ann.token, 'agents.list', {})
  assert.equal(
    agents.some((agent) => 'actions' in agent),
    false,
  )
})

test('the parameters that are told are the JSON Schema that is held against them', async (t) => {
  const { ask, ann, own } = await openServer(t)
  const { actions = [] } = await ask(ann.token, 'agents.get', { id: '7', actions: true })
  assert.deepEqual(actions.find(({ name }) => name === 'read_source')?.parameters['required'], [
    'text',
    'format',
  ])
  await own({ agent_number: 20, name: 'Nobody' })
  const mine = await ask(ann.token, 'agents.get', { id: '20', actions: true })
  assert.deepEqual(mine.actions, [])
})
