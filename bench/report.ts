/** Ratios are the only figures that may fail a run: machines are noisy, and pairs see the same noise. */
let failed = false

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * Prints the medians of pairs of ours and the control's, and the median ratio of the pairs.
 *
 * @param bound - `least` or `most` that the ratio must keep.
 */
export function report(
  name: string,
  pairs: readonly (readonly [number, number])[],
  bound: { least?: number; most?: number } = {},
): number {
  const ratio = median(pairs.map(([ours, control]) => ours / control))
  const ours = median(pairs.map(([value]) => value))
  const control = median(pairs.map(([, value]) => value))
  const good = ratio >= (bound.least ?? -Infinity) && ratio <= (bound.most ?? Infinity)
  const wanted =
    bound.least === undefined
      ? bound.most === undefined
        ? ''
        : ` (at most ${bound.most})`
      : ` (at least ${bound.least})`
  console.log(
    `${good ? 'ok  ' : 'FAIL'} ${name}: ${ours.toFixed(1)} against ${control.toFixed(1)}, ratio ${ratio.toFixed(2)}${wanted}`,
  )
  if (!good) failed = true
  return ratio
}

/** Ends the run: exit code 1 when a ratio was not kept. */
export function finish(): void {
  if (failed) process.exitCode = 1
}
