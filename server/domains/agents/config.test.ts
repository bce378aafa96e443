import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer, refusal, refused } from './fixture.ts'

test('an empty secret deletes, which is allowed, and is not stored', async (context) => {
  const { own } = await openServer(context)
  const { config } = await own({ config: { api_keys: { openai: '' } } })
  assert.deepEqual(config.api_keys, {})
})

test('an unknown skill is refused with the names of those there are', async (context) => {
  const { call, ann } = await openServer(context)
  const known = ['concierge', 'notes', 'reminders', 'tasks', 'data', 'text', 'watcher', 'fetcher', 'guardian']
  for (const skill of ['magic', 'Data', '', 'system', '__proto__', 7, true, ['data']]) {
    const reply = await call(ann.token, 'agents.create', { name: 'Mine', config: { preferences: { skill } } })
    const details = { field: 'config.preferences.skill', known }
    assert.deepEqual(refusal(reply), { status: 422, code: 'AGENT_004', details }, String(skill))
  }
})

test('an agent of the own has the actions of the skill that it names, and without one none', async (context) => {
  const { ask, ann, own } = await openServer(context)
  const { available_actions } = await own({ config: { preferences: { skill: 'data' } } })
  assert.equal(available_actions.includes('calculate'), true)
  const without = await ask(ann.token, 'agents.update', { id: '20', config: { preferences: {} } })
  assert.deepEqual(without.available_actions, [])
})

test('a built-in agent that borrowed another skill gets its own back', async (context) => {
  const { ask, ann, done } = await openServer(context)
  const lent = await ask(ann.token, 'agents.update', { id: '6', config: { preferences: { skill: 'data' } } })
  assert.equal(lent.available_actions.includes('calculate'), true)
  await ask(ann.token, 'agents.update', { id: '6', config: { preferences: {} } })
  assert.equal((await done(6, 'count', { text: 'one two' }))['words'], 2)
})

test('preferences hold 64 KiB of JSON, and not a byte more', async (context) => {
  const { call, ann, own } = await openServer(context)
  const overhead = Buffer.byteLength(JSON.stringify({ text: '' }))
  await own({ config: { preferences: { text: 'x'.repeat(65_536 - overhead) } } })
  const config = { preferences: { text: 'é'.repeat(Math.ceil((65_536 - overhead) / 2)) } }
  const { status, code, details } = refusal(await call(ann.token, 'agents.create', { name: 'Big', config }))
  assert.deepEqual([status, code, details['field']], [422, 'AGENT_004', 'config.preferences'])
})

test('parts that a configuration does not have are malformed, wherever they are', async (context) => {
  const { call, ann } = await openServer(context)
  const configs: object[] = [
    { unknown: 1 },
    { voice_commands: [{ phrase: '', action: 'add' }] },
    { voice_commands: [{ phrase: 'a', action: 'b', extra: 1 }] },
    { external_integrations: [{ id: 'a', name: 'A', type: 'ftp', allowed_hosts: [], enabled: true }] },
    { workflow_triggers: [{ type: 'moon', conditions: {} }] },
    { api_keys: { a: 1 } },
  ]
  for (const config of configs)
    assert.equal(
      refused(await call(ann.token, 'agents.create', { name: 'Mine', config })),
      '400 GENERAL_001',
      JSON.stringify(config),
    )
})

test('every part of a configuration is kept and answered as it was given', async (context) => {
  const { app, ask, ann, own, write } = await openServer(context)
  const { id: workflow_id } = await write((tx) =>
    app.workflows.create(tx, ann.user_id, { name: 'Morning', definition: MORNING }),
  )
  const config = {
    api_keys: {},
    preferences: { deep: { list: [1, null, 'ü'] }, '1': 'one' },
    workflow_triggers: [{ type: 'schedule' as const, conditions: { workflow_id, cron: '0 8 * * *' } }],
    voice_commands: [{ phrase: 'go {where}', action: 'count', parameters: { text: 'x' }, language: 'en' }],
    external_integrations: [
      {
        id: 'x',
        name: 'X',
        type: 'http' as const,
        base_url: 'https://example.org',
        allowed_hosts: ['example.org'],
        enabled: false,
      },
    ],
  }
  assert.deepEqual((await own({ config })).config, config)
  assert.deepEqual((await ask(ann.token, 'agents.get', { id: '20' })).config, config)
})

const MORNING: WorkflowDefinition = {
  trigger: { type: 'manual', conditions: {} },
  steps: [{ id: 'note', agent_number: 0, action: 'set', parameters: { value: 1 } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 1000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}
