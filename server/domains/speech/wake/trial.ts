import { SAMPLE_RATE } from '../kinds.ts'
import type { WakeModel, WakeTrial } from './kinds.ts'
import { openPhrase } from './phrase.ts'
import { SPEEDS, atSpeed, heldOut, learn } from './train.ts'
import type { Study } from './train.ts'

/** A pause behind it, in which it is certain that the phrase has ended. */
const QUIET = SAMPLE_RATE / 2

/** Tries one recording, as it is, faster and slower, with what is learnt from the others; `before` listened for it before. */
export function tryOne(
  word: string,
  study: Study,
  place: number,
  before: WakeModel | undefined,
): Pick<WakeTrial, 'tried' | 'hits' | 'hits_before'> {
  const model = learn(word, heldOut(study, place))
  const recording = study.recordings[place] ?? new Int16Array(0)
  const said = SPEEDS.map((speed) => padded(atSpeed(recording, speed)))
  const wakes = (by: WakeModel): number => said.filter((samples) => countOf(by, samples) > 0).length
  return { tried: said.length, hits: wakes(model), hits_before: before === undefined ? 0 : wakes(before) }
}

/** How often other speech wakes it. */
export function tryOthers(
  model: WakeModel,
  speech: readonly Int16Array[],
): Pick<WakeTrial, 'other_seconds' | 'false_alarms'> {
  const samples = speech.reduce((sum, { length }) => sum + length, 0)
  return {
    other_seconds: Math.round(samples / SAMPLE_RATE),
    false_alarms: speech.reduce((sum, one) => sum + countOf(model, one), 0),
  }
}

function countOf(model: WakeModel, samples: Int16Array): number {
  const wake = openPhrase(model)
  let count = 0
  for (let at = 0; at < samples.length; at += SAMPLE_RATE / 4)
    if (wake.write(samples.subarray(at, at + SAMPLE_RATE / 4)) !== undefined) count += 1
  wake.close()
  return count
}

/** With silence around it as in a stream. */
function padded(samples: Int16Array): Int16Array {
  const all = new Int16Array(samples.length + 2 * QUIET)
  all.set(samples, QUIET)
  return all
}
