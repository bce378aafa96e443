import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { Operations } from '../../../contract/index.ts'
import { execution, openServer, refused } from './fixture.ts'
import type { Server } from './fixture.ts'
import { openProbe } from './probe/fixture.ts'

/** Messages of the log of agent 5. */
async function messages(server: Server, filter: Omit<Input<Operations['agents.logs']>, 'id'> = {}) {
  const { logs } = await server.ask(server.ann.token, 'agents.logs', { id: '5', ...filter })
  return logs.map(({ message }) => message)
}

/** Answers 1, 2 and 3 a minute apart, of which 2 fails. */
async function openLogged(context: Parameters<typeof openServer>[0]): Promise<Server & { ids: string[] }> {
  const server = await openServer(context)
  const ids: string[] = []
  for (const expression of ['1 + 0', '1 / nothing', '3 + 0']) {
    ids.push((await server.act(5, 'calculate', { expression })).execution_id)
    server.clock.advance(60_000)
  }
  return Object.assign(server, { ids })
}
const FAILED = /^AGENT_002: /

test('the log has an entry for each execution, newest first, with what was asked and what came of it', async (context) => {
  const server = await openLogged(context)
  const { logs, next_cursor } = await server.ask(server.ann.token, 'agents.logs', { id: '5' })
  assert.deepEqual([logs.map(({ level }) => level), next_cursor], [['info', 'error', 'info'], undefined])
  assert.deepEqual(
    logs.map(({ id }) => id),
    server.ids.toReversed(),
  )
  assert.match(logs[1]?.message ?? '', FAILED)
  assert.deepEqual(logs[0], {
    id: server.ids[2],
    level: 'info',
    message: '3 + 0 is 3.',
    execution_id: server.ids[2],
    created_at: '2026-11-22T10:02:00.000Z',
    details: {
      action: 'calculate',
      status: 'completed',
      parameters: { expression: '3 + 0' },
      priority: 'normal',
      voice_input: false,
      waited_ms: 0,
      duration_ms: 0,
    },
  })
})

test('the log is filtered by level, by execution, and by time to the moment itself in any zone', async (context) => {
  const server = await openLogged(context)
  const [one, three] = ['1 + 0 is 1.', '3 + 0 is 3.']
  assert.deepEqual(await messages(server, { level: 'info' }), [three, one])
  assert.equal((await messages(server, { level: 'error' })).length, 1)
  for (const level of ['debug', 'warn'] as const) assert.deepEqual(await messages(server, { level }), [])
  assert.deepEqual(await messages(server, { execution_id: server.ids[0] ?? '' }), [one])
  for (const since of ['2026-11-22T10:02:00Z', '2026-11-22T11:02:00+01:00', '2026-11-22T05:02:00.000-05:00'])
    assert.deepEqual(await messages(server, { since }), [three], since)
  for (const since of ['2026-11-22T10:02:00.0001Z', '2026-11-22T10:02:00.001Z'])
    assert.deepEqual(await messages(server, { since }), [], since)
  assert.equal((await messages(server, { since: '2026-11-22T10:00:59Z' })).length, 2)
})

test('the log is read page by page, and what is added meanwhile does not shift the pages', async (context) => {
  const server = await openLogged(context)
  const { ask, ann, act, ids } = server
  const first = await ask(ann.token, 'agents.logs', { id: '5', limit: 2 })
  assert.deepEqual(
    first.logs.map(({ id }) => id),
    [ids[2], ids[1]],
  )
  await act(5, 'calculate', { expression: '4' })
  const rest = await ask(ann.token, 'agents.logs', { id: '5', limit: 2, cursor: first.next_cursor ?? '' })
  assert.deepEqual([rest.logs.map(({ id }) => id), rest.next_cursor], [[ids[0]], undefined])
})

