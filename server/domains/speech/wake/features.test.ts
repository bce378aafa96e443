import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FRAME_SAMPLES, STEP_SAMPLES, frameOf, framesOf } from './features.ts'
import { ROW_NUMBERS, rowsOf, trimmed } from './rows.ts'

/** A buzz with two louder regions, as vowels have. */
function vowel(length: number, formants: readonly number[], level = 0.02): Int16Array {
  return Int16Array.from({ length }, (_, at) => {
    let sum = 0
    for (let hz = 120; hz < 7000; hz += 120) {
      const loud = formants.reduce((total, formant) => total + 1 / (1 + ((hz - formant) / 120) ** 2), 0.01)
      sum += loud * Math.sin((2 * Math.PI * hz * at) / 16_000)
    }
    return Math.round(sum * level * 32_767)
  })
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)))

test('a sound has the same numbers when it is softer, and others when it is another vowel', () => {
  const a = frameOf(vowel(FRAME_SAMPLES, [700, 1200]))
  const soft = frameOf(vowel(FRAME_SAMPLES, [700, 1200], 0.005))
  const i = frameOf(vowel(FRAME_SAMPLES, [300, 2300]))
  assert.ok(distance(a.numbers, soft.numbers) * 5 < distance(a.numbers, i.numbers))
  assert.ok(Math.abs(a.loudness - soft.loudness - 2 * Math.log(4)) < 0.05)
})

test('silence has numbers too, and a recording as many frames as fit in', () => {
  const frame = frameOf(new Int16Array(FRAME_SAMPLES))
  assert.ok(frame.numbers.every((number) => Math.abs(number) < 1e-3))
  assert.equal(frame.loudness, 0)
  for (const [samples, frames] of [
    [0, 0],
    [FRAME_SAMPLES - 1, 0],
    [FRAME_SAMPLES, 1],
    [FRAME_SAMPLES + STEP_SAMPLES, 2],
  ] as const)
    assert.equal(framesOf(new Int16Array(samples)).length, frames)
})

test('rows have the length 1, and silence around speech is cut off', () => {
  const speech = vowel(STEP_SAMPLES * 10, [700, 1200])
  const recording = new Int16Array(STEP_SAMPLES * 40)
  recording.set(speech, STEP_SAMPLES * 20)
  const frames = trimmed(framesOf(recording))
  assert.ok(frames.length >= 9 && frames.length <= 12, `${frames.length}`)
  const rows = rowsOf(frames)
  assert.equal(rows.length, frames.length * ROW_NUMBERS)
  for (let at = 0; at < rows.length; at += ROW_NUMBERS)
    assert.ok(Math.abs(Math.hypot(...rows.subarray(at, at + ROW_NUMBERS)) - 1) < 1e-4)
  assert.deepEqual(trimmed([]), [])
})
