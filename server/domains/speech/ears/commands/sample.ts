import type { Classes } from './classes.ts'
import { OPEN } from './phrase.ts'
import type { Node } from './phrase.ts'

/** Stands in a sentence where words that nobody foresaw are said. */
export const GAP = '<gap>'

const DEPTH_MAX = 12

/** A row of numbers from 0 to 1 that is the same for the same seed, so that the same hints compile to the same model. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Says a phrase in one of its ways. */
export function sample(node: Node, classes: Classes, random: () => number): string[] {
  const said: string[] = []
  add(node, 0)
  return said
  function add(one: Node, depth: number): void {
    if (depth > DEPTH_MAX) return
    if (one.kind === 'word') said.push(one.word)
    else if (one.kind === 'all') {
      for (const child of one.nodes) add(child, depth)
    } else if (one.kind === 'maybe') {
      if (random() < 0.4) add(one.node, depth)
    } else if (one.kind === 'one') add(pick(one.nodes, random), depth)
    else if (one.kind === 'slot') fill(one, depth + 1)
  }
  function fill({ name, type }: Extract<Node, { kind: 'slot' }>, depth: number): void {
    // A slot for any text that is called like a kind of names is likely one of them: `rename agent {agent}`.
    const ways = classes.of(type === OPEN ? name : type)
    if (ways.length === 0 || (classes.isFree(type) && random() < 0.5)) said.push(GAP)
    else add(pick(ways, random), depth)
  }
}

function pick(nodes: readonly Node[], random: () => number): Node {
  return nodes[Math.floor(random() * nodes.length)] ?? { kind: 'all', nodes: [] }
}
