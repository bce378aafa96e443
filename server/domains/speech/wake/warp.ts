/** How far a template is from the end of a window, and where in the window it begins. */
export interface Match {
  /** Mean distance of the frames along the best path. */
  distance: number
  /** Index of the first frame of the window that belongs to it. */
  from: number
}

/** A path that stands still gets the distance of the frame again, and this much more: nobody drags a word out at will. */
const HOLD_COST = 0.15

/**
 * Aligns a template with frames of a window by dynamic time warping: it may begin anywhere and ends at the last frame.
 * Both hold rows of `width` numbers.
 */
export function align(template: Float32Array, window: Float32Array, width: number): Match {
  const rows = template.length / width
  const columns = window.length / width
  // Costs, steps and beginnings of the paths that end in the last column and the one before.
  let [costs, lengths, starts] = [new Float64Array(rows), new Float64Array(rows), new Int32Array(rows)]
  let [oldCosts, oldLengths, oldStarts] = [
    new Float64Array(rows).fill(Infinity),
    new Float64Array(rows),
    new Int32Array(rows),
  ]
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const here = distanceOf(template, row * width, window, column * width, width)
      // From the frame before in both, in the window alone, and in the template alone.
      let [cost, length, start] =
        row === 0
          ? [0, 0, column]
          : [oldCosts[row - 1] ?? 0, oldLengths[row - 1] ?? 0, oldStarts[row - 1] ?? 0]
      const held = (oldCosts[row] ?? 0) + HOLD_COST
      if (held < cost) [cost, length, start] = [held, oldLengths[row] ?? 0, oldStarts[row] ?? 0]
      const skipped = row === 0 ? Infinity : (costs[row - 1] ?? 0) + HOLD_COST
      if (skipped < cost) [cost, length, start] = [skipped, lengths[row - 1] ?? 0, starts[row - 1] ?? 0]
      costs[row] = cost + here
      lengths[row] = length + 1
      starts[row] = start
    }
    ;[costs, oldCosts] = [oldCosts, costs]
    ;[lengths, oldLengths] = [oldLengths, lengths]
    ;[starts, oldStarts] = [oldStarts, starts]
  }
  const last = rows - 1
  return {
    distance: (oldCosts[last] ?? Infinity) / Math.max(1, oldLengths[last] ?? 1),
    from: oldStarts[last] ?? 0,
  }
}

/** Of unit vectors: half of what their cosine lacks to 1, so 0 for the same and 1 for opposite ones. */
function distanceOf(a: Float32Array, fromA: number, b: Float32Array, fromB: number, width: number): number {
  let dot = 0
  for (let index = 0; index < width; index += 1) dot += (a[fromA + index] ?? 0) * (b[fromB + index] ?? 0)
  return (1 - dot) / 2
}
