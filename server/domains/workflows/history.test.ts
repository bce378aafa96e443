import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operations } from '../../../contract/index.ts'
import type { Input } from '../../../contract/operation.ts'
import { refused } from '../agents/fixture.ts'
import { begun, own, statuses } from './engine/rig.ts'
import { openStage, step } from './rig.ts'

/** Seven runs of two workflows, a minute apart. */
async function openHistory(t: Parameters<typeof openStage>[0]) {
  const stage = await openStage(t)
  const [one, two] = [
    await stage.create({ steps: [step('a')] }, 'One'),
    await stage.create({ steps: [step('b')] }, 'Two'),
  ]
  const ids: string[] = []
  for (const [at, workflow] of [one, two, one, two, one, two, one].entries()) {
    stage.script = () => (at === 2 ? { error: 'no' } : {})
    ids.push((await stage.start(workflow.id, at)).execution_id)
    await stage.settle(0)
    stage.clock.advance(60_000)
  }
  return { stage, one, two, ids }
}

type Filter = Input<Operations['workflows.executions']>

test('the history of a workflow has its runs alone, newest first, and that of all has all', async (t) => {
  const { stage, one, ids } = await openHistory(t)
  const own_runs = await stage.ask(stage.ann.token, 'workflows.history', { id: one.id })
  assert.deepEqual(
    own_runs.executions.map(({ execution_id }) => execution_id),
    [ids[6], ids[4], ids[2], ids[0]],
  )
  const all = await stage.ask(stage.ann.token, 'workflows.executions', {})
  assert.deepEqual(
    all.executions.map(({ execution_id, workflow_name }) => [execution_id, workflow_name]),
    ids.map((id, at) => [id, at % 2 === 0 ? 'One' : 'Two']).toReversed(),
  )
  assert.deepEqual([own_runs.next_cursor, all.next_cursor], [undefined, undefined])
  const [newest] = own_runs.executions
  assert.deepEqual(newest, {
    execution_id: ids[6],
    status: 'completed',
    trigger_source: `manual:${stage.ann.user_id}`,
    started_at: '2026-11-22T10:06:00.000Z',
    ended_at: '2026-11-22T10:06:00.000Z',
    duration: 0,
    steps: [
      {
        step_id: 'a',
        status: 'completed',
        attempts: 1,
        started_at: '2026-11-22T10:06:00.000Z',
        ended_at: '2026-11-22T10:06:00.000Z',
        result: { step: 'a' },
      },
    ],
  })
})

test('pages hold each run once, whatever their size, also when runs begin between them', async (t) => {
  const { stage, one, ids } = await openHistory(t)
  for (const limit of [1, 2, 3, 7, 8]) {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await stage.ask(stage.ann.token, 'workflows.executions', {
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      })
      assert.ok(page.executions.length <= limit)
      seen.push(...page.executions.map(({ execution_id }) => execution_id))
      cursor = page.next_cursor
      if (limit === 2) await stage.start(one.id)
    } while (cursor !== undefined)
    assert.deepEqual(seen.slice(-7), ids.toReversed())
    assert.equal(new Set(seen).size, seen.length)
  }
  const reply = await stage.call(stage.ann.token, 'workflows.executions', { cursor: 'x' })
  assert.equal(refused(reply), '400 GENERAL_001')
})

const AT = (minute: number, rest = ':00.000Z') => `2026-11-22T10:0${minute}${rest}`
const FILTERS: { filter: Filter; wanted: number[] }[] = [
  { filter: { status: 'failed' }, wanted: [2] },
  { filter: { status: 'queued' }, wanted: [] },
  { filter: { since: AT(5) }, wanted: [5, 6] },
  { filter: { since: AT(5, ':00Z') }, wanted: [5, 6] },
  { filter: { since: AT(5, ':00.0004Z') }, wanted: [5, 6] },
  { filter: { since: '2026-11-22T11:05:00+01:00' }, wanted: [5, 6] },
  { filter: { since: AT(5, ':00.001Z') }, wanted: [6] },
  { filter: { until: AT(1) }, wanted: [0, 1] },
  { filter: { until: AT(1, ':00Z') }, wanted: [0, 1] },
  { filter: { until: '2026-11-22T05:01:00-05:00' }, wanted: [0, 1] },
  { filter: { until: AT(0, ':59.999Z') }, wanted: [0] },
  { filter: { since: AT(2), until: AT(4), status: 'completed' }, wanted: [3, 4] },
  { filter: { trigger_source: 'schedule' }, wanted: [] },
]

test('a history is filtered by state, source and time, in whatever way the time is written', async (t) => {
  const { stage, ids } = await openHistory(t)
  for (const { filter, wanted } of FILTERS) {
    const { executions } = await stage.ask(stage.ann.token, 'workflows.executions', filter)
    const found = executions.map(({ execution_id }) => ids.indexOf(execution_id)).toReversed()
    assert.deepEqual(found, wanted, JSON.stringify(filter))
  }
  const trigger_source = `manual:${stage.ann.user_id}`
  const { executions } = await stage.ask(stage.ann.token, 'workflows.executions', {
    trigger_source,
    limit: 2,
  })
  assert.equal(executions.length, 2)
})

test('what has not ended is in the history with how far it is', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 100 })
  const { workflow_id } = await begun(stage, { steps: [own('s', 'set', { value: 1 }), step('a'), step('b')] })
  await stage.start(workflow_id)
  const { executions } = await stage.ask(stage.ann.token, 'workflows.history', { id: workflow_id })
  const [queued, running] = executions
  assert.deepEqual([queued?.status, queued?.started_at, queued?.duration], ['queued', null, null])
  assert.deepEqual(queued && statuses(queued), { s: 'pending', a: 'pending', b: 'pending' })
  assert.deepEqual([running?.status, running?.ended_at], ['executing', null])
  assert.deepEqual(running && statuses(running), { s: 'completed', a: 'executing', b: 'pending' })
})

test('nothing of a run or a workflow is there for somebody else', async (t) => {
  const { stage, one, ids } = await openHistory(t)
  const bob = await stage.bob()
  const id = ids[0] ?? ''
  for (const reply of [
    await stage.call(bob.token, 'workflows.execution', { id }),
    await stage.call(bob.token, 'workflows.history', { id: one.id }),
    await stage.call(bob.token, 'workflows.get', { id: one.id }),
    await stage.call(bob.token, 'workflows.execute', { id: one.id }),
    await stage.call(bob.token, 'workflows.update', { id: one.id, name: 'Mine' }),
    await stage.call(bob.token, 'workflows.delete', { id: one.id }),
    await stage.call(stage.ann.token, 'workflows.execution', { id: one.id }),
  ])
    assert.equal(refused(reply), '404 WORKFLOW_001')
  const { executions } = await stage.ask(bob.token, 'workflows.executions', {})
  const list = await stage.ask(bob.token, 'workflows.list', {})
  assert.deepEqual([executions, list.workflows, list.total_count], [[], [], 0])
})

test('runs stay in the history when their workflow is deleted, under its name', async (t) => {
  const { stage, two, ids } = await openHistory(t)
  stage.clock.advance(900_000)
  await stage.ask(await stage.signIn(), 'workflows.delete', { id: two.id })
  const { executions } = await stage.ask(stage.ann.token, 'workflows.executions', {})
  assert.deepEqual(executions.length, ids.length)
  assert.equal(executions.find(({ workflow_id }) => workflow_id === two.id)?.workflow_name, 'Two')
  assert.equal(
    refused(await stage.call(stage.ann.token, 'workflows.history', { id: two.id })),
    '404 WORKFLOW_001',
  )
})
