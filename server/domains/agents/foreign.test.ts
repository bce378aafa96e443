import assert from 'node:assert/strict'
import { test } from 'node:test'
import { execution, openServer, refused } from './fixture.ts'
import type { Server } from './fixture.ts'

/** Every verb on somebody else's agent, as Bob would try it. */
function tries({ call }: Server, token: string, user_id: string, id: string) {
  const memory = { memory_type: 'note', content: 'x' }
  return {
    get: call(token, 'agents.get', { id }),
    update: call(token, 'agents.update', { id, name: 'Taken over' }),
    delete: call(token, 'agents.delete', { id }),
    execute: call(token, 'agents.execute', execution({ user_id }, id, 'add', { items: ['x'] })),
    status: call(token, 'agents.status', { id }),
    memory: call(token, 'agents.memory', { id }),
    memory_store: call(token, 'agents.memory_store', { id, ...memory }),
    logs: call(token, 'agents.logs', { id }),
  }
}

test('an agent of somebody else is not there, whatever is asked of it, and stays untouched', async (context) => {
  const server = await openServer(context)
  const { ask, ann, bob, own } = server
  const { token, user_id } = await bob()
  const mine = await own()
  for (const [verb, reply] of Object.entries(tries(server, token, user_id, mine.id)))
    assert.equal(refused(await reply), '404 AGENT_001', verb)
  assert.deepEqual(await ask(ann.token, 'agents.get', { id: mine.id }), mine)
  assert.equal((await ask(ann.token, 'agents.memory', { id: mine.id })).total_count, 0)
})

test('what is not there and what is not yours are refused in the same words', async (context) => {
  const { call, own, bob } = await openServer(context)
  const { token } = await bob()
  const { id } = await own()
  const absent = '01900000-0000-7000-8000-000000000000'
  const texts = []
  for (const ref of [id, absent]) {
    const reply = await call(token, 'agents.get', { id: ref })
    texts.push(reply.ok ? '' : reply.error.error.message.replace(ref, 'ID'))
  }
  assert.equal(texts[0], texts[1])
})

test('a number always means an agent of the caller', async (context) => {
  const { ask, ann, bob, done } = await openServer(context)
  const { token, user_id } = await bob()
  await done(4, 'add', { items: ['milk'] })
  const input = execution({ user_id }, 4, 'list', {}, { wait_for_completion: true })
  const { result } = await ask(token, 'agents.execute', input)
  assert.deepEqual(result?.data, { items: [], list: 'to do', other_lists: [] })
  assert.equal(((await done(4, 'list'))['items'] as unknown[]).length, 1)
  assert.notEqual(
    (await ask(ann.token, 'agents.get', { id: '4' })).id,
    (await ask(token, 'agents.get', { id: '4' })).id,
  )
})

test('an execution of somebody else can be neither seen, stopped nor undone', async (context) => {
  const { ask, call, ann, bob, act } = await openServer(context)
  const { token } = await bob()
  const { execution_id } = await act(4, 'add', { items: ['milk'] })
  const status = await call(token, 'agents.status', { id: '4', execution_id })
  assert.equal(refused(status), '404 AGENT_001')
  assert.equal(refused(await call(token, 'agents.stop', { id: execution_id })), '404 AGENT_001')
  assert.equal(refused(await call(token, 'system.stop', { execution_id })), '404 AGENT_001')
  assert.equal(refused(await call(token, 'agents.undo', { id: execution_id })), '404 GENERAL_001')
  assert.deepEqual((await ask(token, 'agents.logs', { id: '4', execution_id })).logs, [])
  assert.equal((await ask(ann.token, 'agents.logs', { id: '4', execution_id })).logs.length, 1)
})

test('strangers are asked to sign in before anything else is said', async (context) => {
  const server = await openServer(context)
  const replies = Object.entries(tries(server, '', server.ann.user_id, '4'))
  for (const [verb, reply] of replies) assert.equal(refused(await reply), '401 AUTH_001', verb)
  assert.equal(refused(await server.call(undefined, 'agents.list', {})), '401 AUTH_001')
})

test('a command in the name of another user is refused, and nothing starts', async (context) => {
  const { ask, call, ann, bob } = await openServer(context)
  const { token, user_id } = await bob()
  const input = execution(ann, 4, 'add', { items: ['milk'] })
  assert.equal(refused(await call(token, 'agents.execute', input)), '403 AUTH_001')
  assert.equal((await ask(token, 'agents.get', { id: '4' })).execution_count, 0)
  assert.notEqual(user_id, ann.user_id)
})
