import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../../test/app.ts'
import { refused } from '../agents/fixture.ts'
import { defined, openStage, step } from './rig.ts'
import type { Stage } from './rig.ts'
import { workflowStore } from './store.ts'
import type { WorkflowTables } from './store.ts'

const HOURLY = { type: 'schedule', conditions: { cron: '0 * * * *', timezone: 'UTC' } } as const

function rollBack(stage: Stage, modification_id?: string) {
  const wanted = modification_id === undefined ? {} : { modification_id }
  return stage.write((tx) => stage.app.changes.rollBack(tx, stage.ann.user_id, wanted, stage.ann.user_id))
}

async function modifications(stage: Stage) {
  const found = await stage.ask(await stage.signIn(), 'system.modifications', { type: 'workflow_change' })
  return found.modifications
}

/** Runs that a schedule has started in some hours. */
async function rings(stage: Stage, id: string, hours: number): Promise<number> {
  const count = async () => {
    const { executions } = await stage.ask(await stage.signIn(), 'workflows.executions', { limit: 500 })
    return executions.filter(({ workflow_id }) => workflow_id === id).length
  }
  const before = await count()
  for (let hour = 0; hour < hours; hour += 1) {
    stage.clock.advance(3_600_000)
    await stage.settle(0)
  }
  return (await count()) - before
}

test('every change is recorded with what was before and after, and one that changes nothing is not', async (t) => {
  const stage = await openStage(t)
  const { token, user_id } = stage.ann
  const definition = defined({ steps: [step('a')] })
  const { id } = await stage.ask(token, 'workflows.create', { name: 'One', definition })
  await stage.ask(token, 'workflows.update', { id, name: 'Two', is_active: false })
  await stage.ask(token, 'workflows.update', { id, name: 'Two', definition })
  await stage.ask(token, 'workflows.delete', { id })
  const one = { name: 'One', description: '', definition, is_active: true }
  const target = { kind: 'workflow', id }
  const two = { ...one, name: 'Two', is_active: false }
  assert.deepEqual(
    (await modifications(stage)).map(({ description, before_state, after_state, target: of, applied_by }) => [
      description,
      before_state,
      after_state,
      of,
      applied_by,
    ]),
    [
      ['Deleted the workflow Two.', two, {}, target, user_id],
      ['Changed the workflow One.', one, two, target, user_id],
      ['Created the workflow One.', {}, one, target, user_id],
    ],
  )
})

test('a change is taken back, and its taking back as well; runs keep what they started with', async (t) => {
  const stage = await openStage(t)
  const { token } = stage.ann
  const [first, second] = [defined({ steps: [step('a')] }), defined({ steps: [step('b')] })]
  const { id } = await stage.ask(token, 'workflows.create', { name: 'One', definition: first })
  await stage.ask(token, 'workflows.update', { id, definition: second })
  stage.script = () => ({ ms: 100 })
  const { execution_id } = await stage.start(id)
  await stage.settle(0)
  await rollBack(stage)
  assert.deepEqual((await stage.ask(token, 'workflows.get', { id })).definition, first)
  await stage.settle()
  const run = await stage.look(execution_id)
  assert.deepEqual([run.status, run.definition], ['completed', second])
  const [newest] = await modifications(stage)
  await rollBack(stage, newest?.id)
  assert.deepEqual((await stage.ask(token, 'workflows.get', { id })).definition, second)
})

test('making is taken back by deleting: it is gone, its name is free and its schedule rings no more', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({ trigger: HOURLY, steps: [step('a')] }, 'One')
  assert.equal(await rings(stage, id, 2), 2)
  await rollBack(stage)
  assert.equal(refused(await stage.call(await stage.signIn(), 'workflows.get', { id })), '404 WORKFLOW_001')
  assert.equal(await rings(stage, id, 2), 0)
  assert.notEqual((await stage.create({ steps: [step('a')] }, 'One')).id, id)
})

test('a deleted workflow comes back with its figures and its schedule, which makes up for nothing', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({ trigger: HOURLY, steps: [step('a')] }, 'One')
  assert.equal(await rings(stage, id, 2), 2)
  stage.clock.advance(900_000)
  const before = await stage.ask(await stage.signIn(), 'workflows.get', { id })
  await stage.ask(await stage.signIn(), 'workflows.delete', { id })
  assert.equal(await rings(stage, id, 3), 0)
  await rollBack(stage)
  const after = await stage.ask(await stage.signIn(), 'workflows.get', { id })
  assert.deepEqual({ ...after, updated_at: before.updated_at }, before)
  assert.equal(await rings(stage, id, 2), 2)
})

