import type { Calibration } from './model.ts'

/** A text that was held out of training: the scores it got, and which of them belongs to its label; -1 for none. */
export interface HeldOut {
  readonly scores: Float64Array
  readonly label: number
  /** How much it looks like something known; see `scopeSignal`. */
  readonly signal: number
}

const SHARPNESSES = [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 14]
const STEPS = 200
const RATE = 0.5

/** Fits the calibration to texts that the scores had not been trained on. */
export function calibrate(held: readonly HeldOut[]): Calibration {
  const inScope = held.filter(({ label }) => label >= 0)
  const likelihood = (sharpness: number) =>
    inScope.reduce(
      (sum, { scores, label }) => sum + Math.log(Math.max(1e-9, softmax(scores, sharpness)[label] ?? 0)),
      0,
    )
  const sharpness = SHARPNESSES.reduce((best, one) => (likelihood(one) > likelihood(best) ? one : best))
  return { sharpness, ...fitScope(held) }
}

/** Logistic regression of in scope against out of scope on one signal, both sides weighing the same. */
function fitScope(held: readonly HeldOut[]): Pick<Calibration, 'scope_slope' | 'scope_middle'> {
  const inside = held.filter(({ label }) => label >= 0).map(({ signal }) => signal)
  const outside = held.filter(({ label }) => label < 0).map(({ signal }) => signal)
  if (outside.length === 0) {
    // Nothing is known of what is out of scope: what is stranger than all but 5 % of the known texts is doubtful.
    const sorted = inside.toSorted((a, b) => a - b)
    return { scope_slope: 8, scope_middle: sorted[Math.floor(sorted.length / 20)] ?? 0 }
  }
  let slope = 4
  let offset = 0
  for (let step = 0; step < STEPS; step += 1) {
    let slopeGradient = 0
    let offsetGradient = 0
    for (const [signals, wanted] of [
      [inside, 1],
      [outside, 0],
    ] as const) {
      for (const signal of signals) {
        const error = (wanted - logistic(slope * signal + offset)) / signals.length
        slopeGradient += error * signal
        offsetGradient += error
      }
    }
    slope += RATE * 4 * slopeGradient
    offset += RATE * offsetGradient
  }
  return { scope_slope: slope, scope_middle: -offset / slope }
}

/** Probabilities of the labels. */
export function softmax(scores: Float64Array, sharpness: number): Float64Array {
  const highest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(sharpness * (score - highest)))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value))
}
