import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear } = await openSpeaker()

test('runs of signs in a sentence cost no more than its length', async () => {
  const length = 3_900
  for (const text of [
    `remind me${' '.repeat(length)}x`,
    `remind me${'\t'.repeat(length)}x`,
    `every day at 8${','.repeat(length)}x`,
    `every day at 8${', '.repeat(length / 2)}x`,
    `cancel my${' '.repeat(length)}meeting`,
  ]) {
    const begun = process.cpuUsage()
    await hear(text, text.slice(0, 12))
    const { user } = process.cpuUsage(begun)
    // Minutes where a pattern looks at each run from each of its places.
    assert.ok(user < 3_000_000, `${text.slice(0, 12)}: ${user} µs`)
  }
})
