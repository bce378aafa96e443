import { SAMPLE_RATE } from '../kinds.ts'

/** Samples of a frame (32 ms) and between two (20 ms): a phone has at least two. */
export const FRAME_SAMPLES = 512
export const STEP_SAMPLES = 320
export const STEP_MS = (STEP_SAMPLES / SAMPLE_RATE) * 1000
/** Numbers of a frame: cepstral coefficients without the first, which is how loud it is. */
export const FRAME_NUMBERS = 12

const BANDS = 26
const LOWEST_HZ = 100
const HIGHEST_HZ = 7000
/** What is added to the energy of a band, that of a very quiet room: silence does not become noise by its logarithm. */
const FLOOR = 3e5

/** One frame: its coefficients, and how loud it is as the logarithm of its energy. */
export interface Frame {
  numbers: Float32Array
  loudness: number
}

const WINDOW = Float64Array.from(
  { length: FRAME_SAMPLES },
  (_, at) => 0.54 - 0.46 * Math.cos((2 * Math.PI * at) / (FRAME_SAMPLES - 1)),
)
const FILTERS = melFilters()
const COSINES = Array.from({ length: FRAME_NUMBERS }, (_, row) =>
  Float64Array.from({ length: BANDS }, (_none, band) =>
    Math.cos((Math.PI * (row + 1) * (band + 0.5)) / BANDS),
  ),
)

/** Mel-frequency cepstral coefficients of one frame of `FRAME_SAMPLES` samples. */
export function frameOf(samples: Int16Array): Frame {
  const real = new Float64Array(FRAME_SAMPLES)
  const imaginary = new Float64Array(FRAME_SAMPLES)
  let before = samples[0] ?? 0
  let energy = 0
  for (let at = 0; at < FRAME_SAMPLES; at += 1) {
    const sample = samples[at] ?? 0
    // Speech falls off with its frequency; this makes its parts about equal.
    real[at] = (sample - 0.97 * before) * (WINDOW[at] ?? 0)
    before = sample
    energy += sample * sample
  }
  transform(real, imaginary)
  const bands = FILTERS.map(({ from, weights }) => {
    let sum = 0
    for (const [index, weight] of weights.entries()) {
      const [re = 0, im = 0] = [real[from + index], imaginary[from + index]]
      sum += weight * (re * re + im * im)
    }
    return Math.log(sum + FLOOR)
  })
  const numbers = Float32Array.from(COSINES, (row) =>
    bands.reduce((sum, band, index) => sum + band * (row[index] ?? 0), 0),
  )
  return { numbers, loudness: Math.log(energy / FRAME_SAMPLES + 1) }
}

/** Frames of a whole recording. */
export function framesOf(samples: Int16Array): Frame[] {
  const frames: Frame[] = []
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += STEP_SAMPLES)
    frames.push(frameOf(samples.subarray(at, at + FRAME_SAMPLES)))
  return frames
}

interface Filter {
  from: number
  weights: Float64Array
}

function toMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700)
}

function toHz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1)
}

/** Triangles of equal width on the scale by which people tell pitches apart. */
function melFilters(): Filter[] {
  const [low, high] = [toMel(LOWEST_HZ), toMel(HIGHEST_HZ)]
  const edges = Array.from({ length: BANDS + 2 }, (_, index) => {
    const hz = toHz(low + ((high - low) * index) / (BANDS + 1))
    return (hz * FRAME_SAMPLES) / SAMPLE_RATE
  })
  return Array.from({ length: BANDS }, (_, band) => {
    const [left = 0, middle = 0, right = 0] = edges.slice(band)
    const from = Math.ceil(left)
    const weights = Float64Array.from({ length: Math.floor(right) - from + 1 }, (_none, index) => {
      const at = from + index
      return Math.max(0, at < middle ? (at - left) / (middle - left) : (right - at) / (right - middle))
    })
    return { from, weights }
  })
}

/** The Fourier transform in place, of a length that is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length
  for (let at = 1, other = 0; at < size; at += 1) {
    let bit = size >> 1
    for (; (other & bit) !== 0; bit >>= 1) other ^= bit
    other ^= bit
    if (at < other) {
      swap(real, at, other)
      swap(imaginary, at, other)
    }
  }
  for (let length = 2; length <= size; length <<= 1) {
    const angle = (-2 * Math.PI) / length
    const half = length >> 1
    for (let step = 0; step < half; step += 1) {
      const [cos, sin] = [Math.cos(angle * step), Math.sin(angle * step)]
      for (let a = step; a < size; a += length) butterfly(real, imaginary, a, a + half, cos, sin)
    }
  }
}

function butterfly(
  real: Float64Array,
  imaginary: Float64Array,
  a: number,
  b: number,
  cos: number,
  sin: number,
): void {
  const [realA = 0, realB = 0, imaginaryA = 0, imaginaryB = 0] = [
    real[a],
    real[b],
    imaginary[a],
    imaginary[b],
  ]
  const re = realB * cos - imaginaryB * sin
  const im = realB * sin + imaginaryB * cos
  real[a] = realA + re
  imaginary[a] = imaginaryA + im
  real[b] = realA - re
  imaginary[b] = imaginaryA - im
}

function swap(values: Float64Array, a: number, b: number): void {
  const [first = 0, second = 0] = [values[a], values[b]]
  values[a] = second
  values[b] = first
}
