import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../../../kernel/fault.ts'
import { openStage, step } from '../rig.ts'
import type { Stage } from '../rig.ts'
import { begun, own, pass, retrying, statuses } from './rig.ts'

const FULL = new Fault('SERVICE_UNAVAILABLE', 'The disk is full.', { reason: 'disk_full' })

/** Has the store refuse the next writes. */
function refusing({ app: { kernel } }: Stage, error: Error = FULL): (times: number) => void {
  const { store } = kernel
  const write = store.write.bind(store)
  let left = 0
  const refused = (work: Parameters<typeof write>[0]): Promise<unknown> => {
    if (left === 0) return write(work)
    left -= 1
    return Promise.reject(error)
  }
  Object.assign(store, { write: refused })
  return (times) => {
    left = times
  }
}

const OPEN = `SELECT id FROM executions WHERE status IN ('queued', 'executing')`

for (const [times, error, wanted] of [
  [1, FULL, 'completed'],
  [3, FULL, 'completed'],
  [8, FULL, 'unknown'],
  [1, new Error('database is locked'), 'completed'],
  [8, new Error('database is locked'), 'unknown'],
] as const)
  test(`what was sent before the store refused ${times} writes (${error.message}) is sent once, and ${wanted}`, async (t) => {
    const stage = await openStage(t)
    const refuse = refusing(stage, error)
    stage.script = (_id, attempt) => {
      if (attempt === 1) refuse(times)
      return {}
    }
    const { id } = await begun(stage, { steps: [step('a', { action: 'send' })], ...retrying(3, 1_000) })
    await stage.settle()
    const { connection } = stage.app.kernel.store.reader
    assert.deepEqual([stage.performed, connection.all(OPEN, []).length], [['a.1'], 0])
    assert.deepEqual(statuses(await stage.look(id)), { a: wanted })
  })

test('what was sent is completed although a look at its run is refused just then', async (t) => {
  const stage = await openStage(t)
  const refuse = refusing(stage)
  stage.script = () => ({ ms: 1_000 })
  const { id } = await begun(stage, {
    steps: [
      step('a', { action: 'send', depends_on: [] }),
      own('v', 'wait', { seconds: 1.05 }, { depends_on: [] }),
    ],
  })
  await pass(stage, 999)
  refuse(2)
  for (const ms of [1, 60]) await pass(stage, ms)
  await stage.settle()
  assert.deepEqual(statuses(await stage.look(id)), { a: 'completed', v: 'completed' })
})

test('a run that is stopped before it is tried again stays stopped', async (t) => {
  const stage = await openStage(t)
  const refuse = refusing(stage)
  stage.script = (id) => ({ ms: id === 'a' ? 100_000 : 5 })
  const { id } = await begun(stage, {
    steps: [
      step('a', { action: 'send', depends_on: [], timeout_ms: 200_000 }),
      own('w', 'wait_for_event', { event: 'agent:execution_completed' }, { depends_on: [] }),
      own('v', 'wait', { seconds: 1 }, { depends_on: [] }),
    ],
  })
  refuse(1)
  await pass(stage, 1_000)
  await stage.ask(stage.ann.token, 'workflows.stop', { id })
  await stage.settle()
  const { status, error } = await stage.look(id)
  assert.deepEqual([status, error], ['stopped', 'It was stopped.'])
})