test('a deleted webhook comes back with the same address', async (t) => {
  const stage = await openStage(t)
  const trigger = { type: 'webhook', conditions: {} } as const
  const { id } = await stage.create({ trigger, steps: [step('a')] })
  const { webhook_path } = await stage.ask(stage.ann.token, 'workflows.get', { id })
  const token = webhook_path?.split('/').at(-1) ?? ''
  assert.equal(stage.app.workflows.hooks.find(token)?.workflow_id, id)
  await stage.ask(stage.ann.token, 'workflows.delete', { id })
  assert.equal(stage.app.workflows.hooks.find(token), undefined)
  await rollBack(stage)
  assert.equal(stage.app.workflows.hooks.find(token)?.workflow_id, id)
  assert.equal((await stage.ask(stage.ann.token, 'workflows.get', { id })).webhook_path, webhook_path)
})

test('switching off is taken back by switching on, and a name that was taken meanwhile refuses its way back', async (t) => {
  const stage = await openStage(t)
  const { id } = await stage.create({ trigger: HOURLY, steps: [step('a')] }, 'One')
  await stage.ask(stage.ann.token, 'workflows.update', { id, is_active: false })
  assert.equal(await rings(stage, id, 1), 0)
  await rollBack(stage)
  assert.equal(await rings(stage, id, 1), 1)
  await stage.ask(await stage.signIn(), 'workflows.delete', { id })
  const [deleted] = await modifications(stage)
  await stage.create({ steps: [step('b')] }, 'ONE')
  await assert.rejects(rollBack(stage, deleted?.id), {
    name: 'ROLLBACK_FAILED',
    message: /has the name One by now/,
  })
  assert.equal(refused(await stage.call(stage.ann.token, 'workflows.get', { id })), '404 WORKFLOW_001')
})

test('nothing of a user’s workflows is left when the user is removed, and what runs is over', async (t) => {
  const stage = await openStage(t)
  const bob = await stage.bob()
  const { user_id } = bob
  const given = {
    name: 'One',
    definition: defined({
      trigger: HOURLY,
      steps: [{ ...step('w'), agent_number: 0, action: 'wait', parameters: { seconds: 60 } }],
    }),
  }
  const { id } = await stage.write((tx) => stage.app.workflows.create(tx, user_id, given))
  const { execution_id } = await stage.ask(bob.token, 'workflows.execute', { id })
  await stage.settle(0)
  assert.equal((await stage.ask(bob.token, 'workflows.execution', { id: execution_id })).status, 'executing')
  const mine = await stage.run({ steps: [step('a')] })
  await stage.ask(await stage.signIn(), 'users.delete', { id: user_id })
  await stage.settle()
  const { tables } = stage.app.kernel.store.reader
  type Owned = Record<string, { user_id: string }>
  for (const table of [
    'workflows',
    'workflow_versions',
    'workflow_runs',
    'workflow_steps',
    'workflow_triggers',
    'jobs',
  ]) {
    const rows = await tables<Owned>()
      .selectFrom(table)
      .select('user_id')
      .where('user_id', '=', user_id)
      .execute()
    assert.deepEqual(rows, [], table)
  }
  assert.equal((await stage.look(mine.execution_id)).status, 'completed')
  const email = 'bob@example.org'
  assert.equal((await stage.call(undefined, 'auth.login', { email, password: PASSWORD })).ok, false)
  assert.deepEqual(
    stage.logged.filter((line) => line.includes('"error"')),
    [],
  )
})

test('a deleted one comes back only while there is room for it', async (t) => {
  const stage = await openStage(t)
  const { token, user_id } = stage.ann
  const { id } = await stage.create({ steps: [step('a')] }, 'One')
  await stage.ask(token, 'workflows.delete', { id })
  await stage.write(async (tx) => {
    const db = tx.tables<WorkflowTables>()
    const kept = await workflowStore.anyById(db, user_id, id)
    assert.ok(kept)
    for (let count = 0; count < 500; count += 1) {
      const row = { ...kept, id: stage.app.kernel.id(), name_key: `other ${count}`, deleted_at: null }
      await workflowStore.insert(db, row)
    }
  })
  const deletion = (await modifications(stage)).find(({ description }) => description.startsWith('Deleted'))
  assert.equal(deletion?.rollback_available, false)
  await assert.rejects(rollBack(stage, deletion.id), {
    name: 'ROLLBACK_FAILED',
    message: 'There are already 500 workflows.',
  })
})
