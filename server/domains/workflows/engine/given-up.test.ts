import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openStage, step } from '../rig.ts'

/** Turns of the microtask queue, from the end of one run on, within which the next one is claimed and begun. */
const TURNS = 160

test('a run that is stopped at any moment of its beginning is stopped, however busy the store is', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 10 })
  const { id } = await stage.create({ steps: [step('a')] })
  for (let turns = 0; turns < TURNS; turns += 1) {
    const first = await stage.start(id)
    const queued = await stage.start(id)
    await stage.settle(0)
    stage.clock.advance(10)
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    const { user_id } = stage.ann
    const stopped = stage.write(async (tx) => stage.app.workflows.stop(tx, user_id, queued.execution_id))
    await Promise.all([stopped, stage.write(() => nextTurn())])
    await stage.settle()
    const ends = [await stage.look(first.execution_id), await stage.look(queued.execution_id)]
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['completed', 'stopped'],
      `after ${turns} turns`,
    )
  }
})
