import type { Vector } from './features.ts'
import { shuffle } from './random.ts'

/** How much an error costs against the size of the weights; measured on CLINC150 and HWU64. */
const COST = 1
/** Rounds over all examples, and after each rounds over the few that support the border. */
const ROUNDS = 1
const SAMPLE = 0.2
const SUPPORT_ROUNDS = 5
/** A round that corrects no example by more than this is the last. */
const TOLERANCE = 0.1

/**
 * Trains one label against the rest: a linear SVM with squared hinge loss by dual coordinate descent, an error on a
 * rare side costing more. Most examples lie far from the border, so that most rounds visit only those that support it.
 *
 * @see Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", 2008: the method of LIBLINEAR.
 */
export function separate(
  vectors: readonly Vector[],
  signs: Int8Array,
  size: number,
  random: () => number,
): { weights: Float32Array; bias: number } {
  const weights = new Float32Array(size)
  const alphas = new Float64Array(vectors.length)
  const ones = signs.reduce((sum, sign) => (sign > 0 ? sum + 1 : sum), 0)
  const factor = Math.sqrt(Math.max(1, vectors.length - ones) / Math.max(1, ones))
  let bias = 0

  /** Corrects the weights by one example and says how wrong they were. */
  const visit = (at: number): number => {
    const vector = vectors[at]
    const sign = signs[at] ?? 1
    const alpha = alphas[at] ?? 0
    if (vector === undefined) return 0
    const diagonal = 1 / (2 * COST * (sign > 0 ? factor : 1))
    const gradient = sign * (dot(weights, vector) + bias) - 1 + diagonal * alpha
    if (alpha === 0 && gradient >= 0) return 0
    // The vectors have length 1, and the bias is one feature more.
    const next = Math.max(0, alpha - gradient / (2 + diagonal))
    alphas[at] = next
    bias += (next - alpha) * sign
    add(weights, vector, (next - alpha) * sign)
    return Math.abs(gradient)
  }
  const order = Int32Array.from(signs.keys())
  const visitFirst = (count: number): number => {
    shuffle(order, count, random)
    let worst = 0
    for (let place = 0; place < count; place += 1) worst = Math.max(worst, visit(order[place] ?? 0))
    return worst
  }
  shuffle(order, order.length, random)
  let first = gather(order, (at) => (signs[at] ?? 0) > 0)
  first = Math.min(order.length, first + Math.ceil(order.length * SAMPLE))
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (let again = 0; again < SUPPORT_ROUNDS; again += 1) if (visitFirst(first) < TOLERANCE) break
    if (round === ROUNDS || visitFirst(order.length) < TOLERANCE) break
    first = gather(order, (at) => (alphas[at] ?? 0) > 0)
  }
  return { weights, bias }
}

/** Product of the weights and a sparse vector. */
function dot(weights: Float32Array, vector: Vector): number {
  const { ids, values } = vector
  let sum = 0
  for (let place = 0; place < ids.length; place += 1) {
    sum += (weights[ids[place] ?? 0] ?? 0) * (values[place] ?? 0)
  }
  return sum
}

function add(weights: Float32Array, vector: Vector, step: number): void {
  const { ids, values } = vector
  for (let place = 0; place < ids.length; place += 1) {
    const id = ids[place] ?? 0
    weights[id] = (weights[id] ?? 0) + step * (values[place] ?? 0)
  }
}

/** Brings what is wanted to the front and says how many that are. */
function gather(order: Int32Array, isWanted: (at: number) => boolean): number {
  let count = 0
  for (const [place, at] of order.entries()) {
    if (!isWanted(at)) continue
    order[place] = order[count] ?? 0
    order[count] = at
    count += 1
  }
  return count
}
