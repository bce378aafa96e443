import { classify } from './classify.ts'
import { buildVocabulary, features, tokens, vectorise } from './features.ts'
import type { Vocabulary } from './features.ts'
import { OUT_OF_SCOPE_LABEL } from './model.ts'
import type { Model } from './model.ts'
import { followNetwork, rearranged } from './network.ts'
import { randomFrom } from './random.ts'
import { fitRow, labelsOf } from './train.ts'
import type { Example } from './train.ts'

/** How many labels a text counts as taken for. */
const NEAR = 3
const NEIGHBOURS_MAX = 32

/**
 * Trains anew what some labels are known by, and keeps the rest: the rows of the other labels, the hidden layer of the
 * network, the calibration, and how much a word weighs that was known before.
 *
 * @param examples - All of them, as they are now; labels without any are forgotten.
 * @param changed - Labels whose examples are others than when the model was trained.
 */
export function retrain(
  model: Model,
  examples: readonly Example[],
  changed: Iterable<string>,
  { seed = 1 }: { seed?: number } = {},
): Model {
  const counted = examples.map(({ text }) => features(tokens(text)))
  const names = examples.map(({ label }) => label)
  const labels = labelsOf(names)
  const { vocabulary, from } = renewed(
    model,
    buildVocabulary(counted, (place) => names[place] === OUT_OF_SCOPE_LABEL),
  )
  const vectors = counted.map((text) => vectorise(vocabulary, text))
  const places = Int32Array.from(labels, (label) => model.labels.indexOf(label))
  const again = new Set([...changed, ...neighbours(model, examples)])
  const moving = Uint8Array.from(labels, (label, at) => (again.has(label) || places[at] === -1 ? 1 : 0))
  const rows = {
    weights: regrouped(model, from, places),
    scales: Float32Array.from(places, (place) => model.scales[place] ?? 0),
    biases: Float32Array.from(places, (place) => model.biases[place] ?? 0),
  }
  const random = randomFrom(seed)
  for (const [place, moves] of moving.entries()) {
    if (moves === 1) fitRow(rows, place, { labels, names, vectors }, random)
  }
  const targets = Int32Array.from(names, (name) => labels.indexOf(name))
  const network = followNetwork(rearranged(model.network, from, places), { vectors, targets }, moving, random)
  return { ...vocabulary, labels, ...rows, network, calibration: model.calibration }
}

/**
 * Labels that the examples of new labels were taken for until now: what they are known by never met those examples, and
 * would claim their like.
 */
function neighbours(model: Model, examples: readonly Example[]): string[] {
  const strangers = examples.filter(({ label }) => !model.labels.includes(label))
  const taken = new Map<string, number>()
  for (const { text } of strangers) {
    for (const { label } of classify(model, text).ranked.slice(0, NEAR))
      taken.set(label, (taken.get(label) ?? 0) + 1)
  }
  const often = [...taken].toSorted(([, one], [, other]) => other - one)
  return often.slice(0, NEIGHBOURS_MAX).map(([label]) => label)
}

/** The features of the examples as they are now, what was known weighing what it did; and where each was, or -1. */
function renewed(before: Vocabulary, now: Vocabulary): { vocabulary: Vocabulary; from: Int32Array } {
  const from = new Int32Array(now.hashes.length)
  const idf = now.idf.slice()
  let place = 0
  for (const [at, hash] of now.hashes.entries()) {
    while ((before.hashes[place] ?? Infinity) < hash) place += 1
    const known = before.hashes[place] === hash
    from[at] = known ? place : -1
    if (known) idf[at] = before.idf[place] ?? 0
  }
  return { vocabulary: { hashes: now.hashes, idf, unseen_idf: before.unseen_idf }, from }
}

/** The weights in the order of other features and labels. */
function regrouped(
  { weights, labels }: Model,
  features_from: Int32Array,
  labels_from: Int32Array,
): Int8Array {
  const width = labels_from.length
  const moved = new Int8Array(features_from.length * width)
  for (const [id, before] of features_from.entries()) {
    if (before === -1) continue
    for (let label = 0; label < width; label += 1) {
      const place = labels_from[label] ?? -1
      if (place !== -1) moved[id * width + label] = weights[before * labels.length + place] ?? 0
    }
  }
  return moved
}
