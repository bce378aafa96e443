import type { Token, Utterance } from './normalise.ts'
import type { Capture } from './slots/captured.ts'
import { captured } from './slots/captured.ts'

/** A slot of a template; without a type it takes any words. */
export interface Slot {
  readonly name: string
  readonly type?: string
}

/** A state leads only to earlier ones, except a slot, which may go on. */
export type State =
  | { readonly kind: 'end' }
  | { readonly kind: 'word'; readonly key: string; readonly colon: boolean; readonly next: number }
  | { readonly kind: 'slot'; readonly slot: number; readonly next: number; unannounced: boolean }
  | { readonly kind: 'fork'; readonly next: readonly number[] }

/** What a phrase is compiled to: the last state is where matching begins, the first where it ends. */
export interface Program {
  readonly slots: readonly Slot[]
  readonly states: readonly State[]
}

export interface Match {
  readonly captures: Readonly<Record<string, Capture>>
  /** Words matched literally. */
  readonly literal_tokens: number
  /** Words in typed slots that are of the slot's type. With the literal ones: how specific the match is. */
  readonly typed_tokens: number
  /** Typed slots whose text `accepts` did not accept; 0 in a full match. */
  readonly refused: number
}

/**
 * Says whether a text can be a value of this slot type. `unannounced`: another slot may stand right before it,
 * so that in "read chapter five" the five has to show by itself that it is a time.
 */
export type Accepts = (slot_type: string, text: string, unannounced: boolean) => boolean

/** No time, number or name is longer; a typed slot that took more words is refused unasked. */
const TYPED_TOKENS_MAX = 64
/** In a text of that many words hardly any are about what is to be done with it, and each look costs. */
const LONG_TOKENS = 500
const TYPED_TOKENS_MAX_LONG = 8
/** Of what a list holds there may be as much as one says. */
const LONG_TYPES = new Set(['items'])
/** So that a hostile sentence cannot make a reader of times run all day. */
const ACCEPT_CALLS_MAX = 500
/** Places at which slots of one template may be tried to end: each slot of a sensible one begins at few words. */
const LOOKS_MAX = 40_000
const REFUSED_COST = 1_000
/** A word in a typed slot explains as much as a literal one, but of equals the literal one is preferred. */
const TYPED_GAIN = 1 - 1 / 1_024
/** A type that accepts this accepts anything, and then its words prove nothing. */
const NO_VALUE = '\u0001'
/** How many words of the utterance a match accounts for. */
export function explained({ literal_tokens, typed_tokens }: Match): number {
  return literal_tokens + typed_tokens * TYPED_GAIN
}

/** Asks each question once, and stops asking when there were too many. */
export function remembering(accepts: Accepts): Accepts {
  const known = new Map<string, boolean>()
  return (slot_type, text, unannounced) => {
    const key = `${slot_type}:${unannounced}:${text}`
    const before = known.get(key)
    if (before !== undefined) return before
    const accepted = known.size < ACCEPT_CALLS_MAX && accepts(slot_type, text, unannounced)
    known.set(key, accepted)
    return accepted
  }
}

function tokensMax(type: string, { tokens }: Utterance): number {
  if (LONG_TYPES.has(type)) return Infinity
  return tokens.length > LONG_TOKENS ? TYPED_TOKENS_MAX_LONG : TYPED_TOKENS_MAX
}

function isClosed(slot_type: string, accepts: Accepts): boolean {
  return !accepts(slot_type, NO_VALUE, false)
}

type SlotState = Extract<State, { kind: 'slot' }>

/** Where a state has been reached: 1 at its beginning, 2 inside a slot that has taken a word. */
type Reached = Uint8Array

/** Matches all of an utterance in the best way; `undefined` when there is none. */
export function bestMatch(template: Program, utterance: Utterance, accepts: Accepts): Match | undefined {
  const reached = reach(template.states, utterance)
  return reached && trace(template, utterance, scores(template, utterance, reached, accepts), accepts)
}

/** Walks forward over the words; `undefined` when no way leads to the end of the utterance. */
function reach(states: readonly State[], { text, tokens }: Utterance): Reached | undefined {
  const width = states.length
  const reached = new Uint8Array((tokens.length + 1) * width)
  reached[width - 1] = 1
  for (let at = 0; at <= tokens.length; at += 1) {
    const row = at * width
    const token = tokens[at]
    const key = token?.key
    let alive = false
    for (let s = width - 1; s >= 0; s -= 1) {
      const mark = reached[row + s] ?? 0
      const state = states[s]
      if (mark === 0 || state === undefined || state.kind === 'end') continue
      if (state.kind === 'fork') {
        for (const next of state.next) reached[row + next] = (reached[row + next] ?? 0) | 1
      } else if (state.kind === 'slot') {
        if ((mark & 2) !== 0) reached[row + state.next] = (reached[row + state.next] ?? 0) | 1
        if (key !== undefined) reached[row + width + s] = (reached[row + width + s] ?? 0) | 2
        alive = true
      } else if (state.key === key && (!state.colon || endsInColon(text, token))) {
        reached[row + width + state.next] = (reached[row + width + state.next] ?? 0) | 1
        alive = true
      }
    }
    if (!alive && at < tokens.length) return undefined
  }
  return reached[tokens.length * width] === 0 ? undefined : reached
}

