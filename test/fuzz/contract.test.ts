import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzzContract } from './contract.ts'

const RUNS = 100

test('no input breaks an operation: no 5xx, errors in their shape, answers by the contract, a line of audit each', async () => {
  const { violations, requests } = await fuzzContract({ runs: RUNS, seed: 1 })
  assert.deepEqual(violations, [])
  assert.ok(requests > 100 * RUNS, `${requests} requests`)
})
