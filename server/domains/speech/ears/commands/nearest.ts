import type { Extent } from '../../kinds.ts'
import type { Classes } from './classes.ts'
import type { Knowledge } from './compile.ts'
import type { Node } from './phrase.ts'
import { mayGoOn } from './words.ts'

type State =
  | { readonly kind: 'end' }
  | { readonly kind: 'word'; readonly word: string; readonly next: number }
  | { readonly kind: 'slot'; readonly vocabulary: ReadonlySet<string> | undefined; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }

/** A phrase, made to be compared with what was heard. */
export interface Pattern {
  readonly node: Node
  readonly is_unfinished: boolean
  readonly states: readonly State[]
}

/** A phrase that is like what was heard. */
export interface Near {
  pattern: Pattern
  /** Words that differ. */
  edits: number
  /** Words that stand in a slot which takes anything. */
  free: number
  /** Whether words stand in a slot that takes some alone: a time, a number, a name. */
  closed: boolean
}

export interface Nearest {
  near: readonly Near[]
  /** Whether somebody who has said this has said a whole command, or may go on. */
  extent: Extent
}

const STATES_MAX = 400
const WORDS_MAX = 90
/** What a word in a slot costs, so that of two ways the one that says more in the phrase's own words is cheaper. */
const FREE_COST = 0.01
const CLOSED_COST = 0.000_01
/** How far a word that only a slot for anything took is from one of the phrase: it says little about what is meant. */
const FREE_DISTANCE = 0.25

/** Prepares phrases for comparison; one that is too long for it is left out. */
export function patternsOf(phrases: Knowledge['phrases'], classes: Classes): Pattern[] {
  const vocabularies = new Map<string, ReadonlySet<string> | undefined>()
  function vocabularyOf(type: string): ReadonlySet<string> | undefined {
    if (classes.isFree(type)) return undefined
    return vocabularies.getOrInsertComputed(type, () => {
      const words = new Set<string>()
      for (const node of classes.of(type)) collect(node, classes, words, 0)
      return words
    })
  }
  return phrases.flatMap(({ node, is_unfinished }) => {
    const states: State[] = [{ kind: 'end' }]
    emit(node, 0, states, vocabularyOf)
    return states.length > STATES_MAX ? [] : [{ node, is_unfinished, states }]
  })
}

function collect(node: Node, classes: Classes, words: Set<string>, depth: number): void {
  if (depth > 12) return
  if (node.kind === 'word') words.add(node.word)
  else if (node.kind === 'maybe') collect(node.node, classes, words, depth)
  else if (node.kind === 'slot')
    for (const way of classes.of(node.type)) collect(way, classes, words, depth + 1)
  else for (const child of node.nodes) collect(child, classes, words, depth)
}

/** Adds the states of a node that leads to `next`, all with lower numbers; returns the one it begins with. */
function emit(
  node: Node,
  next: number,
  states: State[],
  vocabularyOf: (type: string) => ReadonlySet<string> | undefined,
): number {
  if (node.kind === 'all')
    return node.nodes.reduceRight((after, child) => emit(child, after, states, vocabularyOf), next)
  if (node.kind === 'word') states.push({ kind: 'word', word: node.word, next })
  else if (node.kind === 'slot') states.push({ kind: 'slot', vocabulary: vocabularyOf(node.type), next })
  else if (node.kind === 'maybe')
    states.push({ kind: 'fork', next: [emit(node.node, next, states, vocabularyOf), next] })
  else states.push({ kind: 'fork', next: node.nodes.map((child) => emit(child, next, states, vocabularyOf)) })
  return states.length - 1
}

/** Phrases that are compared word by word: the ones that share the most words with what was heard. */
const COMPARED_MAX = 200

/** Phrases by the words in them. */
export interface PatternIndex {
  /** Phrases that share a word with what was heard, most words first, as many as are worth comparing. */
  sharing(words: readonly string[]): readonly Pattern[]
}

export function indexPatterns(patterns: readonly Pattern[]): PatternIndex {
  const by_word = new Map<string, number[]>()
  for (const [number, { states }] of patterns.entries()) {
    const words = new Set(states.flatMap((state) => (state.kind === 'word' ? [state.word] : [])))
    for (const word of words) by_word.getOrInsertComputed(word, () => []).push(number)
  }
  return {
    sharing(words) {
      const shared = new Uint8Array(patterns.length)
      for (const word of new Set(words))
        for (const at of by_word.get(word) ?? []) shared[at] = (shared[at] ?? 0) + 1
      return [...shared.keys()]
        .filter((at) => (shared[at] ?? 0) > 0)
        .toSorted((a, b) => (shared[b] ?? 0) - (shared[a] ?? 0))
        .slice(0, COMPARED_MAX)
        .flatMap((at) => patterns[at] ?? [])
    },
  }
}

