import { logistic, softmax } from './calibrate.ts'
import { features, tokens, vectorise } from './features.ts'
import type { Vector } from './features.ts'
import { OUT_OF_SCOPE_LABEL, scoresOf } from './model.ts'
import type { Core, Model } from './model.ts'

export interface Classified {
  /** Best first; the probabilities add up to 1. */
  ranked: { label: string; probability: number }[]
  /** 0 to 1: whether the text means any of the labels. */
  in_scope: number
}

/** Says what a text may mean. */
export function classify(model: Model, text: string): Classified {
  const vector = vectorise(model, features(tokens(text)))
  const scores = scoresOf(model, vector)
  const { sharpness, scope_slope, scope_middle } = model.calibration
  const signal = scopeSignal(model, scores, vector)
  const known = hasNone(model) ? scores.slice(0, -1) : scores
  const ranked = [...softmax(known, sharpness)]
    .map((probability, place) => ({ label: model.labels[place] ?? '', probability }))
    .toSorted((a, b) => b.probability - a.probability)
  return { ranked, in_scope: vector.ids.length === 0 ? 0 : logistic(scope_slope * (signal - scope_middle)) }
}

/** On parts of CLINC150, with intents left out as well, 2 finds more of what is out of scope than 1; 4 no more than 3. */
const UNKNOWN_COST = 2

/** The best score of a label, less that of being out of scope, less for what of the text is unknown. */
export function scopeSignal(model: Core, scores: Float64Array, vector: Vector): number {
  const none = hasNone(model) ? (scores.at(-1) ?? 0) : -1
  const known = hasNone(model) ? scores.slice(0, -1) : scores
  // Without any label, which a part of few examples may lack, nothing speaks for the text.
  const best = known.length === 0 ? -1 : Math.max(...known)
  return best - none / 2 - UNKNOWN_COST * (1 - vector.known)
}

export function hasNone(model: Core): boolean {
  return model.labels.at(-1) === OUT_OF_SCOPE_LABEL
}
