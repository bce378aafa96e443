import { deserialize, serialize } from 'node:v8'
import type { Vector, Vocabulary } from './features.ts'

/** Label of examples that mean none of the others; always the last one of a model. */
export const OUT_OF_SCOPE_LABEL = 'none'

/** Turns scores into probabilities; fitted on examples the scores had not been trained on. */
export interface Calibration {
  /** Softmax of `sharpness * score` gives the probabilities of the labels. */
  readonly sharpness: number
  /** Logistic of `scope_slope * (signal - scope_middle)` gives the probability to be in scope. */
  readonly scope_slope: number
  readonly scope_middle: number
}

/** A trained classifier: a plain value that can be stored, sent to a worker and used at once. */
export interface Model extends Vocabulary {
  readonly labels: readonly string[]
  /** One row of label weights for each feature; times the scale of the label. */
  readonly weights: Int8Array
  readonly scales: Float32Array
  readonly biases: Float32Array
  readonly calibration: Calibration
}

/** The score of each label without its bias: above 0 speaks for the label, with the bias. */
export function labelScores(model: Pick<Model, 'weights' | 'scales'>, vector: Vector): Float64Array {
  const { weights, scales } = model
  const width = scales.length
  const scores = new Float64Array(width)
  for (let at = 0; at < vector.ids.length; at += 1) {
    const row = (vector.ids[at] ?? 0) * width
    const value = vector.values[at] ?? 0
    for (let label = 0; label < width; label += 1) {
      scores[label] = (scores[label] ?? 0) + value * (weights[row + label] ?? 0)
    }
  }
  for (let label = 0; label < width; label += 1) scores[label] = (scores[label] ?? 0) * (scales[label] ?? 0)
  return scores
}

/** A model as bytes, for a worker's answer or a file that the same version of the program reads. */
export function toBytes(model: Model): Uint8Array {
  return new Uint8Array(serialize(model))
}

/** @throws Error when the bytes are not those of a model. */
export function fromBytes(bytes: Uint8Array): Model {
  const model = deserialize(bytes) as Model
  if (model.weights.length !== model.hashes.length * model.labels.length)
    throw new Error('These bytes are no model.')
  return model
}
