import type { Vector } from './features.ts'
import { shuffle } from './random.ts'

/**
 * A network with one hidden layer. It errs in other places than one label against the rest does, and joins words that
 * occur with the same labels, so that the sum of both is better than each, and what is out of scope excites it less.
 */
export interface Network {
  /** One row of weights of the hidden units for each feature; times the scale of the unit. */
  readonly inner: Int8Array
  readonly inner_scales: Float32Array
  readonly inner_biases: Float32Array
  /** One row of weights of the hidden units for each label. */
  readonly outer: Float32Array
  readonly outer_biases: Float32Array
}

/** Hidden units: with half of them HWU64 loses 0.3 points, with twice as many nothing is won. */
const UNITS = 64
const ROUNDS = 10
/** Rounds when the hidden layer stands still and the rows of some labels follow. */
const FOLLOWING_ROUNDS = 10
const RATE = 0.1
/** At the end of training the steps are this part of what they are in the beginning. */
const LAST_RATE = 0.1
/** How many features and units are left out each time, so that none relies upon another (dropout). */
const FEATURES_OUT = 0.5
const UNITS_OUT = 0.3
/** The vectors have length 1; the units want more. */
const GAIN = 3
const FIRST_SQUARE = 1e-3
/** An error smaller than this moves nothing. */
const ERROR_LEAST = 1e-3

/** What training moves; the sums of squared gradients set the size of each row's steps (Adagrad). */
interface Weights {
  inner: Float32Array
  inner_squares: Float32Array
  inner_biases: Float32Array
  bias_squares: Float32Array
  outer: Float32Array
  outer_squares: Float32Array
  outer_biases: Float32Array
}

/** Texts as vectors, and the place of the label of each. */
export interface Lesson {
  readonly vectors: readonly Vector[]
  readonly targets: Int32Array
}

/** Trains a network by stochastic gradient descent on the softmax of its labels. */
export function trainNetwork(lesson: Lesson, size: number, labels: number, random: () => number): Network {
  const weights: Weights = {
    ...unmoved(size, labels),
    inner: Float32Array.from({ length: size * UNITS }, () => (random() - 0.5) / 5),
    inner_biases: new Float32Array(UNITS).fill(0.1),
    outer: Float32Array.from({ length: labels * UNITS }, () => firstOuter(random)),
    outer_biases: new Float32Array(labels),
  }
  learn(weights, lesson, random)
  return packed(weights)
}

/**
 * Trains the rows of some labels anew, on the hidden layer as it is. What it and the other labels say of each text never
 * changes meanwhile, so that it is worked out once, and a round costs only the rows that move.
 */
export function followNetwork(
  network: Network,
  { vectors, targets }: Lesson,
  moving: Uint8Array,
  random: () => number,
): Network {
  const rows = {
    outer: network.outer.map((weight, at) =>
      moving[Math.floor(at / UNITS)] === 1 ? firstOuter(random) : weight,
    ),
    outer_biases: network.outer_biases.map((bias, at) => (moving[at] === 1 ? 0 : bias)),
    outer_squares: new Float32Array(moving.length).fill(FIRST_SQUARE),
  }
  const moved = [...moving.keys()].filter((label) => moving[label] === 1)
  const seen = vectors.map((vector) => {
    const hidden = excitedBy(network, vector)
    const powers = scoresOf(rows, hidden).map(powerOf)
    const others = powers.reduce((sum, power, label) => (moving[label] === 1 ? sum : sum + power), 0)
    return { hidden, others, size: sizeOf(hidden) }
  })
  const order = Int32Array.from(vectors.keys())
  for (let round = 0; round < FOLLOWING_ROUNDS; round += 1) {
    const rate = rateOf(round, FOLLOWING_ROUNDS)
    shuffle(order, order.length, random)
    for (const at of order) {
      const text = seen[at]
      if (text === undefined) continue
      const powers = moved.map((label) => powerOf(scoreOf(rows, text.hidden, label)))
      const total = powers.reduce((sum, power) => sum + power, text.others)
      for (const [place, label] of moved.entries()) {
        const error = (powers[place] ?? 0) / total - (label === targets[at] ? 1 : 0)
        if (Math.abs(error) >= ERROR_LEAST) correctRow(rows, label, text.hidden, error, text.size, rate)
      }
    }
  }
  return { ...network, outer: rows.outer, outer_biases: rows.outer_biases }
}

