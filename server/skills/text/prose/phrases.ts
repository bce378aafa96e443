import { isStopWord, stem, wordsOf } from './words.ts'

/** Longer runs of words are sentences rather than terms. */
const TERM_WORDS_MAX = 3
/** What each further word adds: "heat pump" says more than "pump", as long as it is said as often. */
const LENGTH_BONUS = 0.2

interface Term {
  text: string
  words: readonly string[]
  count: number
  /** Place of its first use, so that ties keep the order of the text. */
  first: number
}

/**
 * The terms that a text is about, best first: runs of words between stop words and punctuation, as RAKE cuts them (Rose
 * et al. 2010), by how often their words occur.
 */
export function keyPhrases(text: string, limit: number): string[] {
  const terms = termsOf(text)
  const counts = countsOf(terms)
  const score = ({ words, count }: Term) => {
    const total = words.reduce((sum, word) => sum + (counts.get(word) ?? 0), 0)
    return (total / words.length) * (1 + LENGTH_BONUS * (words.length - 1)) * (1 + Math.log(count))
  }
  const ranked = terms
    .map((term) => ({ term, score: score(term) }))
    .toSorted((a, b) => b.score - a.score || a.term.first - b.term.first)
  const chosen: Term[] = []
  for (const { term } of ranked) {
    if (chosen.length >= limit) break
    // "mill bridge" already says "bridge".
    if (!chosen.some((other) => term.words.every((word) => other.words.includes(word)))) chosen.push(term)
  }
  return chosen.map(({ text: term }) => term)
}

function termsOf(text: string): Term[] {
  const terms = new Map<string, Term>()
  const clauses = text.toLowerCase().split(/[^\p{L}\p{M}\p{N}\s'’-]+|\s[-–—]\s|\n+/u)
  for (const run of clauses.flatMap(runsOf)) {
    const words = run.map(stem)
    const key = words.join(' ')
    const known = terms.get(key)
    if (known === undefined) terms.set(key, { text: run.join(' '), words, count: 1, first: terms.size })
    else known.count += 1
  }
  return [...terms.values()]
}

function runsOf(clause: string): string[][] {
  const runs: string[][] = [[]]
  for (const word of wordsOf(clause)) {
    if (isStopWord(word) || /^\p{N}+$/u.test(word)) runs.push([])
    else if ((runs.at(-1)?.length ?? 0) >= TERM_WORDS_MAX) runs.push([word])
    else runs.at(-1)?.push(word)
  }
  return runs.filter((run) => run.length > 0)
}

function countsOf(terms: readonly Term[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { words, count } of terms)
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + count)
  return counts
}
