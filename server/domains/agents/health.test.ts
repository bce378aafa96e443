import assert from 'node:assert/strict'
import { test } from 'node:test'
import { healthScore, remember } from './health.ts'

test('an agent that has done nothing, or nothing wrong, is at 100', () => {
  assert.equal(healthScore(''), 100)
  assert.equal(healthScore('s'.repeat(20)), 100)
})

test('a failure now weighs more than the same failure before', () => {
  assert.ok(healthScore('ssssf') < healthScore('fssss'))
  assert.equal(healthScore('fff'), 0)
})

test('time-outs cost more than failures', () => {
  assert.ok(healthScore('sst') < healthScore('ssf'))
})

test('only the last 20 count', () => {
  const outcomes = `${'f'.repeat(5)}${'s'.repeat(20)}`
    .split('')
    .reduce((kept, one) => remember(kept, one as 's' | 'f'), '')
  assert.equal(healthScore(outcomes), 100)
})
