import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { BOUNDS } from './bounds.ts'
import { Breaker } from './breaker.ts'
import type { Outcome } from './breaker.ts'

function open() {
  const clock = fakeClock(0)
  const breaker = new Breaker(BOUNDS, clock)
  const see = (...outcomes: Outcome[]): void => {
    for (const outcome of outcomes) breaker.enter('a:1')(outcome)
  }
  return { clock, breaker, see }
}

/** Seconds after which the refusal says to come back. */
function refused(breaker: Breaker): number | undefined {
  try {
    breaker.enter('a:1')('unknown')
    return undefined
  } catch (error) {
    assert.ok(error instanceof Fault && error.code === 'AGENT_002' && error.message.includes('a:1'))
    return error.retry_after_s
  }
}

test('five failures in a row leave a host alone for thirty seconds, and no other host', () => {
  const { clock, breaker, see } = open()
  see('failed', 'failed', 'failed', 'failed', 'unknown')
  assert.equal(refused(breaker), undefined)
  see('failed')
  assert.equal(refused(breaker), 30)
  assert.equal(breaker.isOpen('a:1'), true)
  assert.equal(breaker.isOpen('a:2'), false)
  clock.advance(29_001)
  assert.equal(refused(breaker), 1)
  clock.advance(999)
  assert.equal(breaker.isOpen('a:1'), false)
})

test('one that worked in between starts the count anew', () => {
  const { breaker, see } = open()
  see('failed', 'failed', 'failed', 'failed', 'worked', 'failed', 'failed', 'failed', 'failed')
  assert.equal(refused(breaker), undefined)
})

test('after the rest one goes ahead: the others follow if it worked, and wait again if it failed', () => {
  const { clock, breaker, see } = open()
  see('failed', 'failed', 'failed', 'failed', 'failed')
  clock.advance(30_000)
  const failing = breaker.enter('a:1')
  assert.equal(refused(breaker), 1)
  failing('failed')
  assert.equal(refused(breaker), 30)
  clock.advance(30_000)
  const working = breaker.enter('a:1')
  assert.equal(refused(breaker), 1)
  working('worked')
  assert.equal(refused(breaker), undefined)
})

test('one that goes ahead and is broken off leaves its place to the next', () => {
  const { clock, breaker, see } = open()
  see('failed', 'failed', 'failed', 'failed', 'failed')
  clock.advance(30_000)
  breaker.enter('a:1')('unknown')
  const next = breaker.enter('a:1')
  assert.equal(refused(breaker), 1)
  next('failed')
  assert.equal(refused(breaker), 30)
})

test('of more than a thousand failing hosts the one that failed first is forgotten', () => {
  const { breaker } = open()
  for (let failures = 0; failures < 5; failures += 1)
    for (let host = 0; host < 1_000; host += 1) breaker.enter(`h:${host}`)('failed')
  assert.equal(breaker.isOpen('h:0'), true)
  breaker.enter('more:1')('failed')
  assert.deepEqual([breaker.isOpen('h:0'), breaker.isOpen('h:1')], [false, true])
})
