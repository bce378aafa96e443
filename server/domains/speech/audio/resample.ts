import { SAMPLE_RATE } from '../kinds.ts'

/** Zero crossings of the sinc on each side, and the shape of its Kaiser window: 80 dB down above the new Nyquist. */
const CROSSINGS = 32
const BETA = 8
/** Where the filter has fallen by half, of the lower Nyquist frequency: 6.8 kHz pass and 8 kHz don't. */
const CUTOFF = 0.925
/** Filters for positions between two samples. Every usual rate needs fewer; odd ones take the nearest. */
const PHASES_MAX = 1024

/** Brings samples to the rate inside the server, as they come. */
export class Resampler {
  readonly #rate: number
  readonly #half: number
  readonly #scale: number
  readonly #phases: number
  readonly #filters = new Map<number, Float32Array>()
  /** Input from `#first` on, as far as it is still needed; what lies before the beginning is silence. */
  #held: Float32Array
  #first: number
  #taken = 0
  #given = 0

  constructor(rate: number) {
    this.#rate = rate
    this.#scale = CUTOFF * Math.min(1, SAMPLE_RATE / rate)
    this.#half = Math.ceil(CROSSINGS / this.#scale)
    this.#phases = Math.min(SAMPLE_RATE / commonDivisor(rate, SAMPLE_RATE), PHASES_MAX)
    this.#held = new Float32Array(this.#half)
    this.#first = -this.#half
  }

  push(samples: Float32Array): Float32Array {
    this.#taken += samples.length
    if (this.#rate === SAMPLE_RATE) return samples
    const held = new Float32Array(this.#held.length + samples.length)
    held.set(this.#held)
    held.set(samples, this.#held.length)
    this.#held = held
    const last = this.#first + held.length - this.#half
    return this.#give(Math.max(0, Math.ceil((last * SAMPLE_RATE) / this.#rate)))
  }

  /** What is left when nothing more comes. */
  end(): Float32Array {
    if (this.#rate === SAMPLE_RATE) return new Float32Array()
    const total = Math.ceil((this.#taken * SAMPLE_RATE) / this.#rate)
    this.#held = Float32Array.from(
      { length: this.#held.length + this.#half + 1 },
      (_, at) => this.#held[at] ?? 0,
    )
    return this.#give(total)
  }

  /** Samples of the output up to one that is left for later. */
  #give(end: number): Float32Array {
    const out = new Float32Array(Math.max(0, end - this.#given))
    const held = this.#held
    for (let index = 0; index < out.length; index += 1) {
      const at = ((this.#given + index) * this.#rate) / SAMPLE_RATE
      const step = Math.round((at - Math.floor(at)) * this.#phases)
      const phase = step % this.#phases
      const from = Math.floor(at) + (step === this.#phases ? 1 : 0) - this.#half + 1 - this.#first
      const filter = this.#filter(phase)
      let sum = 0
      for (let tap = 0; tap < filter.length; tap += 1) sum += (filter[tap] ?? 0) * (held[from + tap] ?? 0)
      out[index] = sum
    }
    this.#given += out.length
    const needed = Math.floor((this.#given * this.#rate) / SAMPLE_RATE) - this.#half
    if (needed > this.#first) {
      this.#held = this.#held.slice(needed - this.#first)
      this.#first = needed
    }
    return out
  }

  /** Weights of the samples around a position that lies `phase` parts behind one of them; their sum is 1. */
  #filter(phase: number): Float32Array {
    const known = this.#filters.get(phase)
    if (known !== undefined) return known
    const filter = Float32Array.from({ length: 2 * this.#half }, (_, tap) => {
      const distance = tap - this.#half + 1 - phase / this.#phases
      return sinc(distance * this.#scale) * kaiser(distance / this.#half)
    })
    const sum = filter.reduce((all, weight) => all + weight, 0)
    const even = filter.map((weight) => weight / sum)
    this.#filters.set(phase, even)
    return even
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA)
}

/** Modified Bessel function of the first kind and order zero, by its series, which has settled by 40 terms. */
function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let n = 1; n <= 40; n += 1) {
    term *= (x / 2 / n) ** 2
    sum += term
  }
  return sum
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
