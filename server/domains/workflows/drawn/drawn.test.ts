import assert from 'node:assert/strict'
import { test } from 'node:test'
import { iso } from '../../../kernel/clock.ts'
import { workflowStore } from '../store.ts'
import type { RunRow, StepRow } from '../store.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'

const DAY = 86_400_000

/** Records runs as if they had taken place, with one step each. */
async function record(
  stage: Stage,
  workflow_id: string,
  count: number,
  more: Partial<RunRow & StepRow> = {},
) {
  const { app, ann, clock, write } = stage
  const { user_id } = ann
  const version = workflowStore.find(app.kernel.store.reader.connection, user_id, workflow_id)?.version ?? 0
  const now = iso(clock.now())
  const times = { created_at: now, started_at: now, ended_at: now }
  await write((tx) => {
    for (let index = 0; index < count; index += 1) {
      const id = app.kernel.id()
      const run = {
        id,
        user_id,
        workflow_id,
        version,
        status: 'completed',
        priority: 'normal',
        depth: 0,
        ...times,
      } as const
      const rest = {
        trigger_data: '12345',
        input: 'null',
        replay_of: null,
        from_step: null,
        once_key: null,
        error: null,
      }
      workflowStore.insertRun(tx.connection, {
        ...run,
        trigger_source: 'webhook',
        ...rest,
        ...without(more, 'result'),
      })
      const done = {
        run_id: id,
        step_id: 'a',
        user_id,
        status: 'completed',
        attempts: 1,
        seq: 1,
        ...times,
      } as const
      const none = {
        input: null,
        error: null,
        execution_id: null,
        wake: null,
        waits_for: null,
        answer: null,
        tries: null,
      }
      workflowStore.putStep(tx.connection, {
        ...done,
        ...none,
        result: '{"n":1}',
        ...picked(more, 'result', 'started_at'),
      })
    }
    return Promise.resolve()
  })
}

function picked<T extends object, K extends keyof T>(of: T, ...names: K[]): Partial<Pick<T, K>> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name as K))) as Partial<
    Pick<T, K>
  >
}
function without<T extends object, K extends keyof T>(of: T, ...names: K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name as K))) as Omit<T, K>
}

const uses = ({ app, ann, clock }: Stage, user_id = ann.user_id, since = clock.now() - DAY) =>
  app.workflows.drawn.uses(user_id, since)

test('runs on several pages are all counted, by what started them and by their steps', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ steps: [step('a')] })
  await record(stage, id, 1_100)
  await record(stage, id, 3, { trigger_source: 'schedule', once_key: null })
  const { starts, steps } = await uses(stage)
  assert.deepEqual(
    starts.map(({ workflow_id, trigger_source, key, uses: count, bytes }) => [
      workflow_id,
      trigger_source,
      key,
      count,
      bytes,
    ]),
    [
      [id, 'schedule', null, 3, 15],
      [id, 'webhook', null, 1_100, 5_500],
    ],
  )
  assert.deepEqual(
    steps.map(({ step_id, uses: count, bytes, definition }) => [
      step_id,
      count,
      bytes,
      definition.steps.length,
    ]),
    [['a', 1_103, 7_721, 1]],
  )
})

test('what was refused started nothing, a replay is no start, and what it was given is not performed', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ steps: [step('a')] })
  await record(stage, id, 1, { started_at: null, status: 'failed' })
  await record(stage, id, 1, { replay_of: 'earlier', trigger_source: 'replay:earlier' })
  assert.deepEqual((await uses(stage)).starts, [])
  const [performed] = (await uses(stage)).steps
  assert.equal(performed?.uses, 1)
})

test('only runs of the user and of the time are counted', async (context) => {
  const stage = await openStage(context)
  const { id } = await stage.create({ steps: [step('a')] })
  const began = stage.clock.now()
  await record(stage, id, 2)
  stage.clock.advance(1_000)
  await record(stage, id, 3)
  const count = async (since: number) => (await uses(stage, stage.ann.user_id, since)).starts[0]?.uses
  assert.deepEqual(
    [await count(began), await count(began + 500), await count(began + 1_500)],
    [5, 3, undefined],
  )
  const bob = await stage.bob()
  assert.deepEqual(await uses(stage, bob.user_id, 0), { starts: [], steps: [] })
})

test('workflows that a user had are told with those that there are, and a state of the ledger is one of them', async (context) => {
  const stage = await openStage(context)
  const { drawn } = stage.app.workflows
  const { user_id } = stage.ann
  const [kept, gone] = [
    await stage.create({ steps: [step('a')] }, 'Kept'),
    await stage.create({ steps: [step('b')] }, 'Gone'),
  ]
  await stage.ask(stage.ann.token, 'workflows.delete', { id: gone.id })
  const names = async (which: 'present' | 'ever') =>
    (await drawn.portraits(user_id, which)).map(({ name, is_deleted }) => `${name} ${is_deleted}`)
  assert.deepEqual(
    [await names('present'), await names('ever')],
    [['Kept false'], ['Kept false', 'Gone true']],
  )
  const [portrait] = await drawn.portraits(user_id, 'present')
  assert.ok(portrait !== undefined && portrait.id === kept.id)
  const definition = { ...portrait.definition, steps: [step('c')] }
  const earlier = drawn.asOf(portrait, { name: 'Earlier', is_active: false, description: '', definition })
  assert.deepEqual(
    [earlier.name, earlier.is_active, earlier.definition.steps[0]?.id],
    ['Earlier', false, 'c'],
  )
})
