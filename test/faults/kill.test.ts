import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { killRepeatedly } from './kill.ts'

/** Those of the torture are 200. */
const KILLS = 8
const folder = mkdtempSync(join(tmpdir(), 'paios-kill-'))
after(() => rmSync(folder, { recursive: true }))

test(`${KILLS} kills of a server under mixed writes lose nothing acknowledged and leave no halves`, async (t) => {
  const figures = await killRepeatedly(folder, KILLS, 1)
  const largest = Math.round(Math.max(...figures.restarts_ms))
  t.diagnostic(`${figures.restarts_ms.length} restarts, the longest ${largest} ms; ${figures.claims} claims`)
  assert.deepEqual(figures.violations, [])
  assert.equal(figures.kills, KILLS)
  assert.ok(figures.claims > 0)
})
