import type { Accepts, Match, Program, Slot, State } from './match.ts'
import { bestMatch, explained, remembering } from './match.ts'
import type { Utterance } from './normalise.ts'
import { tokenise } from './normalise.ts'

export type { Capture } from './slots/captured.ts'
export type { Accepts, Match }

/** A compiled phrase such as `remind me [to] {what} (at|in) {when:time}`. */
export interface Template extends Program {
  readonly phrase: string
  readonly root: Node
}

export interface Found<Id> {
  readonly id: Id
  readonly match: Match
}

/** Many templates behind one question. */
export interface TemplateIndex<Id> {
  /** Every template that matches, best first: fewest refused slots, then most explained words, then given order. */
  match(utterance: Utterance, accepts?: Accepts): Found<Id>[]
}

/** How phrases of a language are compiled. */
export interface Compiling {
  /** How a word is compared: a language may take several forms of it for one. */
  readonly keyOf: (word: string) => string
  /** Ways to say one phrase. Matching costs by its words and not by its ways; the limit is against mistakes. */
  readonly ways_max: number
}

/** A phrase that is not a template; `position` counts from 0. */
export class TemplateError extends Error {
  readonly position: number
  constructor(message: string, position: number) {
    super(`${message} (at character ${position + 1})`)
    this.name = 'TemplateError'
    this.position = position
  }
}

type Node =
  | { readonly kind: 'word'; readonly key: string; readonly colon: boolean }
  | { readonly kind: 'slot'; readonly slot: number; readonly typed: boolean }
  | { readonly kind: 'all' | 'one'; readonly nodes: readonly Node[] }
  | { readonly kind: 'maybe'; readonly node: Node }

const PHRASE_CHARS_MAX = 500
const SLOTS_MAX = 8
/** Ways to say one phrase. More is a mistake in it, and would hide which words are required. */
const EXPANSIONS_MAX = 200
const AS_WRITTEN: Compiling = { keyOf: (word) => word, ways_max: EXPANSIONS_MAX }
const DEPTH_MAX = 20
const SLOT = /\{([a-z][a-z0-9_]{0,39})(?::([a-z][a-z0-9_]{0,39}))?\}/y
const PLAIN = /[^{}[\]()|]+/y

/**
 * Compiles a phrase: `{slot}`, `{slot:type}`, `[optional words]`, `(one|of these)`, nested as needed. A colon in a phrase
 * that begins with a slot must be said: nothing else tells "camping list: rope" from what somebody tells of a list.
 *
 * @throws TemplateError for an unbalanced or too long phrase, more than 8 slots or 200 expansions, or
 * one that would match anything.
 */
export function compileTemplate(phrase: string, how: Compiling = AS_WRITTEN): Template {
  if (phrase.length > PHRASE_CHARS_MAX) {
    throw new TemplateError(`A phrase has at most ${PHRASE_CHARS_MAX} characters`, PHRASE_CHARS_MAX)
  }
  const { root, slots } = parse(phrase, how)
  if (!isAnchored(root))
    throw new TemplateError('A phrase needs a word or a typed slot that is always there', 0)
  const states: State[] = [{ kind: 'end' }]
  emit(root, 0, states)
  for (const state of states) if (state.kind === 'slot') markUnannounced(state.next, states)
  return { phrase, slots, states, root }
}

/** What is wrong with a phrase, in a sentence. */
export function findPhraseProblem(phrase: string): string | undefined {
  try {
    compileTemplate(phrase)
    return undefined
  } catch (error) {
    if (error instanceof TemplateError) return error.message
    throw error
  }
}

/** Matches all of an utterance; where it can be split in several ways, as `accepts` and the literal words prefer. */
export function matchTemplate(
  template: Template,
  utterance: Utterance,
  accepts: Accepts = () => true,
): Match | undefined {
  return bestMatch(template, utterance, remembering(accepts))
}

/**
 * Indexes templates by a word each of them requires, so that few are tried.
 *
 * @throws TemplateError for the first bad phrase.
 */
export function compileAll<Id>(
  entries: readonly { phrase: string; id: Id }[],
  how: Compiling = AS_WRITTEN,
): TemplateIndex<Id> {
  const compiled = entries.map(({ phrase, id }, order) => ({
    id,
    order,
    template: compileTemplate(phrase, how),
  }))
  type Entry = (typeof compiled)[number]
  const uses = new Map<string, number>()
  for (const { template } of compiled) {
    const keys = new Set(template.states.flatMap((state) => (state.kind === 'word' ? [state.key] : [])))
    for (const key of keys) uses.set(key, (uses.get(key) ?? 0) + 1)
  }
  const by_key = new Map<string, Entry[]>()
  const always: Entry[] = []
  for (const entry of compiled) {
    const required = requiredWords(entry.template.root, uses)
    if (required === undefined) always.push(entry)
    for (const key of new Set(required?.keys)) {
      const entries_of_key = by_key.get(key)
      if (entries_of_key === undefined) by_key.set(key, [entry])
      else entries_of_key.push(entry)
    }
  }
  return {
    match(utterance, accepts = () => true) {
      const candidates = new Set(always)
      for (const { key } of utterance.tokens) for (const entry of by_key.get(key) ?? []) candidates.add(entry)
      const asked = remembering(accepts)
      const found = [...candidates].flatMap(({ id, order, template }) => {
        const match = bestMatch(template, utterance, asked)
        return match === undefined ? [] : [{ id, order, match }]
      })
      return found
        .toSorted(
          (a, b) =>
            a.match.refused - b.match.refused || explained(b.match) - explained(a.match) || a.order - b.order,
        )
        .map(({ id, match }) => ({ id, match }))
    },
  }
}

