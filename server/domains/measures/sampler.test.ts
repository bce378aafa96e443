import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openLog } from '../../kernel/log.ts'
import { openSampler } from './sampler.ts'

function open() {
  const real = fakeClock(0)
  const state = { late_ms: 0, lates: [] as number[], logged: [] as string[] }
  // Whatever holds up the loop makes the timer ring late.
  const clock = { ...real, after: (ms: number, ring: () => void) => real.after(ms + state.late_ms, ring) }
  const log = openLog('error', real, (line) => state.logged.push(line))
  const sampler = openSampler({ clock, log }, { sample: (ms) => state.lates.push(ms) })
  return { clock: real, state, sampler }
}

test('a loop that is held up rings late, and is told by how much', () => {
  const { clock, state, sampler } = open()
  sampler.start()
  clock.advance(4_999)
  assert.deepEqual(state.lates, [])
  state.late_ms = 250
  clock.advance(1)
  clock.advance(5_249)
  assert.deepEqual(state.lates, [0])
  clock.advance(1)
  assert.deepEqual(state.lates, [0, 250])
})

test('one who fails at a sample keeps nobody else from it, nor the next one from coming', () => {
  const { clock, state, sampler } = open()
  let heard = 0
  sampler.onSample(() => {
    throw new Error('It broke.')
  })
  sampler.onSample(() => (heard += 1))
  sampler.start()
  clock.advance(10_000)
  assert.deepEqual([heard, state.logged.length], [2, 2])
  sampler.stop()
  assert.equal(clock.untilNext(), undefined)
})
