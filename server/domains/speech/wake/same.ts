import { FRAME_SAMPLES, STEP_SAMPLES, framesOf } from './features.ts'
import { trimmed } from './rows.ts'

/** How much two recordings have in common at most: of two times that somebody says it, no wave is like the other. */
const COMMON_MAX = 0.8
/** One sample in so many tells as much as all of them. */
const EACH = 4

/** Whether one of two recordings is a copy of the other: cut elsewhere, louder, coded otherwise or with noise in it. */
export function isCopy(one: Int16Array, other: Int16Array): boolean {
  const [a, b] = [speechOf(one), speechOf(other)]
  for (let shift = -STEP_SAMPLES; shift <= STEP_SAMPLES; shift += 1)
    if (common(a, b, shift) > COMMON_MAX) return true
  return false
}

function speechOf(recording: Int16Array): Float32Array {
  const frames = framesOf(recording)
  const speech = trimmed(frames)
  const [first] = speech
  const from = first === undefined ? 0 : frames.indexOf(first) * STEP_SAMPLES
  const said = recording.subarray(from, from + speech.length * STEP_SAMPLES + FRAME_SAMPLES)
  // What a microphone adds to every sample is not what two recordings have in common.
  const mean = said.reduce((sum, sample) => sum + sample, 0) / Math.max(1, said.length)
  return Float32Array.from(said, (sample) => sample - mean)
}

/** The cosine of two waves, the one so many samples later than the other. */
function common(a: Float32Array, b: Float32Array, shift: number): number {
  let [both, inA, inB] = [0, 0, 0]
  for (let at = 0; at < Math.max(a.length, b.length); at += EACH) {
    const [x, y] = [a[at] ?? 0, b[at + shift] ?? 0]
    both += x * y
    inA += x * x
    inB += y * y
  }
  // A microphone may turn the wave over.
  return Math.abs(both) / (Math.sqrt(inA * inB) || 1)
}
