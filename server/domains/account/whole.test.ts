import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { START, openTestApp } from '../../../test/app.ts'
import { fakeClock } from '../../../test/clock.ts'
import { turnsDuring } from '../../kernel/rig.ts'
import { openServer, refused } from '../agents/fixture.ts'
import type { Server } from '../agents/fixture.ts'

type Given = Input<Operations['account.import']>
type Trigger = NonNullable<Given['triggers']>[number]

/** Everything of Ann that comes into another account, as a client reads it. */
async function exported({ ask, ann: { token } }: Server): Promise<Required<Omit<Given, 'dry_run'>>> {
  const { agents } = await ask(token, 'agents.list', {})
  const { workflows } = await ask(token, 'workflows.list', {})
  const { records } = await ask(token, 'account.records', {})
  const { preferences } = await ask(token, 'auth.me', {})
  const { biometric_enabled: _stays, ...kept } = preferences
  const nameOf = (id: unknown) => workflows.find((one) => one.id === id)?.name ?? ''
  const memories = await Promise.all(
    agents.map(({ agent_number }) => ask(token, 'agents.memory_export', { id: String(agent_number) })),
  )
  return {
    agents: agents.map(({ agent_number, name, description, voice_enabled, is_active, config }) => {
      const { workflow_triggers: _apart, ...own } = config
      return { agent_number, name, description, voice_enabled, is_active, config: own }
    }),
    workflows: workflows.map(({ name, description, definition, is_active }) => {
      return { name, description, definition, is_active }
    }),
    triggers: agents.flatMap(({ agent_number, config }) =>
      config.workflow_triggers.map(({ conditions: { workflow_id, ...conditions }, ...trigger }): Trigger => {
        return { agent_number, workflow: nameOf(workflow_id), ...trigger, conditions }
      }),
    ),
    memories: memories.flatMap((page) =>
      page.memories.map(({ id: _id, superseded_by: _by, updated_at: _at, ...memory }) => memory),
    ),
    records: records.map(({ id: _id, ...record }) => record),
    preferences: kept,
  }
}

const MANUAL = { type: 'manual', conditions: {} } as const
const DAILY = { type: 'schedule', conditions: { cron: '0 6 * * *' } } as const

function workflow(name: string, trigger: NonNullable<Given['workflows']>[number]['definition']['trigger']) {
  const step = { agent_number: 25, action: 'remember', parameters: { text: 'x' } }
  return {
    name,
    definition: {
      trigger,
      steps: [{ id: 'a', ...step }],
      error_handling: { strategy: 'fail_fast' as const, notification_on_error: false },
      timeout_ms: 60_000,
      retry_policy: { max_attempts: 1, backoff_strategy: 'fixed' as const, delay_ms: 0 },
    },
  }
}

/** An account with something of every kind, in which most names something else. */
async function furnish(server: Server): Promise<void> {
  const { ask, ann, done } = server
  await server.own({ agent_number: 25, name: 'Diary', config: { preferences: { skill: 'notes' } } })
  await server.own({ agent_number: 26, name: 'Café ☕', is_active: false })
  const { id } = await ask(ann.token, 'workflows.create', workflow('Morning', MANUAL))
  await ask(ann.token, 'workflows.create', workflow('Daily', DAILY))
  const conditions = { workflow_id: id }
  const triggers = [
    { type: 'agent_completion' as const, conditions },
    { type: 'agent_completion' as const, conditions, source_agent: 4 },
  ]
  await ask(ann.token, 'agents.update', { id: '25', config: { workflow_triggers: triggers } })
  await ask(ann.token, 'agents.update', { id: '4', name: 'Lists', config: { workflow_triggers: triggers } })
  await done(25, 'remember', { text: 'The café closes at six.' })
  await done(4, 'add', { items: ['milk', 'bread'] })
  await done(3, 'remind', { text: 'stretch', in_seconds: 3_600 })
  await ask(ann.token, 'auth.preferences', { theme: 'dark', timezone: 'Asia/Tokyo', voice_enabled: false })
}

