import { calibrate } from './calibrate.ts'
import type { HeldOut } from './calibrate.ts'
import { scopeSignal } from './classify.ts'
import { buildVocabulary, features, tokens, vectorise } from './features.ts'
import type { Vector, Vocabulary } from './features.ts'
import { OUT_OF_SCOPE_LABEL, labelScores } from './model.ts'
import type { Model } from './model.ts'
import { separate } from './svm.ts'

export interface Example {
  readonly text: string
  /** What the text means; `none` for what is out of scope. */
  readonly label: string
}

type Counted = ReadonlyMap<number, number>
type Core = Omit<Model, 'calibration'>

const FOLDS = 3
const UNCALIBRATED = { sharpness: 1, scope_slope: 1, scope_middle: 0 }

/** Trains a classifier: one label against the rest, calibrated on parts of the examples that were held out. */
export function train(examples: readonly Example[], { seed = 1 }: { seed?: number } = {}): Model {
  const counted = examples.map(({ text }) => features(tokens(text)))
  const order = shuffled(examples.length, seed)
  const held: HeldOut[] = []
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isHeld = (place: number) => place % FOLDS === fold
    const core = fit(
      examples,
      counted,
      order.filter((_, place) => !isHeld(place)),
    )
    for (const at of order.filter((_, place) => isHeld(place)))
      held.push(score(core, examples[at], counted[at]))
  }
  return { ...fit(examples, counted, order), calibration: calibrate(held) }
}

/** Trains on the chosen examples alone. */
function fit(examples: readonly Example[], counted: readonly Counted[], chosen: Int32Array): Core {
  const texts = [...chosen].map((at) => counted[at] ?? new Map<number, number>())
  const names = [...chosen].map((at) => examples[at]?.label ?? OUT_OF_SCOPE_LABEL)
  const vocabulary = buildVocabulary(texts)
  const vectors = texts.map((text) => vectorise(vocabulary, text))
  const labels = [...new Set(names)].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return { ...vocabulary, labels, ...weigh(vectors, names, labels, vocabulary) }
}

/** Out of scope is the last label, so that the others have the places of the answer. */
function rank(label: string): number {
  return label === OUT_OF_SCOPE_LABEL ? 1 : 0
}

function weigh(
  vectors: readonly Vector[],
  names: readonly string[],
  labels: readonly string[],
  { hashes }: Vocabulary,
) {
  const order = Int32Array.from(vectors.keys())
  const weights = new Int8Array(hashes.length * labels.length)
  const scales = new Float32Array(labels.length)
  const biases = new Float32Array(labels.length)
  for (const [place, label] of labels.entries()) {
    const separator = separate(vectors, (at) => names[at] === label, order, hashes.length)
    const largest = separator.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9)
    scales[place] = largest / 127
    biases[place] = separator.bias
    for (const [id, weight] of separator.weights.entries()) {
      weights[id * labels.length + place] = Math.round((weight / largest) * 127)
    }
  }
  return { weights, scales, biases }
}

function score(core: Core, example: Example | undefined, counted: Counted | undefined): HeldOut {
  const vector = vectorise(core, counted ?? new Map())
  const scores = labelScores(core, vector).map((value, place) => value + (core.biases[place] ?? 0))
  const own = example?.label === OUT_OF_SCOPE_LABEL ? -1 : core.labels.indexOf(example?.label ?? '')
  const signal = scopeSignal({ ...core, calibration: UNCALIBRATED }, scores, vector)
  const known = core.labels.at(-1) === OUT_OF_SCOPE_LABEL ? scores.slice(0, -1) : scores
  return { scores: known, label: own, signal }
}

/** The numbers below `count` in an order that the seed decides (Fisher and Yates, with a linear congruential generator). */
function shuffled(count: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, at) => at)
  let state = seed >>> 0
  for (let at = count - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (at + 1))
    const kept = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = kept
  }
  return order
}
