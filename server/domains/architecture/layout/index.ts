import { inOrder } from './order.ts'
import type { Columns } from './order.ts'
import { depthsOf, ranksOf, toArrows, turned, withoutCircles } from './rank.ts'

/** Upper left corner of a node. */
export interface Point {
  x: number
  y: number
}

/** What a node takes, and from one to the next in a row and in a column. */
export const NODE = { width: 180, height: 56 }
const STEP_X = 280
const STEP_Y = 84
/** Where an arrow passes, less is enough. */
const PASSING_Y = 28
/** Nodes one above the other; a taller column is broken into several. */
const COLUMN_MAX = 25
/** Columns that are never too many. */
const COLUMNS_MIN = 12
/** Room between parts of the picture that nothing joins. */
const GAP = 60
/** How much wider than high a picture is to be. */
const ASPECT = 1.6

/** A part of the picture that hangs together, its corner at 0. */
interface Block {
  places: [node: number, at: Point][]
  width: number
  height: number
}

/**
 * Lays a graph out in columns, from left to right as the arrows go. The same nodes and arrows give the same places, and
 * no two nodes overlap.
 *
 * @param nodes - in the order that decides where nothing else does.
 */
export function layOut(
  nodes: readonly string[],
  edges: readonly (readonly [source: string, target: string])[],
): Map<string, Point> {
  const index = new Map(nodes.map((id, at) => [id, at]))
  const known = edges.flatMap(([source, target]) => {
    const [from, to] = [index.get(source), index.get(target)]
    return from === undefined || to === undefined || from === to ? [] : [[from, to] as const]
  })
  const parts = partsOf(nodes.length, known)
  const single = parts.filter((part) => part.length === 1).flat()
  const joined = parts.filter((part) => part.length > 1)
  const blocks = joined.map((part) => toBlock(part, known)).toSorted((a, b) => b.height - a.height)
  const placed = pack([...blocks, ...(single.length > 0 ? [toGrid(single)] : [])])
  return new Map(
    placed
      .toSorted(([a], [b]) => a - b)
      .flatMap(([node, at]) => (nodes[node] === undefined ? [] : [[nodes[node], at]])),
  )
}

/** The nodes that hang together, each part in its order. */
function partsOf(count: number, edges: readonly (readonly [number, number])[]): number[][] {
  const above = Array.from({ length: count }, (_, node) => node)
  const top = (node: number): number => {
    let at = node
    while (above[at] !== at) {
      above[at] = above[above[at] ?? 0] ?? 0
      at = above[at] ?? 0
    }
    return at
  }
  for (const [from, to] of edges) above[Math.max(top(from), top(to))] = Math.min(top(from), top(to))
  const parts = new Map<number, number[]>()
  for (let node = 0; node < count; node += 1) parts.getOrInsertComputed(top(node), () => []).push(node)
  return [...parts.values()]
}

function toBlock(part: readonly number[], edges: readonly (readonly [number, number])[]): Block {
  const index = new Map(part.map((node, at) => [node, at]))
  const own = edges.flatMap(([from, to]) => {
    const [a, b] = [index.get(from), index.get(to)]
    return a === undefined || b === undefined ? [] : [[a, b] as const]
  })
  const columns = toColumns(part.length, own)
  const heights = heightsOf(columns, part.length)
  const places: Block['places'] = []
  let x = 0
  for (const column of columns.columns) {
    const nodes = column.filter((place) => place < part.length)
    const rows = Math.ceil(nodes.length / Math.max(1, Math.ceil(nodes.length / COLUMN_MAX)))
    for (const [at, place] of nodes.entries()) {
      const isBroken = nodes.length > COLUMN_MAX
      const y = isBroken ? (at % rows) * STEP_Y : (heights[place] ?? 0)
      places.push([part[place] ?? 0, { x: x + (isBroken ? Math.floor(at / rows) * STEP_X : 0), y }])
    }
    x += STEP_X * Math.max(1, Math.ceil(nodes.length / Math.max(1, rows)))
  }
  return atCorner(places)
}

