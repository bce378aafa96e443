import { calibrate } from './calibrate.ts'
import type { HeldOut } from './calibrate.ts'
import { hasNone, scopeSignal } from './classify.ts'
import { buildVocabulary, features, tokens, vectorise } from './features.ts'
import type { Vector } from './features.ts'
import { OUT_OF_SCOPE_LABEL, scoresOf } from './model.ts'
import type { Core, Model } from './model.ts'
import { trainNetwork } from './network.ts'
import { randomFrom, shuffle } from './random.ts'
import { separate } from './separate.ts'

export interface Example {
  readonly text: string
  /** What the text means; `none` for what is out of scope. */
  readonly label: string
}

type Counted = ReadonlyMap<number, number>

const FOLDS = 3
/** Held-out texts that are enough to fit the three numbers of a calibration; further folds only cost time. */
const HELD_OUT_ENOUGH = 400

/** Smaller weights, of 127, are noise: without them a model is half as large in a file, and as good. */
const LEVEL_LEAST = 3

/** Trains a classifier: one label against the rest and a network, calibrated on examples that were held out. */
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
  const vocabulary = buildVocabulary(texts, (place) => names[place] === OUT_OF_SCOPE_LABEL)
  const vectors = texts.map((text) => vectorise(vocabulary, text))
  const labels = labelsOf(names)
  const size = vocabulary.hashes.length
  const rows = {
    weights: new Int8Array(size * labels.length),
    scales: new Float32Array(labels.length),
    biases: new Float32Array(labels.length),
  }
  for (const place of labels.keys()) fitRow(rows, place, { labels, names, vectors }, random)
  const targets = Int32Array.from(names, (name) => labels.indexOf(name))
  const network = trainNetwork({ vectors, targets }, size, labels.length, random)
  return { ...vocabulary, labels, ...rows, network }
}

/** Out of scope is the last label, so that the others have the places of the answer. */
export function labelsOf(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

function rank(label: string): number {
  return label === OUT_OF_SCOPE_LABEL ? 1 : 0
}

/** What the rows of labels are trained on: texts as vectors, and the label of each. */
export interface Rows {
  readonly labels: readonly string[]
  readonly names: readonly string[]
  readonly vectors: readonly Vector[]
}

/** Trains the row of one label and writes it into its place. */
export function fitRow(
  into: Pick<Core, 'weights' | 'scales' | 'biases'>,
  place: number,
  { labels, names, vectors }: Rows,
  random: () => number,
): void {
  const width = labels.length
  const size = into.weights.length / width
  const signs = Int8Array.from(names, (name) => (name === labels[place] ? 1 : -1))
  const { weights, bias } = separate(vectors, signs, size, random)
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9)
  into.scales[place] = largest / 127
  into.biases[place] = bias
  for (let id = 0; id < size; id += 1) {
    const level = Math.round(((weights[id] ?? 0) / largest) * 127)
    into.weights[id * width + place] = Math.abs(level) < LEVEL_LEAST ? 0 : level
  }
}

function score(core: Core, example: Example | undefined, counted: Counted | undefined): HeldOut {
  const vector = vectorise(core, counted ?? new Map())
  const scores = scoresOf(core, vector)
  const own = example?.label === OUT_OF_SCOPE_LABEL ? -1 : core.labels.indexOf(example?.label ?? '')
  const signal = scopeSignal(core, scores, vector)
  return { scores: hasNone(core) ? scores.slice(0, -1) : scores, label: own, signal }
}
