import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tasks } from '../../skills/tasks/index.ts'
import { resolve } from './resolve.ts'

const able = { own: tasks, all: tasks }
const command = (action: string, parameters: Record<string, unknown> = {}) => ({ action, parameters })
const config = {
  voice_commands: [
    { phrase: 'Shop', action: 'add', parameters: { items: ['milk'], list: 'shopping' } },
    { phrase: 'list', action: 'remove' },
    { phrase: 'fly', action: 'soar' },
  ],
}

test('an agent’s own action comes before a phrase of the same words', () => {
  const { name, action, parameters } = resolve(able, config, command('list', { list: 'x' }))
  assert.deepEqual([name, action, parameters], ['list', tasks.actions['list'], { list: 'x' }])
})

test('a phrase stands for an action, and the command’s own parameters win over the phrase’s', () => {
  const { name, parameters } = resolve(able, config, command('  sHOP ', { items: ['eggs'] }))
  assert.deepEqual([name, parameters], ['add', { items: ['eggs'], list: 'shopping' }])
})

test('what its services can be asked comes last, and a phrase may stand for it', () => {
  const { actions } = tasks
  const remote = { list: actions['add'], shop: actions['add'], soar: actions['remove'] } as typeof actions
  const all = { ...tasks, actions: { ...remote, ...actions } }
  const named = (action: string) => resolve({ own: tasks, all }, config, command(action)).name
  assert.deepEqual(['list', 'shop', 'fly', 'soar'].map(named), ['list', 'add', 'soar', 'soar'])
})

test('actions are named exactly, and a phrase for an action that is not there means nothing', () => {
  for (const action of ['Add', 'add ', 'fly', 'shop now', 'hasOwnProperty'])
    assert.throws(() => resolve(able, config, command(action)), { code: 'AGENT_002', status: 400 }, action)
})

test('an agent without a skill can do nothing, and says so', () => {
  const details = { available_actions: [] }
  assert.throws(() => resolve({ own: undefined, all: undefined }, config, command('add')), {
    code: 'AGENT_002',
    details,
  })
})

test('a long unknown action is quoted in part only', () => {
  assert.throws(
    () => resolve(able, config, command('x'.repeat(500))),
    ({ message }: Error) => message.length < 150,
  )
})
