import { SAMPLES_MAX, SOUND_BOUNDS } from '../audio/bounds.ts'
import { SAMPLE_RATE, SpeechError } from '../kinds.ts'
import type { Listening, Transcript } from '../kinds.ts'

/** An utterance that is kept whole, for those who take one only as a file, and for those who are asked later. */
export class Recording {
  size = 0
  #samples = new Int16Array(SAMPLE_RATE)

  /** @throws SpeechError when it is longer than any may be. */
  add(samples: Int16Array): void {
    const size = this.size + samples.length
    if (size > SAMPLES_MAX)
      throw new SpeechError('audio', `The recording is longer than ${SOUND_BOUNDS.seconds_max} s.`)
    if (size > this.#samples.length) {
      const wider = new Int16Array(Math.min(SAMPLES_MAX, Math.max(size, 2 * this.#samples.length)))
      wider.set(this.#samples.subarray(0, this.size))
      this.#samples = wider
    }
    this.#samples.set(samples, this.size)
    this.size = size
  }

  samples(): Int16Array {
    return this.#samples.subarray(0, this.size)
  }
}

/** An utterance for an engine that takes it as a whole. */
export function listenWhole(
  signal: AbortSignal,
  ask: (samples: Int16Array) => Promise<Transcript>,
): Listening {
  const recording = new Recording()
  return {
    write: async (samples) => {
      signal.throwIfAborted()
      recording.add(samples)
    },
    end: async () => {
      signal.throwIfAborted()
      return ask(recording.samples())
    },
  }
}
