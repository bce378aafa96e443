/** Arrows between nodes, which are numbers from 0: `after[n]` are those that n points at, in their order. */
export interface Arrows {
  readonly count: number
  readonly after: readonly (readonly number[])[]
}

/** Arrows without loops and repetitions, in the order of the nodes. */
export function toArrows(count: number, edges: readonly (readonly [number, number])[]): Arrows {
  const after = Array.from({ length: count }, () => new Set<number>())
  for (const [from, to] of edges) if (from !== to) after[from]?.add(to)
  return { count, after: after.map((found) => [...found].toSorted((a, b) => a - b)) }
}

/**
 * Turns around as many arrows as make the rest free of circles: those that lead back to where a walk came from. Walks
 * begin where nothing points at, so that what begins stays left of what follows.
 */
export function withoutCircles({ count, after }: Arrows): Arrows {
  const pointed = new Set(after.flat())
  const nodes = Array.from({ length: count }, (_, node) => node)
  const starts = [...nodes.filter((node) => !pointed.has(node)), ...nodes]
  const state = new Uint8Array(count)
  const edges: [number, number][] = []
  for (const start of starts) {
    if (state[start] !== NEW) continue
    const walk: { node: number; next: number }[] = [{ node: start, next: 0 }]
    state[start] = OPEN
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const to = after[top.node]?.[top.next]
      top.next += 1
      if (to === undefined) {
        state[top.node] = DONE
        walk.pop()
      } else if (state[to] === OPEN) edges.push([to, top.node])
      else {
        edges.push([top.node, to])
        if (state[to] === NEW) {
          state[to] = OPEN
          walk.push({ node: to, next: 0 })
        }
      }
    }
  }
  return toArrows(count, edges)
}

const NEW = 0
const OPEN = 1
const DONE = 2

/** The column of each node: right of all that point at it, and what nothing points at close to what it points at. */
export function ranksOf({ count, after }: Arrows): number[] {
  const waiting = new Uint32Array(count)
  for (const to of after.flat()) waiting[to] = (waiting[to] ?? 0) + 1
  const isStart = Array.from(waiting, (before) => before === 0)
  const ranks = Array.from({ length: count }, () => 0)
  const ready = [...isStart.keys()].filter((node) => isStart[node])
  for (let at = 0; at < ready.length; at += 1) {
    const node = ready[at] ?? 0
    for (const to of after[node] ?? []) {
      ranks[to] = Math.max(ranks[to] ?? 0, (ranks[node] ?? 0) + 1)
      waiting[to] = (waiting[to] ?? 0) - 1
      if (waiting[to] === 0) ready.push(to)
    }
  }
  for (const [node, following] of after.entries())
    if (isStart[node] === true && following.length > 0)
      ranks[node] = Math.min(...following.map((to) => ranks[to] ?? 0)) - 1
  return ranks
}

/** The column of each node by how few arrows lead to it: what many ways lead to is where the shortest of them ends. */
export function depthsOf({ count, after }: Arrows): number[] {
  const pointed = new Set(after.flat())
  const depths = Array.from({ length: count }, () => -1)
  let edge = [...depths.keys()].filter((node) => !pointed.has(node))
  for (let depth = 0; edge.length > 0; depth += 1) {
    for (const node of edge) depths[node] = depth
    const next = new Set(edge.flatMap((node) => after[node] ?? []))
    edge = [...next].filter((node) => depths[node] === -1).toSorted((a, b) => a - b)
  }
  return depths
}

/** The arrows turned so that all lead to the right; those within a column are left out. */
export function turned({ count, after }: Arrows, ranks: readonly number[]): Arrows {
  const rank = (node: number): number => ranks[node] ?? 0
  const edges = after.flatMap((following, from) =>
    following.flatMap((to): [number, number][] => {
      if (rank(from) === rank(to)) return []
      return [rank(from) < rank(to) ? [from, to] : [to, from]]
    }),
  )
  return toArrows(count, edges)
}