function parse(phrase: string, { keyOf, ways_max }: Compiling): { root: Node; slots: Slot[] } {
  const slots: Slot[] = []
  let at = 0
  function fail(message: string, position = at): never {
    throw new TemplateError(message, position)
  }
  function slot(): Node {
    SLOT.lastIndex = at
    const match = SLOT.exec(phrase)
    if (match === null) return fail('A slot is {name} or {name:type} in small letters')
    if (slots.length === SLOTS_MAX) fail(`A phrase has at most ${SLOTS_MAX} slots`)
    const [whole, name = '', type] = match
    at += whole.length
    slots.push({ name, ...(type !== undefined && { type }) })
    return { kind: 'slot', slot: slots.length - 1, typed: type !== undefined }
  }
  function group(depth: number): Node {
    const open = at
    const close = phrase[at] === '[' ? ']' : ')'
    if (depth > DEPTH_MAX) fail('Brackets are nested too deeply')
    at += 1
    const node = choice(depth)
    if (phrase[at] !== close) fail(`This bracket is not closed by "${close}"`, open)
    at += 1
    return close === ']' ? { kind: 'maybe', node } : node
  }
  function choice(depth: number): Node {
    const nodes = [sequence(depth)]
    while (phrase[at] === '|') {
      at += 1
      nodes.push(sequence(depth))
    }
    return { kind: 'one', nodes }
  }
  function sequence(depth: number): Node {
    const start = at
    const nodes: Node[] = []
    let ways = 1
    for (let char = phrase[at]; char !== undefined && !'])|}'.includes(char); char = phrase[at]) {
      if (char === '{') nodes.push(slot())
      else if (char === '[' || char === '(') {
        const node = group(depth + 1)
        ways *= expansions(node)
        if (ways > ways_max) fail(`A phrase can be said in at most ${ways_max} ways`, start)
        nodes.push(node)
      } else nodes.push(...words())
    }
    if (nodes.length === 0) fail('Words are missing here')
    // Alternatives may share a name, but one way of saying the phrase fills it once.
    const names = nodes.flatMap((node) => [...new Set(slotsIn(node).map((number) => slots[number]?.name))])
    const twice = names.find((name, index) => names.indexOf(name) < index)
    return twice === undefined ? { kind: 'all', nodes } : fail(`The slot {${twice}} occurs twice`, start)
  }
  function words(): Node[] {
    PLAIN.lastIndex = at
    const text = PLAIN.exec(phrase)?.[0] ?? ''
    at += text.length
    const isNeeded = phrase.startsWith('{')
    return tokenise(text).map(({ key, end }) => ({
      kind: 'word',
      key: keyOf(key),
      colon: isNeeded && text[end] === ':',
    }))
  }
  const root = sequence(0)
  if (at < phrase.length) fail(`"${phrase[at]}" has no opening bracket`)
  return { root, slots }
}

function expansions(node: Node): number {
  if (node.kind === 'word' || node.kind === 'slot') return 1
  if (node.kind === 'maybe') return expansions(node.node) + 1
  const counts = node.nodes.map((child) => expansions(child))
  return node.kind === 'all' ? counts.reduce((a, b) => a * b, 1) : counts.reduce((a, b) => a + b, 0)
}

function slotsIn(node: Node): number[] {
  if (node.kind === 'slot') return [node.slot]
  if (node.kind === 'maybe') return slotsIn(node.node)
  return node.kind === 'word' ? [] : node.nodes.flatMap((child) => slotsIn(child))
}

function isAnchored(node: Node): boolean {
  if (node.kind === 'word') return true
  if (node.kind === 'slot') return node.typed
  if (node.kind === 'maybe') return false
  return node.kind === 'all' ? node.nodes.some(isAnchored) : node.nodes.every(isAnchored)
}

/** The words of which one must occur: the rarest such set, by how many templates use them. */
function requiredWords(
  node: Node,
  uses: ReadonlyMap<string, number>,
): { keys: string[]; cost: number } | undefined {
  if (node.kind === 'word') return { keys: [node.key], cost: uses.get(node.key) ?? 0 }
  if (node.kind === 'slot' || node.kind === 'maybe') return undefined
  const sets = node.nodes.map((child) => requiredWords(child, uses))
  const known = sets.filter((set) => set !== undefined)
  if (node.kind === 'all') return known.toSorted((a, b) => a.cost - b.cost)[0]
  if (known.length < sets.length) return undefined
  return { keys: known.flatMap(({ keys }) => keys), cost: known.reduce((sum, { cost }) => sum + cost, 0) }
}

/** Adds the states of a node that leads to `next`; returns the state it begins with. */
function emit(node: Node, next: number, states: State[]): number {
  if (node.kind === 'all') return node.nodes.reduceRight((after, child) => emit(child, after, states), next)
  if (node.kind === 'word') states.push({ kind: 'word', key: node.key, colon: node.colon, next })
  else if (node.kind === 'slot') states.push({ kind: 'slot', slot: node.slot, next, unannounced: false })
  else if (node.kind === 'maybe') states.push({ kind: 'fork', next: [emit(node.node, next, states), next] })
  else states.push({ kind: 'fork', next: node.nodes.map((child) => emit(child, next, states)) })
  return states.length - 1
}

function markUnannounced(s: number, states: readonly State[]): void {
  const state = states[s]
  if (state?.kind === 'fork') for (const next of state.next) markUnannounced(next, states)
  else if (state?.kind === 'slot') state.unannounced = true
}
