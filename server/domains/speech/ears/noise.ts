import { openWasm } from './wasm.ts'

/** Takes noise out of sound as it comes. */
export interface Denoiser {
  /** What is clean so far: 20 ms later than what came in. */
  write(samples: Int16Array): Int16Array
  /** The rest. */
  end(): Int16Array
  free(): void
}

/** RNNoise works on frames of 10 ms at 48 kHz. */
const FRAME = 480
const FACTOR = 3
/** Taps of the low-pass filter between the rates: flat to 7 kHz, and 50 dB down from 9 kHz. */
const TAPS = 48

/** A windowed sinc that keeps what both rates have. */
const FILTER = Float64Array.from({ length: TAPS * 2 + 1 }, (_, at) => {
  const x = at - TAPS
  const sinc = x === 0 ? 1 : Math.sin((Math.PI * x) / FACTOR) / ((Math.PI * x) / FACTOR)
  const window =
    0.42 + 0.5 * Math.cos((Math.PI * x) / (TAPS + 1)) + 0.08 * Math.cos((2 * Math.PI * x) / (TAPS + 1))
  return (sinc * window) / FACTOR
})

/** Opens RNNoise for one utterance. */
export async function openDenoiser(): Promise<Denoiser> {
  const rnnoise = await openWasm('rnnoise')
  const state = rnnoise.call('rnnoise_create', 0)
  const buffer = rnnoise.call('malloc', FRAME * Float32Array.BYTES_PER_ELEMENT)
  const up = new Filter(FACTOR)
  const down = new Filter(1)
  let waiting = new Float32Array(0)
  let freed = false
  function process(wide: Float32Array): Int16Array {
    const all = new Float32Array(waiting.length + wide.length)
    all.set(waiting)
    all.set(wide, waiting.length)
    const frames = Math.floor(all.length / FRAME)
    const clean = new Float32Array(frames * FRAME)
    for (let frame = 0; frame < frames; frame += 1) {
      // The memory may have moved when it grew, so its view is taken anew.
      new Float32Array(rnnoise.memory(), buffer, FRAME).set(all.subarray(frame * FRAME, (frame + 1) * FRAME))
      rnnoise.call('rnnoise_process_frame', state, buffer, buffer)
      clean.set(new Float32Array(rnnoise.memory(), buffer, FRAME), frame * FRAME)
    }
    waiting = all.slice(frames * FRAME)
    const low = down.run(clean)
    return Int16Array.from({ length: low.length / FACTOR }, (_, at) =>
      Math.max(-32_768, Math.min(32_767, Math.round(low[at * FACTOR] ?? 0))),
    )
  }
  return {
    write(samples) {
      const spread = new Float32Array(samples.length * FACTOR)
      for (const [at, sample] of samples.entries()) spread[at * FACTOR] = sample
      return process(up.run(spread))
    },
    // The filters and a frame hold back less than this.
    end: () => process(up.run(new Float32Array(FRAME * 2))),
    free() {
      if (freed) return
      freed = true
      rnnoise.call('rnnoise_destroy', state)
      rnnoise.call('free', buffer)
    },
  }
}

/** A filter that goes on where it stopped. */
class Filter {
  readonly #gain: number
  #past = new Float32Array(TAPS * 2)
  constructor(gain: number) {
    this.#gain = gain
  }
  run(samples: Float32Array): Float32Array {
    const all = new Float32Array(this.#past.length + samples.length)
    all.set(this.#past)
    all.set(samples, this.#past.length)
    const filtered = new Float32Array(samples.length)
    for (let at = 0; at < samples.length; at += 1) {
      let sum = 0
      for (let tap = 0; tap < FILTER.length; tap += 1) sum += (FILTER[tap] ?? 0) * (all[at + tap] ?? 0)
      filtered[at] = sum * this.#gain
    }
    this.#past = all.slice(samples.length)
    return filtered
  }
}
