import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../../../test/clock.ts'
import { Partials } from './partials.ts'

test('bits that come soon after each other are told as one, and of one utterance no more than a minute of them', () => {
  const clock = fakeClock(0)
  const told: string[] = []
  const partials = new Partials(clock, ({ text }) => told.push(text))
  for (const bit of ['one ', 'two ', 'three']) partials.add(bit)
  assert.deepEqual(told, ['one'])
  clock.advance(200)
  assert.deepEqual(told, ['one', 'one two three'])
  // Nothing came, so nothing is told again.
  clock.advance(10_000)
  assert.equal(told.length, 2)
  for (let round = 0; round < 1_000; round += 1) {
    partials.add('x')
    clock.advance(200)
  }
  assert.equal(told.length, 300)
  partials.close()
  assert.equal(clock.untilNext(), undefined)
})
