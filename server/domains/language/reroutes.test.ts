import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPlanner } from '../voice/workflows/rig.ts'

const long = (length: number): string => 'add milk to my list'.padEnd(length, '.')

test('of what was said last, sentences of more than 1,000 characters are not tried on a change', async () => {
  const { ask, signed, say, text } = await openPlanner()
  await say(long(1_000))
  await say(long(1_001))
  await text('turn off agent 4')
  const [off] = (await ask(await signed(), 'system.modifications', {})).modifications
  assert.deepEqual(
    off?.impact.routes.map((one) => one.text),
    [long(1_000)],
  )
})