/** The same network for another list of features and labels: `-1` stands for one that was not there. */
export function rearranged(network: Network, features: Int32Array, labels: Int32Array): Network {
  const rows = <Row extends Int8Array | Float32Array>(from: Row, to: Row, places: Int32Array): Row => {
    for (const [at, place] of places.entries()) {
      if (place >= 0) to.set(from.subarray(place * UNITS, (place + 1) * UNITS), at * UNITS)
    }
    return to
  }
  return {
    ...network,
    inner: rows(network.inner, new Int8Array(features.length * UNITS), features),
    outer: rows(network.outer, new Float32Array(labels.length * UNITS), labels),
    outer_biases: Float32Array.from(labels, (place) => network.outer_biases[place] ?? 0),
  }
}

/** The score of each label. */
export function networkScores(network: Network, vector: Vector): Float64Array {
  return scoresOf(network, excitedBy(network, vector))
}

/** How much each hidden unit is excited. */
function excitedBy({ inner, inner_scales, inner_biases }: Network, { ids, values }: Vector): Float64Array {
  const hidden = new Float64Array(UNITS)
  for (let at = 0; at < ids.length; at += 1) {
    const row = (ids[at] ?? 0) * UNITS
    const value = (values[at] ?? 0) * GAIN
    for (let unit = 0; unit < UNITS; unit += 1) {
      hidden[unit] = (hidden[unit] ?? 0) + value * (inner[row + unit] ?? 0)
    }
  }
  return hidden.map((sum, unit) => Math.max(0, sum * (inner_scales[unit] ?? 0) + (inner_biases[unit] ?? 0)))
}

type Outer = Pick<Network, 'outer' | 'outer_biases'>

function scoreOf({ outer, outer_biases }: Outer, hidden: Float64Array, label: number): number {
  let sum = outer_biases[label] ?? 0
  for (let unit = 0; unit < UNITS; unit += 1) sum += (hidden[unit] ?? 0) * (outer[label * UNITS + unit] ?? 0)
  return sum
}

function scoresOf(rows: Outer, hidden: Float64Array): Float64Array {
  return Float64Array.from(rows.outer_biases, (_, label) => scoreOf(rows, hidden, label))
}

/** The mean square. */
function sizeOf(hidden: Float64Array): number {
  return hidden.reduce((sum, value) => sum + value * value, 0) / UNITS
}

/** Bounded, so that sums of powers are numbers: nothing is surer than that. */
function powerOf(score: number): number {
  return Math.exp(Math.min(score, 500))
}

function rateOf(round: number, rounds: number): number {
  return RATE * (1 - ((1 - LAST_RATE) * round) / rounds)
}

function firstOuter(random: () => number): number {
  // Three uniform numbers are normal enough; the variance is 1 / UNITS.
  return ((random() + random() + random() - 1.5) * 2) / Math.sqrt(UNITS)
}

function unmoved(
  size: number,
  labels: number,
): Pick<Weights, 'inner_squares' | 'bias_squares' | 'outer_squares'> {
  return {
    inner_squares: new Float32Array(size).fill(FIRST_SQUARE),
    bias_squares: new Float32Array(UNITS).fill(FIRST_SQUARE),
    outer_squares: new Float32Array(labels).fill(FIRST_SQUARE),
  }
}

function packed({ inner, inner_biases, outer, outer_biases }: Weights): Network {
  const inner_scales = new Float32Array(UNITS).fill(1e-9)
  for (const [at, weight] of inner.entries()) {
    inner_scales[at % UNITS] = Math.max(inner_scales[at % UNITS] ?? 0, Math.abs(weight) / 127)
  }
  return {
    inner: Int8Array.from(inner, (weight, at) => Math.round(weight / (inner_scales[at % UNITS] ?? 1))),
    inner_scales,
    inner_biases,
    outer,
    outer_biases,
  }
}

