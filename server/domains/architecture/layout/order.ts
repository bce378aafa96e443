import type { Arrows } from './rank.ts'

/** Places in columns: nodes, and where arrows pass through a column without ending there. */
export interface Columns {
  /** Places from top to bottom, column by column. The first `count` places are the nodes. */
  readonly columns: readonly (readonly number[])[]
  /** Places in the next column, and in the one before, that a place is joined to. */
  readonly right: readonly (readonly number[])[]
  readonly left: readonly (readonly number[])[]
}

/** Times that the columns are gone through, from left to right and back. */
const SWEEPS = 12
/** Places for passing arrows: beyond that, arrows pass where they like. */
const PASSING_MAX = 4_000

/** Puts the places of each column in an order in which few arrows cross. */
export function inOrder(arrows: Arrows, ranks: readonly number[]): Columns {
  const { columns: start, right, left } = placesOf(arrows, ranks)
  let columns = start
  let best = start
  let fewest = crossings(start, right)
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    columns = sweep % 2 === 0 ? swept(columns, left) : swept(columns.toReversed(), right).toReversed()
    const crossed = crossings(columns, right)
    if (crossed >= fewest) continue
    fewest = crossed
    best = columns
  }
  return { columns: best, right, left }
}

function placesOf({ count, after }: Arrows, ranks: readonly number[]): Columns {
  const columns: number[][] = Array.from({ length: Math.max(0, ...ranks) + 1 }, () => [])
  const right: number[][] = []
  const left: number[][] = []
  const add = (rank: number): number => {
    const at = right.length
    right.push([])
    left.push([])
    columns[rank]?.push(at)
    return at
  }
  const join = (from: number, to: number): void => {
    right[from]?.push(to)
    left[to]?.push(from)
  }
  for (let node = 0; node < count; node += 1) add(ranks[node] ?? 0)
  for (const [from, following] of after.entries()) {
    // All arrows of a node go the same way as far as they can, so that they are drawn as one.
    const way = new Map<number, number>()
    const last = (rank: number): number => way.get(rank) ?? from
    for (const to of following.toSorted((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0))) {
      const end = ranks[to] ?? 0
      for (let rank = (ranks[from] ?? 0) + 1; rank < end; rank += 1) {
        if (way.has(rank)) continue
        if (right.length - count >= PASSING_MAX) break
        const passing = add(rank)
        join(last(rank - 1), passing)
        way.set(rank, passing)
      }
      const before = end - 1 === ranks[from] ? from : way.get(end - 1)
      if (before !== undefined) join(before, to)
    }
  }
  return { columns, right, left }
}

/** Each column but the first sorted by the middle of what its places are joined to in the one before it. */
function swept(
  columns: readonly (readonly number[])[],
  joined: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const at: number[] = []
  return columns.map((column, index) => {
    const middle = new Map(
      column.map((place, own) => [place, index === 0 ? own : mean(joined[place] ?? [], at, own)]),
    )
    const sorted = column.toSorted((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0))
    for (const [position, place] of sorted.entries()) at[place] = position
    return sorted
  })
}

function mean(places: readonly number[], at: readonly number[], own: number): number {
  if (places.length === 0) return own
  return places.reduce((sum, place) => sum + (at[place] ?? 0), 0) / places.length
}

/** How many pairs of arrows cross. */
export function crossings(
  columns: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
): number {
  let total = 0
  for (const [index, column] of columns.entries()) {
    const next = columns[index + 1] ?? []
    const position = new Map(next.map((place, at) => [place, at]))
    const ends = column.flatMap((place) =>
      (right[place] ?? []).map((to) => position.get(to) ?? 0).toSorted((a, b) => a - b),
    )
    total += inversions(ends, next.length)
  }
  return total
}

/** Pairs that are in the wrong order, counted with a tree of sums (Fenwick). */
function inversions(values: readonly number[], size: number): number {
  const sums = new Uint32Array(size + 1)
  let total = 0
  for (const [seen, value] of values.entries()) {
    let before = 0
    for (let at = value + 1; at > 0; at -= at & -at) before += sums[at] ?? 0
    total += seen - before
    for (let at = value + 1; at <= size; at += at & -at) sums[at] = (sums[at] ?? 0) + 1
  }
  return total
}