/** The phrases that are most like what was heard, nearest first. */
export function nearest(index: PatternIndex, words: readonly string[], count: number): Nearest {
  if (words.length === 0 || words.length > WORDS_MAX) return { near: [], extent: 'open' }
  let ended = 1
  let going = 1
  let longer = 1
  const near = index.sharing(words).map((pattern) => {
    const { cost, end, on, more } = compare(pattern.states, words)
    if (!pattern.is_unfinished) ended = Math.min(ended, end)
    going = Math.min(going, pattern.is_unfinished ? Math.min(on, end) : on)
    longer = Math.min(longer, more)
    return { pattern, ...partsOf(cost) }
  })
  return {
    near: near.toSorted((a, b) => distance(a) - distance(b)).slice(0, count),
    extent: extentOf({ ended, going, longer }, words),
  }
}

/** A command that says it in more of its own words is meant, rather than one that would go on. */
function extentOf(
  { ended, going, longer }: { ended: number; going: number; longer: number },
  words: readonly string[],
): Extent {
  if (ended >= going || longer < ended || mayGoOn(words.at(-1) ?? '')) return 'open'
  return ended < longer ? 'whole' : 'lengthen'
}

function distance({ edits, free }: Near): number {
  return edits + FREE_DISTANCE * free
}

function partsOf(cost: number): Omit<Near, 'pattern'> {
  const edits = Math.floor(cost)
  const free = Math.floor((cost - edits) / FREE_COST + CLOSED_COST)
  return { edits, free, closed: cost - edits - free * FREE_COST > CLOSED_COST / 2 }
}

/** What each step costs in edits, over all ways of saying a phrase: the distance of Levenshtein with slots. */
function compare(
  states: readonly State[],
  words: readonly string[],
): { cost: number; end: number; on: number; more: number } {
  // Of every state there are two: before it, and, for a slot, within it after a word.
  let before = new Float64Array(states.length).fill(Infinity)
  let within = new Float64Array(states.length).fill(Infinity)
  before[states.length - 1] = 0
  /** Moves that take no word. */
  function settle(): void {
    for (let at = states.length - 1; at >= 0; at -= 1) {
      const state = states[at]
      const cost = before[at] ?? Infinity
      if (state?.kind === 'fork') for (const next of state.next) least(before, next, cost)
      else if (state?.kind === 'word') least(before, state.next, cost + 1)
      else if (state?.kind === 'slot') least(before, state.next, Math.min(cost + 2, within[at] ?? Infinity))
    }
  }
  settle()
  for (const word of words) {
    const after = new Float64Array(states.length).fill(Infinity)
    const inside = new Float64Array(states.length).fill(Infinity)
    for (const [at, state] of states.entries()) {
      const cost = before[at] ?? Infinity
      least(after, at, cost + 1)
      if (state.kind === 'word') least(after, state.next, cost + (state.word === word ? 0 : 1))
      else if (state.kind === 'slot') {
        const step = state.vocabulary === undefined ? FREE_COST : state.vocabulary.has(word) ? CLOSED_COST : 1
        least(inside, at, Math.min(cost, within[at] ?? Infinity) + step)
      }
    }
    before = after
    within = inside
    settle()
  }
  return { cost: before[0] ?? Infinity, ...endOf(states, before, within, words.length) }
}

function least(row: Float64Array, at: number, cost: number): void {
  if (cost < (row[at] ?? 0)) row[at] = cost
}

/**
 * What it costs, below 1 where all words fit, that a phrase is at its end, that it goes on in a slot for anything, and that
 * it is a longer one, which goes on with a word of its own or a slot.
 */
function endOf(
  states: readonly State[],
  before: Float64Array,
  within: Float64Array,
  count: number,
): { end: number; on: number; more: number } {
  const end = before[0] ?? 1
  let on = 1
  let more = 1
  // A phrase that begins with a slot for anything fits all that is ever said: most of it must be its own words.
  const fitsAll = beginsFree(states, states.length - 1)
  for (const [at, state] of states.entries()) {
    const open = isFree(state) ? (within[at] ?? 1) : 1
    const fits = (cost: number): boolean => cost < 1 && (!fitsAll || partsOf(cost).free * 2 < count)
    if (fits(open)) on = Math.min(on, open)
    // Whoever goes on with a word or a slot that may be left out says it without a pause.
    const next = (state.kind === 'word' || state.kind === 'slot') && end >= 1 ? (before[at] ?? 1) : 1
    if (fits(next)) more = Math.min(more, next)
  }
  return { end, on, more }
}

function isFree(state: State | undefined): boolean {
  return state?.kind === 'slot' && state.vocabulary === undefined
}

function beginsFree(states: readonly State[], at: number): boolean {
  const state = states[at]
  return state?.kind === 'fork' ? state.next.some((next) => beginsFree(states, next)) : isFree(state)
}
