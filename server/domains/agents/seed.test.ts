import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent } from '../../../contract/agents.ts'
import { findIssues } from '../../kernel/validate.ts'
import { openServer } from './fixture.ts'

const BUILT_IN: readonly [number, string, string[]][] = [
  [1, 'Concierge', ['clarify', 'help', 'route', 'teach_command']],
  [2, 'Notes & Memory', ['forget', 'import_text', 'list', 'pin', 'recall', 'remember', 'tag', 'unpin']],
  [
    3,
    'Reminders & Calendar',
    [
      'add_event',
      'agenda',
      'cancel',
      'export_ics',
      'find_event',
      'free_slots',
      'import_ics',
      'list',
      'move',
      'next_event',
      'remind',
      'snooze',
      'time',
      'timer',
    ],
  ],
  [4, 'Tasks & Lists', ['add', 'done', 'import_csv', 'list', 'prioritise', 'remove', 'rename']],
  [5, 'Data', ['aggregate', 'calculate', 'chart_data', 'convert', 'filter', 'read']],
  [
    6,
    'Text',
    ['count', 'detect_language', 'diff', 'fill_template', 'keywords', 'redact', 'replace', 'summarise'],
  ],
  [7, 'Watcher', ['compare', 'list', 'read_source', 'unwatch', 'watch']],
  [8, 'Fetcher', ['feed', 'get', 'html_to_text', 'json_path', 'parse_feed', 'post', 'read_page', 'webhook']],
  [
    9,
    'Guardian',
    [
      'audit_query',
      'backup',
      'expiring_credentials',
      'integrity',
      'list_backups',
      'list_credentials',
      'manage_credentials',
      'restore_backup',
      'security_report',
      'verify_backup',
    ],
  ],
]

test('a fresh user has the built-in agents under their numbers with their actions', async (context) => {
  const { ask, ann } = await openServer(context)
  const { agents, total_count, active_count } = await ask(ann.token, 'agents.list', {})
  const found = agents.map(({ agent_number, name, available_actions }) => [
    agent_number,
    name,
    available_actions.toSorted(),
  ])
  assert.deepEqual(found, BUILT_IN)
  assert.deepEqual([total_count, active_count], [9, 9])
})

test('a built-in agent starts idle, in full health, with nothing done and nothing configured', async (context) => {
  const { ask, ann } = await openServer(context)
  const agent = await ask(ann.token, 'agents.get', { id: '4' })
  assert.deepEqual(findIssues(Agent, agent), [])
  const { id: _id, available_actions: _actions, ...rest } = agent
  assert.deepEqual(rest, {
    user_id: ann.user_id,
    agent_number: 4,
    name: 'Tasks & Lists',
    description: rest.description,
    config: {
      api_keys: {},
      preferences: {},
      workflow_triggers: [],
      voice_commands: [],
      external_integrations: [],
    },
    status: {
      state: 'idle',
      last_error: null,
      health_score: 100,
      resource_usage: { cpu_usage: 0, memory_usage: 0, api_calls_per_minute: 0, network_usage: 0 },
    },
    is_active: true,
    voice_enabled: true,
    created_at: '2026-11-22T10:00:00.000Z',
    updated_at: '2026-11-22T10:00:00.000Z',
    last_execution: null,
    execution_count: 0,
    average_execution_time: 0,
  })
})

test('every user has agents of their own, and the seeding is no change that could be rolled back', async (context) => {
  const { ask, ann, bob } = await openServer(context)
  const other = await bob()
  const mine = await ask(ann.token, 'agents.get', { id: '2' })
  const theirs = await ask(other.token, 'agents.get', { id: '2' })
  assert.notEqual(mine.id, theirs.id)
  assert.equal(theirs.user_id, other.user_id)
  assert.deepEqual((await ask(ann.token, 'system.modifications', {})).modifications, [])
})

test('the system itself is no stored agent', async (context) => {
  const { call, ann } = await openServer(context)
  const reply = await call(ann.token, 'agents.get', { id: '0' })
  assert.equal(reply.status, 404)
})

test('a user of an earlier version gets the built-in agents that it did not have, and no deleted one back', async (context) => {
  const server = await openServer(context)
  const { ask, ann } = server
  await ask(ann.token, 'agents.delete', { id: '8' })
  await server.write((tx) => {
    tx.connection.run('DELETE FROM agents WHERE agent_number IN (7, 9)', [])
    return Promise.resolve()
  })
  await server.own({ name: 'guardian' })
  await server.restart()
  const { agents } = await ask(ann.token, 'agents.list', {})
  assert.deepEqual(
    agents.slice(6).map(({ agent_number, name }) => [agent_number, name]),
    [
      [7, 'Watcher'],
      [9, 'Guardian 9'],
      [20, 'guardian'],
    ],
  )
  assert.equal((await server.act(9, 'security_report')).status, 'completed')
})
