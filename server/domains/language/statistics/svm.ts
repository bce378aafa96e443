import type { Vector } from './features.ts'

/** How much an error costs against the size of the weights; measured on CLINC150 and HWU64. */
const COST = 1
const EPOCHS = 5
/** A label with few examples among many others must still be worth separating. */
const RARE_FACTOR_MAX = 8

/** The weights of one label against the rest, and the bias. */
export interface Separator {
  readonly weights: Float32Array
  readonly bias: number
}

/**
 * Trains a linear SVM with squared hinge loss by dual coordinate descent (Hsieh et al. 2008, the method of LIBLINEAR).
 *
 * @param order - the examples in the order of each epoch; shuffled by the caller, so that a seed gives the same model.
 */
export function separate(
  vectors: readonly Vector[],
  isOne: (at: number) => boolean,
  order: Int32Array,
  size: number,
): Separator {
  const count = vectors.length
  const signs = Float64Array.from({ length: count }, (_, at) => (isOne(at) ? 1 : -1))
  const ones = signs.filter((sign) => sign > 0).length
  const factor = Math.min(RARE_FACTOR_MAX, Math.sqrt((count - ones) / Math.max(1, ones)))
  const weights = new Float32Array(size)
  const alphas = new Float64Array(count)
  let bias = 0
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (const at of order) {
      const vector = vectors[at]
      const sign = signs[at] ?? 1
      if (vector === undefined) continue
      const diagonal = 1 / (2 * COST * (sign > 0 ? factor : 1))
      const alpha = alphas[at] ?? 0
      const gradient = sign * (dot(weights, vector) + bias) - 1 + diagonal * alpha
      // The vectors have length 1, and the bias is one feature more.
      const next = Math.max(0, alpha - gradient / (2 + diagonal))
      if (next === alpha) continue
      alphas[at] = next
      const step = (next - alpha) * sign
      bias += step
      for (let place = 0; place < vector.ids.length; place += 1) {
        const id = vector.ids[place] ?? 0
        weights[id] = (weights[id] ?? 0) + step * (vector.values[place] ?? 0)
      }
    }
  }
  return { weights, bias }
}

/** Product of the weights and a sparse vector. */
export function dot(weights: Float32Array, { ids, values }: Vector): number {
  let sum = 0
  for (let place = 0; place < ids.length; place += 1)
    sum += (weights[ids[place] ?? 0] ?? 0) * (values[place] ?? 0)
  return sum
}
