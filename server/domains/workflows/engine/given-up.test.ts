import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage, step } from '../rig.ts'

/** Turns of the microtask queue within which a queued run is claimed and begun once there is room. */
const TURNS = 250

test('a run that is stopped at any moment of its beginning is stopped, and nothing else is', async (t) => {
  const stage = await openStage(t, { limits: { runs_at_once: 1 } })
  stage.script = () => ({ ms: 10 })
  const { id } = await stage.create({ steps: [step('a')] })
  for (let turns = 0; turns < TURNS; turns += 1) {
    const first = await stage.start(id)
    const queued = await stage.start(id)
    await stage.settle(0)
    stage.clock.advance(10)
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    await stage.write(async (tx) => stage.app.workflows.stop(tx, stage.ann.user_id, queued.execution_id))
    await stage.settle()
    const ends = [await stage.look(first.execution_id), await stage.look(queued.execution_id)]
    assert.deepEqual(
      ends.map(({ status }) => status),
      ['completed', 'stopped'],
      `after ${turns} turns`,
    )
  }
})