/** Columns in which every arrow leads to the right, unless that makes very many: then what is close comes before that. */
function toColumns(count: number, edges: readonly (readonly [number, number])[]): Columns {
  const arrows = withoutCircles(toArrows(count, edges))
  const ranks = ranksOf(arrows)
  if (Math.max(...ranks) < Math.max(COLUMNS_MIN, 2 * Math.sqrt(count))) return inOrder(arrows, ranks)
  const depths = depthsOf(arrows)
  return inOrder(turned(arrows, depths), depths)
}

/** How high each place is: as close as can be to what it is joined to, without overlapping. */
function heightsOf({ columns, left, right }: Columns, count: number): number[] {
  const heights: number[] = []
  const room = (place: number): number => (place < count ? STEP_Y : PASSING_Y)
  for (const column of columns) {
    let y = 0
    for (const place of column) {
      heights[place] = y + room(place) / 2
      y += room(place)
    }
  }
  const settle = (column: readonly number[], joined: readonly (readonly number[])[]): void => {
    const wanted = column.map((place) => {
      const near = joined[place] ?? []
      if (near.length === 0) return heights[place] ?? 0
      return near.reduce((sum, other) => sum + (heights[other] ?? 0), 0) / near.length
    })
    for (const [at, y] of spread(wanted, column.map(room)).entries()) heights[column[at] ?? 0] = y
  }
  for (let sweep = 0; sweep < 3; sweep += 1) {
    for (const column of columns.slice(1)) settle(column, left)
    for (const column of columns.toReversed().slice(1)) settle(column, right)
  }
  return heights.map(Math.round)
}

/** The places closest to the wanted ones, by the squares of the distances, that keep their order and their room. */
function spread(wanted: readonly number[], room: readonly number[]): number[] {
  let before = 0
  const offsets = room.map((own, at) => {
    before += at === 0 ? 0 : ((room[at - 1] ?? 0) + own) / 2
    return before
  })
  // Without the room that they need, the places must only not go back: neighbours that would are joined to their mean.
  const joined: { sum: number; count: number }[] = []
  for (const [at, y] of wanted.entries()) {
    let last = { sum: y - (offsets[at] ?? 0), count: 1 }
    for (let other = joined.at(-1); other !== undefined; other = joined.at(-1)) {
      if (other.sum / other.count < last.sum / last.count) break
      last = { sum: other.sum + last.sum, count: other.count + last.count }
      joined.pop()
    }
    joined.push(last)
  }
  const free = joined.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count))
  return free.map((y, at) => y + (offsets[at] ?? 0))
}

function toGrid(nodes: readonly number[]): Block {
  const wide = Math.max(1, Math.ceil(Math.sqrt((nodes.length * STEP_Y * ASPECT) / STEP_X)))
  return atCorner(
    nodes.map((node, at) => [node, { x: (at % wide) * STEP_X, y: Math.floor(at / wide) * STEP_Y }]),
  )
}

function atCorner(places: readonly [number, Point][]): Block {
  const left = Math.min(...places.map(([, { x }]) => x))
  const top = Math.min(...places.map(([, { y }]) => y))
  const moved = places.map(([node, { x, y }]): [number, Point] => [node, { x: x - left, y: y - top }])
  return {
    places: moved,
    width: Math.max(...moved.map(([, { x }]) => x)) + NODE.width,
    height: Math.max(...moved.map(([, { y }]) => y)) + NODE.height,
  }
}

/** Puts the parts beside and below each other, in rows that are as wide as makes the whole a little wider than high. */
function pack(blocks: readonly Block[]): [number, Point][] {
  const area = blocks.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0)
  const widest = Math.max(0, ...blocks.map(({ width }) => width), Math.sqrt(area * ASPECT))
  const placed: [number, Point][] = []
  let [left, top, row] = [0, 0, 0]
  for (const { places, width, height } of blocks) {
    if (left > 0 && left + width > widest) {
      top += row + GAP
      left = 0
      row = 0
    }
    for (const [node, { x, y }] of places) placed.push([node, { x: left + x, y: top + y }])
    left += width + GAP
    row = Math.max(row, height)
  }
  return placed
}
