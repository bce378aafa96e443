import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { Fault } from '../../kernel/fault.ts'
import { BOUNDS } from './bounds.ts'
import { Breaker } from './breaker.ts'
import type { Outcome } from './breaker.ts'

const way = (host = 'a:1', user_id = 'ann') => ({ user_id, host })

function open() {
  const clock = fakeClock(0)
  const breaker = new Breaker(BOUNDS, clock)
  const see = (...outcomes: Outcome[]): void => {
    for (const outcome of outcomes) breaker.enter(way())(outcome)
  }
  return { clock, breaker, see }
}

/** Seconds after which the refusal says to come back. */
function refused(breaker: Breaker, user_id = 'ann'): number | undefined {
  try {
    breaker.enter(way('a:1', user_id))('unknown')
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
  assert.equal(breaker.isOpen(way()), true)
  assert.equal(breaker.isOpen(way('a:2')), false)
  clock.advance(29_001)
  assert.equal(refused(breaker), 1)
  clock.advance(999)
  assert.equal(breaker.isOpen(way()), false)
})

test('a host that answers that it cannot is left alone after twenty times, and a failure counts for four of them', () => {
  const { breaker, see } = open()
  see(...Array<Outcome>(19).fill('busy'))
  assert.equal(refused(breaker), undefined)
  see('busy')
  assert.equal(refused(breaker), 30)
  const mixed = open()
  mixed.see('failed', 'failed', 'failed', 'failed', 'busy', 'busy', 'busy')
  assert.equal(refused(mixed.breaker), undefined)
  mixed.breaker.enter(way())('busy', 'answered 503')
  assert.throws(() => mixed.breaker.enter(way()), {
    message: 'a:1 failed 8 times in a row and is left alone for 30 s; last: it answered 503.',
  })
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
  const failing = breaker.enter(way())
  assert.equal(refused(breaker), 1)
  failing('failed')
  assert.equal(refused(breaker), 30)
  clock.advance(30_000)
  const working = breaker.enter(way())
  assert.equal(refused(breaker), 1)
  working('worked')
  assert.equal(refused(breaker), undefined)
})

test('one that goes ahead and is broken off leaves its place to the next', () => {
  const { clock, breaker, see } = open()
  see('failed', 'failed', 'failed', 'failed', 'failed')
  clock.advance(30_000)
  breaker.enter(way())('unknown')
  const next = breaker.enter(way())
  assert.equal(refused(breaker), 1)
  next('failed')
  assert.equal(refused(breaker), 30)
})

test('one that began before the rest and fails while another tries does not leave the host alone for ever', () => {
  const { clock, breaker, see } = open()
  const slow = breaker.enter(way())
  see('failed', 'failed', 'failed', 'failed', 'failed')
  clock.advance(30_000)
  const trial = breaker.enter(way())
  slow('failed')
  trial('failed')
  assert.equal(refused(breaker), 30)
  clock.advance(30_000)
  breaker.enter(way())('worked')
  assert.equal(refused(breaker), undefined)
})

test('a host that one user finds failing is shut for that user alone, and one that works for another opens nothing', () => {
  const { clock, breaker, see } = open()
  see('failed', 'failed', 'failed', 'failed', 'failed')
  assert.deepEqual([refused(breaker), refused(breaker, 'bob')], [30, undefined])
  breaker.enter(way('a:1', 'bob'))('worked')
  assert.deepEqual([breaker.isOpen(way()), breaker.isOpen(way('a:1', 'bob'))], [true, false])
  clock.advance(30_000)
  const trial = breaker.enter(way())
  assert.deepEqual([refused(breaker), refused(breaker, 'bob')], [1, undefined])
  trial('unknown')
})

test('of more than ten thousand circuits the one that failed first is forgotten', () => {
  const { breaker } = open()
  for (let failures = 0; failures < 5; failures += 1)
    for (let host = 0; host < 10_000; host += 1) breaker.enter(way(`h:${host}`))('failed')
  assert.equal(breaker.isOpen(way('h:0')), true)
  breaker.enter(way('more:1'))('failed')
  assert.deepEqual([breaker.isOpen(way('h:0')), breaker.isOpen(way('h:1'))], [false, true])
})
