import { sentencesOf } from './sentences.ts'
import { isStopWord, stem, wordsOf } from './words.ts'

/** Ranking compares each sentence with each other one; beyond this many it would hold up everything else. */
const RANKED_MAX = 500
const ROUNDS = 30
const DAMPING = 0.85
/** Without a wish: a third of the sentences, at least one and at most this many. */
const DEFAULT_MAX = 3
/** How much more the first sentence counts than one in the middle. */
const OPENING_BONUS = 0.25

interface Sentence {
  text: string
  index: number
  words: Set<string>
}

/**
 * The sentences of a text that say most of what the others say, in their order (TextRank, Mihalcea and Tarau 2004,
 * with a bonus for the opening). A text of more than 500 sentences is first cut to those with its commonest words.
 */
export function summaryOf(text: string, wanted?: number): { summary: string; kept: number; of: number } {
  const all = sentencesOf(text)
  const sentences = all.map((sentence, index) => ({ text: sentence, index, words: subjectsOf(sentence) }))
  const count = Math.min(wanted ?? Math.max(1, Math.min(DEFAULT_MAX, Math.round(all.length / 3))), all.length)
  const ranked = rank(commonest(sentences))
  const chosen = ranked.slice(0, count).toSorted((a, b) => a.index - b.index)
  return { summary: chosen.map((sentence) => sentence.text).join(' '), kept: chosen.length, of: all.length }
}

function subjectsOf(sentence: string): Set<string> {
  return new Set(
    wordsOf(sentence)
      .filter((word) => !isStopWord(word))
      .map(stem),
  )
}

function commonest(sentences: readonly Sentence[]): readonly Sentence[] {
  if (sentences.length <= RANKED_MAX) return sentences
  const counts = new Map<string, number>()
  for (const { words } of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  const weigh = ({ words }: Sentence) =>
    words.size === 0
      ? 0
      : [...words].reduce((sum, word) => sum + (counts.get(word) ?? 0), 0) / Math.sqrt(words.size)
  return sentences
    .map((sentence) => ({ sentence, weight: weigh(sentence) }))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, RANKED_MAX)
    .map(({ sentence }) => sentence)
    .toSorted((a, b) => a.index - b.index)
}

/** Best first. */
function rank(sentences: readonly Sentence[]): Sentence[] {
  const links = linksBetween(sentences)
  const totals = links.map((row) => row.reduce((sum, link) => sum + link, 0))
  let scores = sentences.map(() => 1)
  for (let round = 0; round < ROUNDS; round += 1) scores = step(links, totals, scores)
  return sentences
    .map((sentence, at) => ({
      sentence,
      score: (scores[at] ?? 0) * (sentence.index === 0 ? 1 + OPENING_BONUS : 1),
    }))
    .toSorted((a, b) => b.score - a.score || a.sentence.index - b.sentence.index)
    .map(({ sentence }) => sentence)
}

function step(
  links: readonly Float64Array[],
  totals: readonly number[],
  scores: readonly number[],
): number[] {
  const shares = scores.map((score, at) => ((totals[at] ?? 0) > 0 ? score / (totals[at] ?? 1) : 0))
  return links.map(
    (row) => 1 - DAMPING + DAMPING * row.reduce((sum, link, at) => sum + link * (shares[at] ?? 0), 0),
  )
}

function linksBetween(sentences: readonly Sentence[]): Float64Array[] {
  const links = sentences.map(() => new Float64Array(sentences.length))
  for (const [at, a] of sentences.entries())
    for (let other = at + 1; other < sentences.length; other += 1) {
      const b = sentences[other]
      const link = b === undefined ? 0 : likeness(a, b)
      links[at]?.fill(link, other, other + 1)
      links[other]?.fill(link, at, at + 1)
    }
  return links
}

/** Words in common, for the length of both. */
function likeness(a: Sentence, b: Sentence): number {
  const [small, large] = a.words.size < b.words.size ? [a.words, b.words] : [b.words, a.words]
  let common = 0
  for (const word of small) if (large.has(word)) common += 1
  return common === 0 ? 0 : common / (Math.log(a.words.size + 1) + Math.log(b.words.size + 1))
}