function learn(weights: Weights, { vectors, targets }: Lesson, random: () => number): void {
  const order = Int32Array.from(vectors.keys())
  const longest = vectors.reduce((most, { ids }) => Math.max(most, ids.length), 0)
  const room = { ids: new Int32Array(longest), values: new Float32Array(longest), known: 1 }
  const hidden = new Float64Array(UNITS)
  const open = new Float64Array(UNITS)
  const back = new Float64Array(UNITS)
  for (let round = 0; round < ROUNDS; round += 1) {
    const rate = rateOf(round, ROUNDS)
    shuffle(order, order.length, random)
    for (const at of order) {
      const vector = vectors[at]
      if (vector === undefined) continue
      const seen = thin(vector, room, random)
      excite(weights, seen, hidden)
      for (let unit = 0; unit < UNITS; unit += 1) {
        const sum = hidden[unit] ?? 0
        open[unit] = sum > 0 && random() >= UNITS_OUT ? 1 / (1 - UNITS_OUT) : 0
        hidden[unit] = sum * (open[unit] ?? 0)
      }
      back.fill(0)
      correctOuter(weights, hidden, targets[at] ?? 0, rate, back)
      for (let unit = 0; unit < UNITS; unit += 1) back[unit] = (back[unit] ?? 0) * (open[unit] ?? 0)
      correctInner(weights, seen, back, rate)
    }
  }
}

/** The vector without the features that chance leaves out, written over the last one; the others stand in for them. */
function thin({ ids, values, known }: Vector, room: Vector, random: () => number): Vector {
  let count = 0
  for (let at = 0; at < ids.length; at += 1) {
    if (random() < FEATURES_OUT) continue
    room.ids[count] = ids[at] ?? 0
    room.values[count] = ((values[at] ?? 0) * GAIN) / (1 - FEATURES_OUT)
    count += 1
  }
  return { ids: room.ids.subarray(0, count), values: room.values.subarray(0, count), known }
}

function excite({ inner, inner_biases }: Weights, { ids, values }: Vector, hidden: Float64Array): void {
  hidden.set(inner_biases)
  for (let at = 0; at < ids.length; at += 1) {
    const row = (ids[at] ?? 0) * UNITS
    const value = values[at] ?? 0
    for (let unit = 0; unit < UNITS; unit += 1) {
      hidden[unit] = (hidden[unit] ?? 0) + value * (inner[row + unit] ?? 0)
    }
  }
}

/** Moves the rows of the labels, and says in `back` how the hidden units should have been. */
function correctOuter(
  weights: Weights,
  hidden: Float64Array,
  target: number,
  rate: number,
  back: Float64Array,
): void {
  const scores = scoresOf(weights, hidden)
  const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity)
  const powers = scores.map((score) => Math.exp(score - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  const size = sizeOf(hidden)
  for (let label = 0; label < powers.length; label += 1) {
    const error = (powers[label] ?? 0) / total - (label === target ? 1 : 0)
    if (Math.abs(error) < ERROR_LEAST) continue
    for (let unit = 0; unit < UNITS; unit += 1) {
      back[unit] = (back[unit] ?? 0) + error * (weights.outer[label * UNITS + unit] ?? 0)
    }
    correctRow(weights, label, hidden, error, size, rate)
  }
}

function correctRow(
  { outer, outer_biases, outer_squares }: Pick<Weights, 'outer' | 'outer_biases' | 'outer_squares'>,
  label: number,
  hidden: Float64Array,
  error: number,
  size: number,
  rate: number,
): void {
  outer_squares[label] = (outer_squares[label] ?? 0) + error * error * (size + 0.1)
  const step = (rate * error) / Math.sqrt(outer_squares[label] ?? 1)
  for (let unit = 0; unit < UNITS; unit += 1) {
    outer[label * UNITS + unit] = (outer[label * UNITS + unit] ?? 0) - step * (hidden[unit] ?? 0)
  }
  outer_biases[label] = (outer_biases[label] ?? 0) - step
}

function correctInner(
  { inner, inner_squares, inner_biases, bias_squares }: Weights,
  { ids, values }: Vector,
  back: Float64Array,
  rate: number,
): void {
  const size = sizeOf(back)
  if (size < ERROR_LEAST ** 2) return
  for (let at = 0; at < ids.length; at += 1) {
    const id = ids[at] ?? 0
    const value = values[at] ?? 0
    inner_squares[id] = (inner_squares[id] ?? 0) + size * value * value
    const step = (rate * value) / Math.sqrt(inner_squares[id] ?? 1)
    for (let unit = 0; unit < UNITS; unit += 1) {
      inner[id * UNITS + unit] = (inner[id * UNITS + unit] ?? 0) - step * (back[unit] ?? 0)
    }
  }
  for (let unit = 0; unit < UNITS; unit += 1) {
    const error = back[unit] ?? 0
    bias_squares[unit] = (bias_squares[unit] ?? 0) + error * error
    inner_biases[unit] = (inner_biases[unit] ?? 0) - (rate * error) / Math.sqrt(bias_squares[unit] ?? 1)
  }
}