test('a log filter that makes no sense is malformed', async (context) => {
  const { call, ann } = await openServer(context)
  const filters = [
    { level: 'fatal' },
    { since: 'yesterday' },
    { since: '2026-11-22' },
    { limit: 0 },
    { cursor: '!' },
  ]
  for (const filter of filters)
    assert.equal(
      refused(await call(ann.token, 'agents.logs', { id: '5', ...(filter as object) })),
      '400 GENERAL_001',
      JSON.stringify(filter),
    )
})

test('secrets in what was asked are masked in the log', async (context) => {
  const { ask, ann, done } = await openServer(context)
  const values = { user: 'ann', password: 'hunter2', api_key: 'sk-1' }
  await done(6, 'fill_template', { template: 'Dear {{user}}', values })
  const { logs } = await ask(ann.token, 'agents.logs', { id: '6' })
  assert.deepEqual(logs[0]?.details['parameters'], {
    template: 'Dear {{user}}',
    values: { user: 'ann', password: '[redacted]', api_key: '[redacted]' },
  })
  assert.equal(JSON.stringify(logs).includes('hunter2'), false)
})

test('the log tells how long an execution waited for its slot', async (context) => {
  const probe = openProbe()
  const limits = { executions_at_once: 1 }
  const { ask, ann, act, clock, ended } = await openServer(context, { limits, prepare: probe.install })
  await act(19, 'wait', {}, { wait_for_completion: false })
  await probe.waiting(1)
  const { execution_id } = await act(5, 'calculate', { expression: '1' }, { wait_for_completion: false })
  const waiting = await ask(ann.token, 'agents.logs', { id: '5', execution_id })
  assert.deepEqual([waiting.logs[0]?.message, waiting.logs[0]?.level], ['calculate is queued.', 'info'])
  assert.equal('waited_ms' in (waiting.logs[0]?.details ?? {}), false)
  clock.advance(250)
  probe.release()
  await ended(execution_id)
  const { logs } = await ask(ann.token, 'agents.logs', { id: '5', execution_id })
  const { waited_ms, duration_ms } = logs[0]?.details ?? {}
  assert.deepEqual([waited_ms, duration_ms], [250, 0])
})

test('the status shows the state and the last 20 executions, newest first', async (context) => {
  const { ask, ann, act } = await openServer(context)
  const ids = []
  for (let turn = 0; turn < 21; turn += 1)
    ids.push((await act(5, 'calculate', { expression: `${turn}` })).execution_id)
  const status = await ask(ann.token, 'agents.status', { id: '5' })
  assert.equal('executions' in status, true)
  if (!('executions' in status)) return
  assert.deepEqual(
    status.executions.map(({ execution_id }) => execution_id),
    ids.slice(1).toReversed(),
  )
  assert.deepEqual([status.state, status.last_error, status.health_score], ['idle', null, 100])
  assert.deepEqual(status.executions[0]?.result?.data, { value: 20 })
})

test('the status of an execution is found under its own agent alone', async (context) => {
  const { ask, call, ann, act } = await openServer(context)
  const done = await act(5, 'calculate', { expression: '1' })
  const { execution_id } = done
  assert.deepEqual(await ask(ann.token, 'agents.status', { id: '5', execution_id }), done)
  assert.equal(refused(await call(ann.token, 'agents.status', { id: '6', execution_id })), '404 AGENT_001')
  assert.equal(
    refused(await call(ann.token, 'agents.status', { id: '5', execution_id: 'x' })),
    '400 GENERAL_001',
  )
})

test('voice and priority of a command are kept with it', async (context) => {
  const { ask, ann } = await openServer(context)
  const input = execution(ann, 5, 'calculate', { expression: '1' }, { voice_input: true, priority: 'high' })
  await ask(ann.token, 'agents.execute', { ...input, wait_for_completion: true })
  const { logs } = await ask(ann.token, 'agents.logs', { id: '5' })
  const { voice_input, priority } = logs[0]?.details ?? {}
  assert.deepEqual([voice_input, priority], [true, 'high'])
})
