import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStage } from '../rig.ts'

test('a wait that is over when it begins is told once, before what follows from it', async (t) => {
  const stage = await openStage(t)
  for (const parameters of [{ seconds: 0 }, { until: '2020-01-01T00:00:00Z' }]) {
    const { execution_id, status, steps } = await stage.run({
      steps: [
        { id: 'pause', agent_number: 0, action: 'wait', parameters },
        { id: 'never', agent_number: 0, action: 'set', parameters: { value: 1 }, condition: 'false' },
        { id: 'after', agent_number: 0, action: 'set', parameters: { value: 2 } },
      ],
    })
    const told = (await stage.told())
      .filter(({ name }) => name === 'workflow:step_completed')
      .map(({ data }) => data as { execution_id: string; step_id: string; status: string })
      .filter((data) => data.execution_id === execution_id)
    assert.deepEqual(
      told.map((data) => `${data.step_id} ${data.status}`),
      ['pause completed', 'never skipped', 'after completed'],
    )
    assert.deepEqual([status, steps[0]?.attempts], ['completed', 1])
  }
})
