import { NODE } from './layout/index.ts'
import type { Point } from './layout/index.ts'

/** Between two nodes that keep clear of each other. */
const CLEAR = 28
/** Places that are tried below the first one. */
const TRIES_MAX = 1_000

/**
 * Puts the nodes that a user moved where they were moved to. What was laid out and would lie under one of them goes below
 * it; what users put on each other stays so.
 */
export function pin(
  places: ReadonlyMap<string, Point>,
  moved: ReadonlyMap<string, Point>,
): Map<string, Point> {
  const pinned = [...places.keys()].flatMap((id) => moved.get(id) ?? [])
  if (pinned.length === 0) return new Map(places)
  const free = [...places].filter(([id]) => !moved.has(id)).map(([, at]) => at)
  const taken = [...pinned]
  const aside = new Map<string, Point>()
  for (const [id, at] of places) {
    if (moved.has(id) || !pinned.some((other) => overlaps(at, other))) continue
    const place = placeBelow(at, [...taken, ...free.filter((other) => other !== at)])
    taken.push(place)
    aside.set(id, place)
  }
  return new Map([...places].map(([id, at]) => [id, moved.get(id) ?? aside.get(id) ?? at]))
}

function placeBelow(at: Point, others: readonly Point[]): Point {
  let place = at
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const inTheWay = others.find((other) => overlaps(place, other))
    if (inTheWay === undefined) break
    place = { x: place.x, y: inTheWay.y + NODE.height + CLEAR }
  }
  return place
}

/** Whether two nodes are closer than they may be. */
export function overlaps(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) < NODE.width && Math.abs(a.y - b.y) < NODE.height
}
