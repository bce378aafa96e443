import { SAMPLE_RATE } from '../kinds.ts'
import type { Extent } from '../kinds.ts'
import { openWasm } from './wasm.ts'

/** Finds where somebody speaks. */
export interface Activity {
  /** Whether somebody speaks in each 10 ms that are whole by now. */
  write(samples: Int16Array): boolean[]
  free(): void
}

/** 10 ms, the shortest that the detector takes. */
export const STEP = SAMPLE_RATE / 100
/** Of 0 to 3 the strictness: noise of a room is no speech, and soft speech still is. */
const MODE = 2

/** Opens the voice activity detection of WebRTC for one utterance. */
export async function openActivity(): Promise<Activity> {
  const fvad = await openWasm('fvad')
  const state = fvad.call('fvad_new')
  fvad.call('fvad_set_mode', state, MODE)
  fvad.call('fvad_set_sample_rate', state, SAMPLE_RATE)
  const buffer = fvad.call('malloc', STEP * Int16Array.BYTES_PER_ELEMENT)
  let waiting = new Int16Array(0)
  let freed = false
  return {
    write(samples) {
      const all = new Int16Array(waiting.length + samples.length)
      all.set(waiting)
      all.set(samples, waiting.length)
      const spoken: boolean[] = []
      let at = 0
      for (; at + STEP <= all.length; at += STEP) {
        new Int16Array(fvad.memory(), buffer, STEP).set(all.subarray(at, at + STEP))
        spoken.push(fvad.call('fvad_process', state, buffer, STEP) === 1)
      }
      waiting = all.slice(at)
      return spoken
    },
    free() {
      if (freed) return
      freed = true
      fvad.call('fvad_free', state)
      fvad.call('free', buffer)
    },
  }
}

/**
 * Silence after which speech has ended, by what was said. In 238 prompts of one to four seconds that somebody has read, five
 * pauses were longer than 120 ms and none than 200.
 */
const TRAILING_MS = { whole: 120, lengthen: 200, open: 700 } as const satisfies Record<Extent, number>
/** Nobody speaks for less than this: a click, a breath. */
const SPEECH_MS_MIN = 90
/** What is kept of the silence before speech, since the first sound of a word is soft. */
export const LEAD_MS = 300

/** Tells beginning and end of speech from what the detector says of each 10 ms. */
export class Endpoint {
  #spoken_ms = 0
  #silent_ms = 0
  #begun = false

  /** Takes a step; what it changes. */
  step(spoken: boolean): void {
    this.#silent_ms = spoken ? 0 : this.#silent_ms + 10
    if (spoken) this.#spoken_ms += 10
    else if (!this.#begun && this.#silent_ms > SPEECH_MS_MIN) this.#spoken_ms = 0
    if (this.#spoken_ms >= SPEECH_MS_MIN) this.#begun = true
  }

  get begun(): boolean {
    return this.#begun
  }

  /** Whether it is silent for so long that whoever has said as much has ended. */
  hasEnded(extent: Extent): boolean {
    return this.#begun && this.#silent_ms >= TRAILING_MS[extent]
  }
}
