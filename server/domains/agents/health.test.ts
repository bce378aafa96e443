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

test('the score is the weighted success rate, less up to a half for time-outs', () => {
  const scores: readonly (readonly [string, number])[] = [
    ['s', 100],
    ['f', 0],
    ['t', 0],
    ['sf', 33],
    ['fs', 67],
    ['ts', 50],
    ['st', 25],
    ['sss', 100],
    [`${'f'.repeat(10)}${'s'.repeat(10)}`, 74],
  ]
  for (const [outcomes, score] of scores) assert.equal(healthScore(outcomes), score, outcomes)
})

test('what was refused is not remembered', () => {
  assert.equal(remember('sf', 'r'), 'sf')
  assert.equal(remember('', 'r'), '')
})

test('the oldest outcome is the one that is forgotten', () => {
  assert.equal(remember('', 't'), 't')
  assert.equal(remember(`f${'s'.repeat(19)}`, 't'), `${'s'.repeat(19)}t`)
})
