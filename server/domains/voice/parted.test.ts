import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSpeaker } from './rig.ts'

const { hear } = await openSpeaker()

/** Microseconds of the processor that a sentence takes, the least of some tries. */
async function costOf(text: string): Promise<number> {
  const costs: number[] = []
  for (let tries = 0; tries < 3; tries += 1) {
    const begun = process.cpuUsage()
    await hear(text, `${text.slice(0, 12)} ${tries}`)
    costs.push(process.cpuUsage(begun).user)
  }
  return Math.min(...costs)
}

test('runs of signs in a sentence cost little more than as many words', async () => {
  const length = 3_900
  const words = await costOf(`remind me ${'words '.repeat(length / 6)}x`)
  for (const text of [
    `remind me${' '.repeat(length)}x`,
    `remind me${'\t'.repeat(length)}x`,
    `every day at 8${','.repeat(length)}x`,
    `every day at 8${', '.repeat(length / 2)}x`,
    `cancel my${' '.repeat(length)}meeting`,
  ]) {
    const ratio = (await costOf(text)) / words
    // Where a pattern looks at each run from each of its places it is hundreds of times as much.
    assert.ok(ratio < 40, `${text.slice(0, 12)}: ${ratio.toFixed(1)} times`)
  }
})
