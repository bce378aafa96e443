/** A logistic regression: how likely it is that what was measured is the phrase. */
export interface Head {
  mean: number[]
  scale: number[]
  weights: number[]
  bias: number
}

const ROUNDS = 400
const STEP = 0.5
/** Keeps the weights small: a few recordings would otherwise be learned by heart. */
const DECAY = 0.01

/** 0 to 1. */
export function judge({ mean, scale, weights, bias }: Head, measured: readonly number[]): number {
  const sum = measured.reduce(
    (total, value, at) => total + ((weights[at] ?? 0) * (value - (mean[at] ?? 0))) / (scale[at] ?? 1),
    bias,
  )
  return 1 / (1 + Math.exp(-sum))
}

/** Fits the head by descent, both sides counting the same however many examples each has. */
export function fit(positives: readonly number[][], negatives: readonly number[][]): Head {
  const all = [...positives, ...negatives]
  const width = all[0]?.length ?? 0
  const columns = Array.from({ length: width }, (_, at) => all.map((row) => row[at] ?? 0))
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length)
  const scale = columns.map((column, at) => {
    const squares = column.reduce((sum, value) => sum + (value - (mean[at] ?? 0)) ** 2, 0)
    return Math.sqrt(squares / column.length) || 1
  })
  const head: Head = { mean, scale, weights: Array.from({ length: width }, () => 0), bias: 0 }
  for (let round = 0; round < ROUNDS; round += 1) {
    const slopes = Array.from({ length: width }, () => 0)
    let slope = 0
    for (const [examples, truth] of [
      [positives, 1],
      [negatives, 0],
    ] as const)
      for (const row of examples) {
        const error = (judge(head, row) - truth) / examples.length
        slope += error
        for (let at = 0; at < width; at += 1)
          slopes[at] = (slopes[at] ?? 0) + (error * ((row[at] ?? 0) - (mean[at] ?? 0))) / (scale[at] ?? 1)
      }
    head.bias -= STEP * slope
    head.weights = head.weights.map((weight, at) => weight - STEP * ((slopes[at] ?? 0) + DECAY * weight))
  }
  return head
}
