import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { openStage } from '../../server/domains/workflows/rig.ts'
import { Mishaps } from './mishaps.ts'

/** Runs in `npm test`; by hand, more are asked for. */
const CASES = Number(process.env['PAIOS_MISHAP_CASES'] ?? 40)
const SEED = Number(process.env['PAIOS_MISHAP_SEED'] ?? 3)
const HAPPENINGS = 40
let refused = 0

for (const [index, generate] of fc.sample(fc.gen(), { numRuns: CASES, seed: SEED }).entries())
  test(`case ${index}: runs that are stopped, cut off, held up and refused by the store end once, and no send is repeated`, async (t) => {
    const stage = await openStage(t, { limits: { runs_at_once: 1 + (index % 4) } })
    const mishaps = new Mishaps(stage, generate)
    await mishaps.happen(HAPPENINGS)
    await mishaps.check()
    refused += mishaps.refused
  })

test('the store has refused something in most of the cases', () => {
  assert.ok(refused > CASES / 2, String(refused))
})
