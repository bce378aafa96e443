import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Input } from '../../../contract/operation.ts'
import type { Operations } from '../../../contract/index.ts'
import { openServer, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

type Given = Input<Operations['account.import']>

const AGENT = {
  agent_number: 25,
  name: 'Diary',
  description: 'Mine',
  config: { ...empty(), preferences: { a: 1 } },
}
const MEMORY: NonNullable<Given['memories']>[number] = {
  agent_number: 25,
  memory_type: 'fact',
  content: { text: 'The café closes at six.' },
  tags: ['café', 'café', 'hours'],
  created_at: '2025-01-02T03:04:05.000Z',
  expires_at: null,
  source: { kind: 'agent', name: 'agent 4' },
  trust: 'untrusted',
  pinned: true,
}
const WORKFLOW = {
  name: 'Morning',
  description: '',
  is_active: true,
  definition: {
    trigger: { type: 'manual' as const, conditions: {} },
    steps: [{ id: 'a', agent_number: 25, action: 'remember', parameters: { text: 'x' }, timeout_ms: 1_000 }],
    error_handling: { strategy: 'fail_fast' as const, notification_on_error: false },
    timeout_ms: 60_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed' as const, delay_ms: 0 },
  },
}

const NONE = { agents: 0, workflows: 0, triggers: 0, memories: 0, records: 0, preferences: 0 }

function empty() {
  return {
    api_keys: {},
    preferences: {},
    workflow_triggers: [],
    voice_commands: [],
    external_integrations: [],
  }
}

const bring = async ({ ask, ann }: Server, given: Given) => ask(ann.token, 'account.import', given)

const recordsOf = async ({ ask, ann }: Server, cursor?: string) =>
  ask(ann.token, 'account.records', { limit: 2, ...(cursor === undefined ? {} : { cursor }) })

test('documents come in pages, oldest first, each once, and those of others never', async (context) => {
  const server = await openServer(context)
  const bob = await server.bob()
  for (const item of ['milk', 'bread', 'tea']) await server.done(4, 'add', { items: [item] })
  const first = await recordsOf(server)
  assert.deepEqual([first.records.length, first.records[0]?.agent_number], [2, 4])
  const second = await recordsOf(server, first.next_cursor)
  assert.deepEqual([second.records.length, second.next_cursor], [1, undefined])
  const all = [...first.records, ...second.records]
  assert.deepEqual(new Set(all.map(({ id }) => id)).size, 3)
  assert.match(JSON.stringify(all[0]?.body), /milk/)
  assert.deepEqual((await server.ask(bob.token, 'account.records', {})).records, [])
  assert.equal(
    refused(await server.call(server.ann.token, 'account.records', { cursor: '!' })),
    '400 GENERAL_001',
  )
})

test('what was exported comes into an empty account as it was, with ids of its own', async (context) => {
  const server = await openServer(context)
  await server.done(3, 'remind', { text: 'stretch', in_seconds: 3_600 })
  const { records } = await server.ask(server.ann.token, 'account.records', {})
  const other = await openServer(context)
  const sent = records.map(({ id: _id, ...record }) => record)
  const { created, conflicts } = await bring(other, { agents: [AGENT], memories: [MEMORY], records: sent })
  assert.deepEqual([created, conflicts], [{ ...NONE, agents: 1, memories: 1, records: 1 }, []])
  const made = await other.ask(other.ann.token, 'agents.get', { id: '25' })
  assert.deepEqual([made.name, made.config.preferences], ['Diary', { a: 1 }])
  const { memories } = await other.ask(other.ann.token, 'agents.memory_export', { id: '25' })
  const [memory] = memories
  assert.deepEqual(
    [memory?.content, memory?.tags, memory?.created_at, memory?.source, memory?.trust, memory?.pinned],
    [MEMORY.content, ['café', 'hours'], MEMORY.created_at, MEMORY.source, 'untrusted', true],
  )
  const again = await other.ask(other.ann.token, 'account.records', {})
  assert.deepEqual(
    again.records.map(({ id: _id, ...record }) => record),
    sent,
  )
  assert.notEqual(again.records[0]?.id, records[0]?.id)
  other.clock.advance(3_600_000)
  await other.signIn()
  const { notifications } = await other.ask(other.ann.token, 'notifications.list', {})
  assert.match(notifications[0]?.text ?? '', /Stretch/)
})

test('workflows come in once their agents are there, and everything that is there already is named', async (context) => {
  const server = await openServer(context)
  const alone = await bring(server, { workflows: [WORKFLOW] })
  assert.equal(alone.created.workflows, 0)
  assert.deepEqual([alone.conflicts[0]?.kind, alone.conflicts[0]?.name], ['workflows', 'Morning'])
  await bring(server, { agents: [AGENT] })
  await server.ask(server.ann.token, 'agents.update', {
    id: '25',
    config: { preferences: { skill: 'notes' } },
  })
  const { created } = await bring(server, { workflows: [WORKFLOW], memories: [MEMORY] })
  assert.deepEqual([created.workflows, created.memories], [1, 1])
  const again = await bring(server, { agents: [AGENT], workflows: [WORKFLOW], memories: [MEMORY] })
  assert.deepEqual(again.created, NONE)
  assert.deepEqual(
    again.conflicts.map(({ kind, index, reason }) => `${kind} ${index}: ${reason}`),
    [
      'agents 0: Number 25 is taken by Diary.',
      'workflows 0: Another workflow has the name Morning.',
      'memories 0: The agent remembers this already, or its time is over.',
    ],
  )
})

test('a built-in agent is set up as it was, and a name that is taken is named', async (context) => {
  const server = await openServer(context)
  const shopping = { agent_number: 4, name: 'Shopping', description: 'Lists', config: empty() }
  const thief = { agent_number: 30, name: 'Shopping', config: empty() }
  const { updated, conflicts } = await bring(server, { agents: [shopping, thief] })
  assert.equal(updated.agents, 1)
  assert.equal((await server.ask(server.ann.token, 'agents.get', { id: '4' })).name, 'Shopping')
  assert.deepEqual([conflicts.length, conflicts[0]?.index], [1, 1])
  assert.equal(refused(await server.call(server.ann.token, 'agents.get', { id: '30' })), '404 AGENT_001')
})

test('a trial tells the same and changes nothing', async (context) => {
  const server = await openServer(context)
  const given = { agents: [AGENT, { ...AGENT, agent_number: 26 }], memories: [MEMORY] }
  const tried = await bring(server, { ...given, dry_run: true })
  assert.equal(refused(await server.call(server.ann.token, 'agents.get', { id: '25' })), '404 AGENT_001')
  const { dry_run, ...done } = await bring(server, given)
  assert.deepEqual([tried, dry_run], [{ ...done, dry_run: true }, false])
  assert.equal(tried.conflicts.length, 1)
})

test('secrets, words of others as instructions, agents that are not there and nonsense are refused', async (context) => {
  const server = await openServer(context)
  const secret = { ...AGENT, config: { ...empty(), api_keys: { key: 'sk-live' } } }
  const order = { ...MEMORY, agent_number: 1, memory_type: 'instruction' }
  const nobody = { ...MEMORY, agent_number: 77 }
  const old = { ...MEMORY, agent_number: 1, pinned: false, expires_at: '2026-01-01T00:00:00Z' }
  const { created, conflicts } = await bring(server, { memories: [order, nobody, old] })
  assert.equal(created.memories, 0)
  assert.match(
    conflicts.map(({ reason }) => reason).join('|'),
    /standing instruction.*\|There is no agent 77\.\|.*time is over/,
  )
  const { created: none, conflicts: held } = await bring(server, { agents: [secret] })
  assert.deepEqual([none.agents, held.length], [0, 1])
  assert.match(held[0]?.reason ?? '', /holds secrets, which are not imported/)
  const masked = {
    ...AGENT,
    agent_number: 27,
    name: 'Masked',
    config: { ...empty(), api_keys: { key: '****6cD1' } },
  }
  assert.equal((await bring(server, { agents: [masked] })).created.agents, 1)
  const { token, user_id } = await server.bob()
  assert.equal(
    (await server.ask(token, 'agents.list', {})).agents.some(({ agent_number }) => agent_number === 25),
    false,
  )
  assert.notEqual(user_id, server.ann.user_id)
  const wrong = { memories: [{ ...MEMORY, created_at: 'yesterday' }] }
  assert.equal(refused(await server.call(server.ann.token, 'account.import', wrong)), '400 GENERAL_001')
})