/** A colon, or a dash in its place. */
function endsInColon(text: string, token: Token | undefined): boolean {
  return token !== undefined && /^["'”’]?\s*[:–—-]/u.test(text.slice(token.end, token.end + 8))
}

/** The best score from each reached place to the end, and for a slot the word it should end before. */
interface Scores {
  readonly best: Float64Array
  readonly ends: Int32Array
}

/** Walks back from the end: every state needs only later words and earlier states. */
function scores(template: Program, utterance: Utterance, reached: Reached, accepts: Accepts): Scores {
  const { states, slots } = template
  const { tokens } = utterance
  const width = states.length
  const best = new Float64Array((tokens.length + 1) * width).fill(-Infinity)
  /** The best place for a slot to end from here on, when it is inside already. */
  const leave = new Int32Array((tokens.length + 1) * width).fill(-1)
  const ends = new Int32Array((tokens.length + 1) * width).fill(-1)
  let looks = 0
  const score = (at: number, s: number): number => best[at * width + s] ?? -Infinity
  function slotScore(at: number, s: number, { next, slot, unannounced }: SlotState): void {
    const place = at * width + s
    const type = slots[slot]?.type
    const last = type === undefined ? at : Math.min(tokens.length, at + tokensMax(type, utterance))
    // Words beyond what a typed slot may take, and all words of an untyped one, are not asked about.
    const far = leave[(last + 1) * width + s] ?? -1
    let chosen = far
    let value = far === -1 ? -Infinity : score(far, next) - (type === undefined ? 0 : REFUSED_COST)
    const gains = type !== undefined && isClosed(type, accepts) ? TYPED_GAIN : 0
    for (let end = at + 1; end <= last && looks < LOOKS_MAX; end += 1) {
      if (type === undefined) break
      looks += 1
      if (score(end, next) === -Infinity) continue
      const fits = accepts(type, captured(utterance, at, end).text, unannounced)
      const gain = gains * (end - at)
      const taken = score(end, next) + (fits ? gain : -REFUSED_COST)
      if (taken >= value) [value, chosen] = [taken, end]
    }
    best[place] = value
    ends[place] = chosen
  }
  for (let at = tokens.length; at >= 0; at -= 1) {
    for (const [s, state] of states.entries()) {
      const place = at * width + s
      if (state.kind === 'end') best[place] = at === tokens.length ? 0 : -Infinity
      else if (state.kind === 'fork') best[place] = Math.max(...state.next.map((next) => score(at, next)))
      else if (state.kind === 'word') {
        if (state.key === tokens[at]?.key && (!state.colon || endsInColon(utterance.text, tokens[at])))
          best[place] = score(at + 1, state.next) + 1
      } else {
        const later = leave[place + width] ?? -1
        const here = score(at, state.next)
        // Of equal ends the last: in "meet at the bar at six" it is the second "at" that parts the slots.
        leave[place] = later !== -1 && score(later, state.next) >= here ? later : here === -Infinity ? -1 : at
        if (((reached[place] ?? 0) & 1) !== 0 && at < tokens.length) slotScore(at, s, state)
      }
    }
  }
  return { best, ends }
}

/** Follows the best scores from the beginning and notes what each slot took. */
function trace(
  { states, slots }: Program,
  utterance: Utterance,
  { best, ends }: Scores,
  accepts: Accepts,
): Match | undefined {
  const width = states.length
  const captures: Record<string, Capture> = {}
  let [literal_tokens, typed_tokens, refused, at] = [0, 0, 0, 0]
  let s = width - 1
  if (best[s] === -Infinity) return undefined
  for (let state = states[s]; state !== undefined && state.kind !== 'end'; state = states[s]) {
    if (state.kind === 'fork') {
      const row = at * width
      const wanted = best[row + s]
      s = state.next.find((next) => best[row + next] === wanted) ?? 0
      continue
    }
    if (state.kind === 'slot') {
      const end = ends[at * width + s] ?? utterance.tokens.length
      const { name = '', type } = slots[state.slot] ?? {}
      const capture = captured(utterance, at, end)
      captures[name] = capture
      const asked = type !== undefined && end - at <= tokensMax(type, utterance)
      const fits = asked && accepts(type, capture.text, state.unannounced)
      if (type !== undefined && !fits) refused += 1
      if (fits && isClosed(type, accepts)) typed_tokens += end - at
      at = end
    } else {
      literal_tokens += 1
      at += 1
    }
    s = state.next
  }
  return { captures, literal_tokens, typed_tokens, refused }
}
