import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chance } from './model.ts'
import { Series } from './series.ts'

/** Changes in all; a thousand for the long form. */
const CHANGES = Number(process.env['PAIOS_CHANGE_RUNS'] ?? 150)
const SEED = Number(process.env['PAIOS_CHANGE_SEED'] ?? 1)
const PER_SERIES = 50

function shuffled<T>(all: readonly T[], seed: number): T[] {
  const chosen = chance(seed)
  return all
    .map((one) => [chosen.below(1e9), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)
}

for (let seed = SEED; seed < SEED + Math.ceil(CHANGES / PER_SERIES); seed += 1) {
  test(`whatever is changed and taken back in whatever order, the server is as the model says (seed ${seed})`, async (context) => {
    const series = await Series.open(seed)
    context.after(() => series.close())
    for (let made = 0; made < PER_SERIES;) {
      const before = series.tally.changes
      await series.change()
      made += series.tally.changes - before
      if (series.chosen.below(10) === 0) await series.undo(series.chosen.below(2) === 0 ? 'rest' : 'sentence')
      if (series.chosen.below(12) === 0) await series.rollBack(series.chosen.of(series.model.changes))
    }
    await series.compareList()
    const undone = []
    for (const [index, change] of shuffled(series.model.changes, seed).entries()) {
      const rollback = await series.rollBack(change)
      if (rollback !== undefined) undone.push(rollback)
      if (index % 20 === 0) await series.compareList()
    }
    await series.steps(3)
    for (const change of shuffled(undone, seed + 1)) await series.rollBack(change)
    for (let turn = 0; turn < 5; turn += 1) await series.undo(turn % 2 === 0 ? 'rest' : 'sentence')
    await series.steps(2)
    await series.steps(20)
    await series.compareList()
    context.diagnostic(`seed ${seed}: ${JSON.stringify(series.tally)}`)
    const { rollbacks, conflicts, same_states } = series.tally
    assert.ok(rollbacks > 20 && conflicts > 10 && same_states > 1, JSON.stringify(series.tally))
  })
}
