import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { killServers } from './workflow-kill.ts'

/** Those of the torture are 200. */
const KILLS = 12
/** Of these, at a commit instead of at a random time. */
const COUNTED = 2
const folder = mkdtempSync(join(tmpdir(), 'paios-workflow-kill-'))
after(() => rmSync(folder, { recursive: true }))

test(`${KILLS} kills of the process lose no run, change no outcome and repeat nothing that was sent`, async (t) => {
  const figures = await killServers(folder, { seed: 1, kills: KILLS, counted: COUNTED })
  t.diagnostic(JSON.stringify(figures))
  assert.deepEqual(figures.violations, [])
  assert.equal(figures.kills, KILLS)
  assert.equal(figures.steps, figures.runs * 30)
  assert.ok(figures.acknowledged > 0)
})
