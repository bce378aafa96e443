import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../test/app.ts'
import { openServer, refusal, refused } from './fixture.ts'
import type { Server } from './fixture.ts'

const WINDOW_MS = 300_000

const changes = ({ call }: Server, token: string) => ({
  create: call(token, 'agents.create', { name: 'Mine' }),
  update: call(token, 'agents.update', { id: '5', description: 'x' }),
  delete: call(token, 'agents.delete', { id: '6' }),
})

test('a password sign-in is proof enough for five minutes, to the millisecond', async (context) => {
  const server = await openServer(context)
  server.clock.advance(WINDOW_MS)
  for (const [verb, reply] of Object.entries(changes(server, server.ann.token)))
    assert.equal((await reply).ok, true, verb)
  server.clock.advance(1)
  for (const [verb, reply] of Object.entries(changes(server, server.ann.token))) {
    const { status, code, details } = refusal(await reply)
    assert.deepEqual([status, code], [403, 'AUTH_002'], verb)
    assert.deepEqual([details['reason'], details['operation']], ['sign_in_too_old', `agents.${verb}`])
  }
  const { agents } = await server.ask(server.ann.token, 'agents.list', {})
  assert.deepEqual(
    agents.map(({ agent_number }) => agent_number),
    [1, 2, 3, 4, 5, 7, 8, 9, 20],
  )
})

test('a fresh sign-in opens the window again, a refreshed session does not', async (context) => {
  const server = await openServer(context)
  const { ask, clock } = server
  clock.advance(WINDOW_MS + 1)
  const { access_token, refresh_token } = await ask(undefined, 'auth.login', {
    email: 'ann@example.org',
    password: PASSWORD,
  })
  await ask(access_token, 'agents.update', { id: '5', description: 'New' })
  const refreshed = await ask(undefined, 'auth.refresh', { refresh_token })
  const reply = await server.call(refreshed.access_token, 'agents.update', { id: '5', description: 'Newer' })
  assert.equal(refused(reply), '403 AUTH_002')
})

test('everyday use needs no proof at all', async (context) => {
  const { ask, ann, act, clock } = await openServer(context)
  clock.advance(WINDOW_MS + 1)
  const { execution_id } = await act(4, 'add', { items: ['milk'] })
  await ask(ann.token, 'agents.memory_store', { id: '2', memory_type: 'note', content: 'x' })
  await ask(ann.token, 'agents.undo', { id: execution_id })
  await ask(ann.token, 'system.stop', {})
  assert.deepEqual((await act(4, 'list')).result?.data, { items: [], list: 'to do', other_lists: [] })
})

test('an input that is wrong is refused as such before a proof is asked for', async (context) => {
  const { call, ann, clock } = await openServer(context)
  clock.advance(WINDOW_MS + 1)
  assert.equal(refused(await call(ann.token, 'agents.create', { name: '' })), '400 GENERAL_001')
})

test('a password never opens a rollback: that needs a passkey', async (context) => {
  const { call, ann } = await openServer(context)
  const { status, code, details } = refusal(await call(ann.token, 'system.rollback', {}))
  assert.deepEqual([status, code, details['reason']], [403, 'AUTH_002', 'not_enrolled'])
})
