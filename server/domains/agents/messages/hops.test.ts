import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../test/clock.ts'
import { openHops } from './hops.ts'

test('a chain of answers ends after eight, and a message of a user begins one anew', () => {
  const hops = openHops(fakeClock(0))
  for (let expected = 1; expected <= 8; expected += 1) {
    const [sender, receiver] = expected % 2 === 1 ? ['a', 'b'] : ['b', 'a']
    assert.equal(hops.next(sender), expected)
    hops.heard(receiver ?? '', expected)
  }
  assert.throws(() => hops.next('a'), { code: 'AGENT_002', details: { reason: 'hop_limit', hops: 9 } })
  assert.equal(hops.next(undefined), 1)
})

test('what is sent more than five seconds after the last message is caused by none', () => {
  const clock = fakeClock(0)
  const hops = openHops(clock)
  hops.heard('a', 8)
  clock.advance(5_000)
  assert.throws(() => hops.next('a'))
  clock.advance(1)
  assert.equal(hops.next('a'), 1)
})

test('a short message in between does not make a long chain forgotten', () => {
  const hops = openHops(fakeClock(0))
  hops.heard('a', 8)
  hops.heard('a', 1)
  assert.throws(() => hops.next('a'))
})
