import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tasks } from '../../skills/tasks/index.ts'
import { resolve } from './resolve.ts'

const command = (action: string, parameters: Record<string, unknown> = {}) => ({ action, parameters })
const config = {
  voice_commands: [
    { phrase: 'Shop', action: 'add', parameters: { items: ['milk'], list: 'shopping' } },
    { phrase: 'list', action: 'remove' },
    { phrase: 'fly', action: 'soar' },
  ],
}

test('an agent’s own action comes before a phrase of the same words', () => {
  const { name, action, parameters } = resolve(tasks, config, command('list', { list: 'x' }))
  assert.deepEqual([name, action, parameters], ['list', tasks.actions['list'], { list: 'x' }])
})

test('a phrase stands for an action, and the command’s own parameters win over the phrase’s', () => {
  const { name, parameters } = resolve(tasks, config, command('  sHOP ', { items: ['eggs'] }))
  assert.deepEqual([name, parameters], ['add', { items: ['eggs'], list: 'shopping' }])
})

test('actions are named exactly, and a phrase for an action that is not there means nothing', () => {
  for (const action of ['Add', 'add ', 'fly', 'shop now', 'hasOwnProperty'])
    assert.throws(() => resolve(tasks, config, command(action)), { code: 'AGENT_002', status: 400 }, action)
})

test('an agent without a skill can do nothing, and says so', () => {
  const details = { available_actions: [] }
  assert.throws(() => resolve(undefined, config, command('add')), { code: 'AGENT_002', details })
})

test('a long unknown action is quoted in part only', () => {
  assert.throws(
    () => resolve(tasks, config, command('x'.repeat(500))),
    ({ message }: Error) => message.length < 150,
  )
})
