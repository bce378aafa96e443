import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openServer } from './fixture.ts'

test('a portrait has what an agent needs, whom it lets in and what it is connected with, and no setting beyond that', async (context) => {
  const server = await openServer(context)
  const { app, ann } = server
  const trigger = { type: 'schedule', conditions: { workflow_id: 'w', cron: '0 8 * * *' } } as const
  const given = { id: 'w', name: 'Weather', type: 'http', allowed_hosts: [], enabled: false } as const
  const { id } = await server.own({
    config: {
      preferences: { skill: 'notes', grants: [{ agent_number: 4, memory: 'read' }], secret_wish: 'hidden' },
      external_integrations: [{ ...given, allowed_hosts: [], base_url: 'https://API.example/v1' }],
    },
  })
  const found = (await app.agents.portraits.of(ann.user_id, 'present')).find((one) => one.id === id)
  assert.ok(found !== undefined)
  assert.deepEqual(
    [found.skill, found.needs, found.lets_in, found.triggers, found.integrations],
    [
      'notes',
      ['clock', 'memory'],
      [4],
      [],
      [{ id: 'w', name: 'Weather', host: 'api.example', is_on: false }],
    ],
  )
  assert.equal(JSON.stringify(found).includes('hidden'), false)
  const config = { preferences: { skill: 'tasks' }, workflow_triggers: [trigger] }
  const earlier = app.agents.portraits.asOf(found, { name: 'Then', is_active: false, config })
  assert.deepEqual(
    [earlier.name, earlier.is_active, earlier.state, earlier.skill, earlier.lets_in, earlier.triggers],
    ['Then', false, 'disabled', 'tasks', [], [trigger]],
  )
})

test('deleted agents are told only among those that there ever were, and none of another user', async (context) => {
  const server = await openServer(context)
  const { app, ann, ask } = server
  const { id } = await server.own()
  await ask(ann.token, 'agents.delete', { id })
  const count = async (user_id: string, which: 'present' | 'ever') =>
    (await app.agents.portraits.of(user_id, which))
      .filter((one) => one.id === id)
      .map(({ is_deleted }) => is_deleted)
  assert.deepEqual([await count(ann.user_id, 'present'), await count(ann.user_id, 'ever')], [[], [true]])
  assert.deepEqual(await count((await server.bob()).user_id, 'ever'), [])
})
