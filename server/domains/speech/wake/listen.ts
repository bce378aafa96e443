import { join } from '../audio/samples.ts'
import { FRAME_SAMPLES, STEP_MS, STEP_SAMPLES, frameOf } from './features.ts'
import type { Frame } from './features.ts'
import { LOUDNESS_MIN, ROW_NUMBERS, rowsOf, silentFrames } from './rows.ts'
import { align } from './warp.ts'

/** Rows of a recording of the phrase. */
export interface Template {
  rows: Float32Array
  frames: number
}

/** It is looked for so often: four times a syllable is enough. */
const LOOK_FRAMES = 4
/** The phrase may be said so much slower than in the recordings. */
const SLOWER = 1.5

/** How far the last moments are from one template, and how much longer or shorter they were, as a logarithm. */
export interface Nearness {
  distance: number
  stretch: number
}

/** The last moments against each of the templates, in their order. */
export interface Moment {
  at_ms: number
  near: readonly Nearness[]
  /** For so long it has been silent by now, next to what was said before. */
  silent_ms: number
}

/** Cuts a stream of samples into frames and compares its last moments with the templates; it keeps no more than these. */
export class Comparer {
  /** Whether every moment is looked at, those of silence too, to find the one at which the phrase ends. */
  looks_closely = false
  readonly #templates: readonly Template[]
  readonly #kept: number
  #pending = new Int16Array(0)
  #frames: Frame[] = []
  #count = 0

  constructor(templates: readonly Template[]) {
    this.#templates = templates
    this.#kept = Math.ceil(SLOWER * Math.max(...templates.map(({ frames }) => frames)))
  }

  *write(samples: Int16Array): Generator<Moment> {
    const all = join([this.#pending, samples])
    let at = 0
    for (; at + FRAME_SAMPLES <= all.length; at += STEP_SAMPLES) {
      this.#frames.push(frameOf(all.subarray(at, at + FRAME_SAMPLES)))
      if (this.#frames.length > this.#kept) this.#frames.shift()
      this.#count += 1
      if (this.looks_closely || (this.#count % LOOK_FRAMES === 0 && this.#isSpeech()))
        yield {
          at_ms: Math.round(this.#count * STEP_MS),
          near: this.#templates.map((one) => nearness(one, this.#frames)),
          silent_ms: silentFrames(this.#frames) * STEP_MS,
        }
    }
    this.#pending = all.slice(at)
  }

  /** Whether anything was said just now, and for about as long as the phrase takes. */
  #isSpeech(): boolean {
    const shortest = Math.min(...this.#templates.map(({ frames }) => frames))
    if (this.#frames.length < shortest * 0.6) return false
    const loud = this.#frames.filter(({ loudness }) => loudness > LOUDNESS_MIN).length
    return loud > shortest * 0.4
  }
}

function nearness(template: Template, frames: readonly Frame[]): Nearness {
  // The mean is that of about as many frames as it had in the recording.
  const rows = rowsOf(frames, Math.max(0, frames.length - Math.round(template.frames * 1.1)))
  const { distance, from } = align(template.rows, rows, ROW_NUMBERS)
  return { distance, stretch: Math.abs(Math.log((frames.length - from) / template.frames)) }
}

/** What is judged: nearest, mean and farthest distance, and the stretch of the nearest. */
export function measure({ near }: Pick<Moment, 'near'>): number[] {
  const nearest = near.toSorted((a, b) => a.distance - b.distance)
  const mean = near.reduce((sum, { distance }) => sum + distance, 0) / near.length
  return [nearest[0]?.distance ?? 1, mean, nearest.at(-1)?.distance ?? 1, nearest[0]?.stretch ?? 1]
}
