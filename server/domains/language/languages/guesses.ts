import type { Utterance } from '../normalise.ts'
import { compileTemplate } from '../template.ts'
import type { Compiling } from '../template.ts'

/** A phrase, and what it means. */
interface Entry {
  phrase: string
  label: string
}

/** What a sentence may mean that is no phrase: what shares the most telling words with it. */
export interface Guess {
  label: string
  /** How much of what the sentence tells is said in phrases of it, 0 to 1. */
  share: number
}

/** The types of slots whose values tell what is meant, wherever they stand. */
export const TELLING_TYPES = ['address', 'duration', 'time', 'list', 'expression'] as const

/** A word that is in the phrases of few actions tells more: this much all the telling words must tell together. */
const TELLING_MIN = 5
/** So much of it must be words of the same action. */
const SHARE_MIN = 0.55
/** What a word weighs that is in no phrase: it may be what a slot holds, or what nobody here can do. */
const UNKNOWN_WEIGHT = 0.7
/** A word that is in so many phrases of an action belongs to it as surely as one that is in more. */
const OFTEN = 3

/** Makes guesses from what stands in phrases: each word counts by how few actions it is said of. */
export function openGuesses(entries: readonly Entry[], how: Compiling) {
  const counts = new Map<string, Map<string, number>>()
  const labels = new Set<string>()
  for (const { phrase, label } of entries) {
    labels.add(label)
    for (const word of tellingWords(phrase, how)) {
      const by_label = counts.getOrInsertComputed(word, () => new Map<string, number>())
      by_label.set(label, (by_label.get(label) ?? 0) + 1)
    }
  }
  const weightOf = (word: string): number => {
    const known = counts.get(word)
    return known === undefined ? 0 : Math.log(labels.size / known.size)
  }
  return (utterance: Utterance, types: readonly string[]): Guess | undefined => {
    const words = new Set([...utterance.tokens.map(({ key }) => key), ...types.map(asWord)])
    const scores = new Map<string, number>()
    let all = 0
    for (const word of words) {
      const weight = weightOf(word)
      all += counts.has(word) ? weight : UNKNOWN_WEIGHT
      for (const [label, count] of counts.get(word) ?? [])
        scores.set(label, (scores.get(label) ?? 0) + weight * Math.min(1, count / OFTEN))
    }
    const [best] = [...scores].toSorted(([, a], [, b]) => b - a)
    if (best === undefined || best[1] < TELLING_MIN) return undefined
    const share = best[1] / all
    return share < SHARE_MIN ? undefined : { label: best[0], share }
  }
}

function tellingWords(phrase: string, how: Compiling): Set<string> {
  const { states, slots } = compileTemplate(phrase, how)
  const words = states.flatMap((state) => (state.kind === 'word' ? [state.key] : []))
  const types = slots.flatMap(({ type }) => (type === undefined ? [] : [asWord(type)]))
  return new Set([...words, ...types])
}

/** No word that is said has a colon in it. */
function asWord(type: string): string {
  return `:${type}`
}
