import assert from 'node:assert/strict'
import { test } from 'node:test'
import { performAs } from '../changes/fixture.ts'
import { openStage, step } from '../workflows/rig.ts'
import type { Stage } from '../workflows/rig.ts'
import { pass } from '../workflows/triggers/rig.ts'

const DAY = 86_400_000

function count({ app }: Stage, table: string, where = '1'): number {
  const [row] = app.kernel.store.reader.connection.all(
    `SELECT count(*) AS n FROM ${table} WHERE ${where}`,
    [],
  )
  return Number(row?.['n'])
}

test('runs and executions are forgotten after the days that the settings keep, and what goes on is not', async (context) => {
  const stage = await openStage(context)
  await stage.app.begin()
  const { id } = await stage.create({ steps: [step('a')] })
  const waiting = await stage.create({
    steps: [
      { id: 'w', agent_number: 0, action: 'wait', parameters: { seconds: 86_000 } },
      step('b', { depends_on: ['w'] }),
    ],
  })
  await stage.start(id)
  await stage.settle(0)
  await performAs(stage, stage.ann, 'system.config', { retention: { history_days: 2 } })
  await pass(stage, 2 * DAY - 2)
  assert.deepEqual([count(stage, 'workflow_runs'), count(stage, 'executions')], [1, 1])
  await stage.start(waiting.id)
  await pass(stage, DAY + 2)
  assert.equal(count(stage, 'workflow_runs', `workflow_id = '${id}'`), 0)
  assert.equal(count(stage, 'workflow_steps', `step_id = 'a'`), 0)
  assert.equal(count(stage, 'workflow_runs', `workflow_id = '${waiting.id}'`), 1)
  const { total_count } = await stage.ask(await stage.signIn(), 'agents.list', {})
  assert.ok(total_count > 0)
})

test('a deleted workflow can be brought back until its days are over, and says then that it cannot', async (context) => {
  const stage = await openStage(context)
  await stage.app.begin()
  await performAs(stage, stage.ann, 'system.config', { deleted_retention_days: 3 })
  const { id } = await stage.create({ steps: [step('a')] }, 'Gone')
  await stage.start(id)
  await stage.settle(0)
  await stage.ask(await stage.signIn(), 'workflows.delete', { id })
  const newest = async () =>
    (await stage.ask(await stage.signIn(), 'system.modifications', { type: 'workflow_change' }))
      .modifications[0]
  await pass(stage, 3 * DAY - 2)
  assert.equal((await newest())?.rollback_available, true)
  await pass(stage, DAY + 2)
  const deletion = await newest()
  assert.equal(deletion?.rollback_available, false)
  await assert.rejects(
    performAs(stage, stage.ann, 'system.rollback', { modification_id: deletion?.id ?? '' }),
    {
      name: 'ROLLBACK_FAILED',
    },
  )
  for (const table of ['workflows', 'workflow_runs', 'workflow_versions'])
    assert.equal(
      count(stage, table, table === 'workflows' ? `id = '${id}'` : `workflow_id = '${id}'`),
      0,
      table,
    )
})

test('a deleted agent goes with all that it remembers, and other agents keep theirs', async (context) => {
  const stage = await openStage(context)
  await stage.app.begin()
  await performAs(stage, stage.ann, 'system.config', { deleted_retention_days: 1 })
  await stage.done(2, 'remember', { text: 'the key is under the stone' })
  await stage.done(4, 'add', { items: ['milk'] })
  const { id } = await stage.ask(await stage.signIn(), 'agents.get', { id: '2' })
  await stage.ask(await stage.signIn(), 'agents.delete', { id: '2' })
  await pass(stage, 3 * DAY)
  assert.deepEqual(
    ['memories', 'executions', 'records'].map((table) => count(stage, table, `agent_id = '${id}'`)),
    [0, 0, 0],
  )
  assert.equal(count(stage, 'agents', `id = '${id}'`), 0)
  await stage.signIn()
  assert.deepEqual((await stage.done(4, 'list', {}))['items'] === undefined, false)
})

