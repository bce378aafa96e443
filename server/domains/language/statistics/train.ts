import { calibrate } from './calibrate.ts'
import type { HeldOut } from './calibrate.ts'
import { scopeSignal } from './classify.ts'
import { buildVocabulary, features, tokens, vectorise } from './features.ts'
import type { Vector } from './features.ts'
import { OUT_OF_SCOPE_LABEL, labelScores } from './model.ts'
import type { Model } from './model.ts'

export interface Example {
  readonly text: string
  /** What the text means; `none` for what is out of scope. */
  readonly label: string
}

type Counted = ReadonlyMap<number, number>
type Core = Omit<Model, 'calibration'>

const FOLDS = 3
/** Held-out texts that are enough to fit the three numbers of a calibration; further folds only cost time. */
const HELD_OUT_ENOUGH = 400
const UNCALIBRATED = { sharpness: 1, scope_slope: 1, scope_middle: 0 }

/** Trains a classifier: one label against the rest, calibrated on parts of the examples that were held out. */
export function train(examples: readonly Example[], { seed = 1 }: { seed?: number } = {}): Model {
  const random = randomFrom(seed)
  const counted = examples.map(({ text }) => features(tokens(text)))
  const order = Int32Array.from(examples.keys())
  shuffle(order, order.length, random)
  const held: HeldOut[] = []
  for (let fold = 0; fold < FOLDS && held.length < HELD_OUT_ENOUGH; fold += 1) {
    const isHeld = (place: number) => place % FOLDS === fold
    const kept = order.filter((_, place) => !isHeld(place))
    const core = fit(examples, counted, kept, random)
    for (const at of order.filter((_, place) => isHeld(place))) {
      held.push(score(core, examples[at], counted[at]))
    }
  }
  return { ...fit(examples, counted, order, random), calibration: calibrate(held) }
}

/** Trains on the chosen examples alone. */
function fit(
  examples: readonly Example[],
  counted: readonly Counted[],
  chosen: Int32Array,
  random: () => number,
): Core {
  const texts = [...chosen].map((at) => counted[at] ?? new Map<number, number>())
  const names = [...chosen].map((at) => examples[at]?.label ?? OUT_OF_SCOPE_LABEL)
  const vocabulary = buildVocabulary(texts)
  const vectors = texts.map((text) => vectorise(vocabulary, text))
  const labels = [...new Set(names)].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  const size = vocabulary.hashes.length
  const weights = new Int8Array(size * labels.length)
  const scales = new Float32Array(labels.length)
  const biases = new Float32Array(labels.length)
  for (const [place, label] of labels.entries()) {
    const signs = Int8Array.from(names, (name) => (name === label ? 1 : -1))
    const separator = separate(vectors, signs, size, random)
    const largest = separator.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9)
    scales[place] = largest / 127
    biases[place] = separator.bias
    for (let id = 0; id < size; id += 1) {
      weights[id * labels.length + place] = Math.round(((separator.weights[id] ?? 0) / largest) * 127)
    }
  }
  return { ...vocabulary, labels, weights, scales, biases }
}

/** Out of scope is the last label, so that the others have the places of the answer. */
function rank(label: string): number {
  return label === OUT_OF_SCOPE_LABEL ? 1 : 0
}

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
function separate(
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

function score(core: Core, example: Example | undefined, counted: Counted | undefined): HeldOut {
  const vector = vectorise(core, counted ?? new Map())
  const scores = labelScores(core, vector).map((value, place) => value + (core.biases[place] ?? 0))
  const own = example?.label === OUT_OF_SCOPE_LABEL ? -1 : core.labels.indexOf(example?.label ?? '')
  const signal = scopeSignal({ ...core, calibration: UNCALIBRATED }, scores, vector)
  const known = core.labels.at(-1) === OUT_OF_SCOPE_LABEL ? scores.slice(0, -1) : scores
  return { scores: known, label: own, signal }
}

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
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

/** Brings the first `count` numbers into an order by chance (Fisher and Yates). */
function shuffle(order: Int32Array, count: number, random: () => number): void {
  for (let at = count - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    const kept = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = kept
  }
}