test('a whole account comes into an empty one in one call, and is exported from there as it was', async (context) => {
  const server = await openServer(context)
  await furnish(server)
  const given = await exported(server)
  assert.deepEqual([given.workflows.length, given.triggers.length, given.records.length], [2, 4, 3])
  const other = await openServer(context)
  const { ask, ann } = other
  const tried = await ask(ann.token, 'account.import', { ...given, dry_run: true })
  const done = await ask(ann.token, 'account.import', given)
  assert.deepEqual([done.conflicts, tried], [[], { ...done, dry_run: true }])
  assert.deepEqual(done.created, {
    agents: 2,
    workflows: 2,
    triggers: 4,
    memories: 2,
    records: 3,
    preferences: 0,
  })
  assert.deepEqual(await exported(other), given)
  const again = await ask(ann.token, 'account.import', given)
  assert.deepEqual([again.created.triggers, again.created.workflows, again.created.agents], [0, 0, 0])
  const reasons = again.conflicts.filter(({ kind }) => kind === 'triggers').map(({ reason }) => reason)
  assert.deepEqual(reasons, Array(4).fill('The agent has it already.'))
  assert.deepEqual((await exported(other)).triggers, given.triggers)
})

test('what an agent is triggered by starts the workflow that was brought in', async (context) => {
  const server = await openServer(context)
  await furnish(server)
  const other = await openServer(context)
  await other.ask(other.ann.token, 'account.import', await exported(server))
  await other.done(4, 'add', { items: ['tea'] })
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve))
  const { executions } = await other.ask(other.ann.token, 'workflows.executions', {})
  assert.ok(executions.length > 0)
  assert.deepEqual(new Set(executions.map(({ workflow_name }) => workflow_name)), new Set(['Morning']))
})

test('the times of a workflow that is brought in are those of the zone that comes with it', async (context) => {
  const server = await openServer(context)
  const agent = { agent_number: 25, name: 'Diary', config: { preferences: { skill: 'notes' } } }
  const given = { preferences: { timezone: 'Asia/Tokyo' }, workflows: [workflow('Daily', DAILY)] }
  await server.ask(server.ann.token, 'account.import', { ...given, agents: [agent] })
  const { connection } = server.app.kernel.store.reader
  const [job] = connection.all(`SELECT run_at FROM jobs WHERE kind = 'workflows.schedule'`, [])
  assert.equal(new Date(Number(job?.['run_at'])).toISOString(), '2026-11-22T21:00:00.000Z')
})

function completion(agent_number: number, name: string, more = {}): Trigger {
  return { agent_number, workflow: name, type: 'agent_completion', conditions: {}, ...more }
}

test('a trigger of an agent or for a workflow that is not there is named, and a zone that is none', async (context) => {
  const server = await openServer(context)
  await furnish(server)
  const { token } = server.ann
  const { created, updated, conflicts } = await server.ask(token, 'account.import', {
    triggers: [
      completion(77, 'Morning'),
      completion(2, 'Evening'),
      completion(2, 'MORNING', { type: 'schedule' }),
      completion(2, 'MORNING'),
    ],
    preferences: { timezone: 'Mars/Base', theme: 'light' },
  })
  assert.deepEqual([created.triggers, updated.preferences], [1, 0])
  assert.deepEqual(
    conflicts.map(({ kind, index, name }) => `${kind} ${index} ${name}`),
    ['triggers 0 77: Morning', 'triggers 1 2: Evening', 'triggers 2 2: MORNING', 'preferences 0 preferences'],
  )
  assert.deepEqual(
    conflicts.slice(0, 2).map(({ reason }) => reason),
    ['There is no agent 77.', 'There is no workflow Evening.'],
  )
  assert.equal((await server.ask(token, 'auth.me', {})).preferences.theme, 'dark')
  const biometric = { preferences: { biometric_enabled: true } } as Given
  assert.equal(refused(await server.call(token, 'account.import', biometric)), '400 GENERAL_001')
})

test('an agent gets no more triggers than it can have', async (context) => {
  const server = await openServer(context)
  await furnish(server)
  const triggers = Array.from({ length: 60 }, (_, hour) => ({
    ...completion(5, 'Morning', { type: 'schedule', conditions: { every_ms: 3_600_000 + hour } }),
  }))
  const { created, conflicts } = await server.ask(server.ann.token, 'account.import', { triggers })
  assert.deepEqual([created.triggers, conflicts.length], [50, 10])
  assert.equal(conflicts[0]?.reason, 'The agent has 50 already.')
})

test('a long import lets others have their turn', async (context) => {
  let looked = 0
  // Every look at this clock finds that a whole turn has gone by.
  const clock = { ...fakeClock(START), elapsed: () => (looked += 10) }
  const server = await openTestApp({ clock })
  context.after(() => server.remove())
  const { token } = await server.claim()
  const agents = Array.from({ length: 50 }, (_, n) => ({ agent_number: 100 + n, name: `Agent ${n} of mine` }))
  const turns = await turnsDuring(() => server.ask(token, 'account.import', { agents }))
  assert.ok(turns >= 50, `${turns} turns`)
})