test('an agent that has much is forgotten in pieces, each a transaction of its own', async (context) => {
  const stage = await openStage(context)
  const { kernel, agents } = stage.app
  const { user_id } = stage.ann
  const { id } = await stage.own({ agent_number: 30, name: 'Busy' })
  const ids = await stage.write((tx) => {
    const insert = `INSERT INTO records VALUES (?, ?, ?, 'item', 'g', 1, '{}', '2026-01-01T00:00:00.000Z')`
    for (let n = 0; n < 450; n += 1) tx.connection.run(insert, [kernel.id(), user_id, id])
    tx.connection.run(insert, [kernel.id(), user_id, 'another'])
    return Promise.resolve(count(stage, 'records'))
  })
  assert.equal(ids, 0)
  await stage.ask(await stage.signIn(), 'agents.delete', { id: '30' })
  const cutoffs = { history: 0, deleted: stage.clock.now() + 1 }
  const left: number[] = []
  const sweep = () => stage.write((tx) => agents.sweeps['agents']?.(tx, cutoffs) ?? Promise.resolve(false))
  while (await sweep()) left.push(count(stage, 'records'))
  assert.deepEqual([left, count(stage, 'agents', `id = '${id}'`)], [[251, 51, 1, 1], 0])
})

test('what was said is forgotten with the history, in pieces, and what was said since is kept', async (context) => {
  const stage = await openStage(context)
  const say = async (text_input: string) => stage.ask(await stage.signIn(), 'voice.process', { text_input })
  await stage.app.begin()
  await performAs(stage, stage.ann, 'system.config', { retention: { history_days: 2 } })
  await say('what is 2 plus 3')
  await stage.write((tx) => {
    const columns = 'user_id, text, action, target_agent, confidence, tier, reason, understood, response'
    const copy = `SELECT ?, ${columns}, execution_id, outcome, created_at FROM voice_commands LIMIT 1`
    for (let n = 0; n < 600; n += 1)
      tx.connection.run(
        `INSERT INTO voice_commands (id, ${columns}, execution_id, outcome, created_at) ${copy}`,
        [stage.app.kernel.id()],
      )
    return Promise.resolve()
  })
  await pass(stage, DAY)
  await say('what is 3 plus 4')
  assert.equal(count(stage, 'voice_commands'), 602)
  await pass(stage, 2 * DAY + 2)
  const { commands } = await stage.ask(await stage.signIn(), 'voice.commands', {})
  assert.deepEqual(
    commands.map(({ text }) => text),
    ['what is 3 plus 4'],
  )
})

test('definitions that nobody has any more are forgotten, and those of kept runs are not', async (context) => {
  const stage = await openStage(context)
  await stage.app.begin()
  const { id } = await stage.create({ steps: [step('a')] })
  const change = async (name: string) =>
    stage.ask(await stage.signIn(), 'workflows.update', {
      id,
      definition: {
        ...(await stage.ask(await stage.signIn(), 'workflows.get', { id })).definition,
        steps: [step(name)],
      },
    })
  await stage.start(id)
  await stage.settle(0)
  await change('b')
  await change('c')
  assert.equal(count(stage, 'workflow_versions', `workflow_id = '${id}'`), 3)
  await pass(stage, 2 * DAY)
  assert.equal(count(stage, 'workflow_versions', `workflow_id = '${id}'`), 2)
})

test('keeping less says beforehand how much goes for good, and keeping more or as much says nothing', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ steps: [step('a')] }, 'Gone')
  for (let run = 0; run < 3; run += 1) {
    await stage.start(id)
    await stage.settle(0)
  }
  await stage.ask(await stage.signIn(), 'workflows.delete', { id })
  await pass(stage, 5 * DAY)
  const change = (wanted: object) => performAs(stage, stage.ann, 'system.config', wanted)
  const newest = async () => {
    const { modifications } = await stage.ask(await stage.signIn(), 'system.modifications', {})
    return modifications[0]
  }
  await change({ retention: { history_days: 6 }, backups: { keep: 3 } })
  assert.equal((await newest())?.impact_assessment, 'Nothing else is touched.')
  await change({ retention: { history_days: 4 }, deleted_retention_days: 4, backups: { daily: false } })
  const { impact, impact_assessment } = (await newest()) ?? {}
  assert.deepEqual(impact?.irreversible, ['3 workflow runs', '1 deleted workflows', '3 executions'])
  assert.match(
    impact_assessment ?? '',
    /^One thing would break: Nothing is backed up by itself any more\. No rollback brings back: 3 workflow runs; /,
  )
  await change({ retention: { history_days: 40 }, deleted_retention_days: 40 })
  assert.deepEqual((await newest())?.impact.irreversible, [])
})
