import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '../../../contract/agents.ts'
import type { Reply } from '../../transports/dispatch.ts'
import { execution, openServer, refusal, refused } from './fixture.ts'

const waiting = { wait_for_completion: true, request_id: 'once' }
const idOf = (reply: Reply) => (reply.ok ? (reply.data as Execution).execution_id : refused(reply))

test('a command that is sent again is the same execution, and is done once', async (context) => {
  const { ask, call, ann } = await openServer(context)
  const input = execution(ann, 4, 'add', { items: ['milk'] }, waiting)
  const first = await call(ann.token, 'agents.execute', input)
  const again = await call(ann.token, 'agents.execute', input)
  assert.deepEqual(again.ok && again.data, first.ok && first.data)
  assert.equal(again.status, 200)
  const { execution_count } = await ask(ann.token, 'agents.get', { id: '4' })
  assert.equal(execution_count, 1)
})

test('two that arrive at the same moment are one execution', async (context) => {
  const { ask, call, ann } = await openServer(context)
  const input = execution(ann, 4, 'add', { items: ['milk'] }, waiting)
  const replies = await Promise.all([1, 2, 3].map(() => call(ann.token, 'agents.execute', input)))
  assert.equal(new Set(replies.map(idOf)).size, 1)
  assert.equal((await ask(ann.token, 'agents.get', { id: '4' })).execution_count, 1)
})

test('the same request id with anything else in it is a conflict', async (context) => {
  const { call, ann } = await openServer(context)
  const input = execution(ann, 4, 'add', { items: ['milk'] }, waiting)
  const command = input.command
  const first = await call(ann.token, 'agents.execute', input)
  const others = [
    { ...input, command: { ...command, parameters: { items: ['eggs'] } } },
    { ...input, command: { ...command, priority: 'high' as const } },
    { ...input, command: { ...command, context: {} } },
    { ...input, id: '2' },
    { ...input, timeout_ms: 1_000 },
  ]
  for (const other of others) {
    const { status, code, details } = refusal(await call(ann.token, 'agents.execute', other))
    assert.deepEqual([status, code, details['key']], [409, 'GENERAL_001', 'once'])
  }
  const reordered = {
    ...input,
    command: Object.fromEntries(Object.entries(command).toReversed()) as typeof command,
  }
  assert.equal(idOf(await call(ann.token, 'agents.execute', reordered)), idOf(first))
})

test('a refused command does not use its request id up', async (context) => {
  const { call, ann } = await openServer(context)
  const wrong = execution(ann, 4, 'fly', {}, waiting)
  assert.equal(refused(await call(ann.token, 'agents.execute', wrong)), '400 AGENT_002')
  const right = execution(ann, 4, 'add', { items: ['milk'] }, waiting)
  assert.equal((await call(ann.token, 'agents.execute', right)).ok, true)
})

test('the same request id of another user is another execution', async (context) => {
  const { ask, ann, bob } = await openServer(context)
  const other = await bob()
  const mine = await ask(ann.token, 'agents.execute', execution(ann, 4, 'list', {}, waiting))
  const theirs = await ask(other.token, 'agents.execute', execution(other, 4, 'list', {}, waiting))
  assert.notEqual(mine.execution_id, theirs.execution_id)
})

test('an execution is remembered under its request id across a restart', async (context) => {
  const { ask, call, ann, restart } = await openServer(context)
  const input = execution(ann, 4, 'add', { items: ['milk'] }, waiting)
  const first = await call(ann.token, 'agents.execute', input)
  await restart()
  assert.equal(idOf(await call(ann.token, 'agents.execute', input)), idOf(first))
  assert.equal((await ask(ann.token, 'agents.get', { id: '4' })).execution_count, 1)
})
