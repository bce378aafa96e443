import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { crashRepeatedly, drawPoints } from './workflow-crash.ts'
import type { WorkflowDefect } from './workflow-defects.ts'
import type { WorkflowFigures } from './workflow-series.ts'

/** Those of the torture are 500. */
const KILLS = 60
/** Kills among which a planted defect must show. */
const DEFECT_KILLS_MAX = 20
const folder = mkdtempSync(join(tmpdir(), 'paios-workflow-'))
after(() => rmSync(folder, { recursive: true }))

function said(figures: WorkflowFigures): string {
  return JSON.stringify({ ...figures, violations: figures.violations.length })
}

test(`${KILLS} kills at commits of runs lose no run, change no outcome and repeat nothing that was sent`, async (t) => {
  const figures = await crashRepeatedly(join(folder, 'graph'), {
    seed: 1,
    workflow: 'graph',
    together: 2,
    pointOf: drawPoints(KILLS, 1),
  })
  t.diagnostic(said(figures))
  assert.deepEqual(figures.violations, [])
  assert.equal(figures.kills, KILLS)
  assert.equal(figures.steps, figures.runs * 30)
  assert.ok(figures.runs >= figures.acknowledged && figures.acknowledged > 10, said(figures))
  assert.ok(figures.unknown > 0 && figures.again > 0, said(figures))
})

test('R-009: a workflow of 10 steps, killed before and after each of its commits, goes on and does no step twice', async (t) => {
  const figures = await crashRepeatedly(join(folder, 'list'), {
    seed: 1,
    workflow: 'list',
    together: 1,
    singly: true,
    pointOf: (life) => ({
      commit: 1 + Math.floor(life / 2),
      when: life % 2 === 0 ? 'before' : 'after',
    }),
  })
  t.diagnostic(said(figures))
  assert.deepEqual(figures.violations, [])
  // One more run than kills: the one that ended before the commit at which it was to be killed.
  assert.deepEqual([figures.runs, figures.steps], [figures.kills + 1, figures.runs * 10])
  // The start, the beginning of what is sent, and each step.
  assert.ok(figures.kills >= 2 * 12, said(figures))
})

const PLANTED: readonly (readonly [defect: WorkflowDefect, found: RegExp])[] = [
  ['unbegun', /made 1 requests in 0 to 0 attempts|made 2 requests/],
  [
    'rerun',
    /was completed at \S+, and is (?:completed|executing)|was done 2 times|made 1 requests in 0 to 0/,
  ],
  ['held', /^seed 2, process \d+: \d+ runs do not end$/],
]
for (const [defect, found] of PLANTED) {
  test(`kills of the server find the defect "${defect}"`, async () => {
    const { violations } = await crashRepeatedly(join(folder, defect), {
      seed: 2,
      workflow: 'graph',
      together: 2,
      pointOf: drawPoints(DEFECT_KILLS_MAX, 2),
      defect,
      patience_ms: 3_000,
    })
    assert.match(violations[0] ?? 'nothing', found)
  })
}
