import { GAP } from './sample.ts'

/** Likelihood of a word by itself. */
export type Likelihoods = ReadonlyMap<string, number>

/** How much of what is said by itself is as in commands; the rest is as in general. */
const COMMAND_SHARE = 0.6
/** What a word that never followed counts, for each different one that did: little, since commands are written out. */
const NOVELTY = 0.3
const START = '<s>'
const END = '</s>'

/** What followed some words, and how often it was something that nobody foresaw. */
interface Followers {
  counts: Map<string, number>
  total: number
  gaps: number
}

/**
 * Estimates how words follow one another in some sentences, in the format of ARPA. Mass that a context leaves open goes
 * to shorter contexts and in the end to all words; where a gap followed, much is left open.
 *
 * @param general - all words that may be said, and how often they are said in general.
 * @see Witten and Bell 1991, method C, with a smaller share for what is new.
 */
export function writeArpa(sentences: readonly (readonly string[])[], general: Likelihoods): string {
  const contexts = [new Map<string, Followers>(), new Map<string, Followers>(), new Map<string, Followers>()]
  for (const sentence of sentences) count([START, ...sentence, END], contexts)
  const unigrams = unigramsOf(contexts[0]?.get(''), general)
  const one: string[] = [`-99 ${START} ${backoff(START, contexts[1], (word) => unigrams.get(word) ?? 0)}`]
  const bigrams = new Map<string, number>()
  const two: string[] = []
  for (const [word, likelihood] of unigrams)
    one.push(`${log(likelihood)} ${word} ${backoff(word, contexts[1], (next) => unigrams.get(next) ?? 0)}`)
  for (const [context, followers] of contexts[1] ?? [])
    for (const [word, seen] of followers.counts) bigrams.set(`${context} ${word}`, seen / weightOf(followers))
  const lower = lowerOf(contexts[1], unigrams)
  for (const [pair, likelihood] of bigrams) {
    const second = pair.slice(pair.indexOf(' ') + 1)
    two.push(`${log(likelihood)} ${pair} ${backoff(pair, contexts[2], (next) => lower(second, next))}`)
  }
  const three: string[] = []
  for (const [context, followers] of contexts[2] ?? [])
    for (const [word, seen] of followers.counts)
      three.push(`${log(seen / weightOf(followers))} ${context} ${word}`)
  return [
    '\\data\\',
    `ngram 1=${one.length}`,
    `ngram 2=${two.length}`,
    `ngram 3=${three.length}`,
    ...[one, two, three].flatMap((grams, order) => ['', `\\${order + 1}-grams:`, ...grams]),
    '',
    '\\end\\',
    '',
  ].join('\n')
}

function count(words: readonly string[], contexts: readonly Map<string, Followers>[]): void {
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const before = words[at - 1] ?? ''
    follow(contexts[0], '', word)
    if (before === GAP) continue
    follow(contexts[1], before, word)
    const earlier = words[at - 2]
    if (earlier !== undefined && earlier !== GAP) follow(contexts[2], `${earlier} ${before}`, word)
  }
}

function follow(contexts: Map<string, Followers> | undefined, context: string, word: string): void {
  let followers = contexts?.get(context)
  if (followers === undefined) {
    followers = { counts: new Map(), total: 0, gaps: 0 }
    contexts?.set(context, followers)
  }
  if (word === GAP) followers.gaps += 1
  else {
    followers.total += 1
    followers.counts.set(word, (followers.counts.get(word) ?? 0) + 1)
  }
}

function weightOf({ counts, total, gaps }: Followers): number {
  return total + gaps + NOVELTY * counts.size
}

function unigramsOf(followers: Followers | undefined, general: Likelihoods): Map<string, number> {
  const { counts, total } = followers ?? { counts: new Map<string, number>(), total: 0 }
  const all = new Map<string, number>()
  const share = total === 0 ? 0 : COMMAND_SHARE
  let whole = 0
  for (const likelihood of general.values()) whole += likelihood
  for (const [word, likelihood] of general) all.set(word, ((1 - share) * likelihood) / whole)
  for (const [word, seen] of counts) all.set(word, (all.get(word) ?? 0) + (share * seen) / total)
  if (!all.has(END)) all.set(END, 0.05)
  return all
}

/** How likely a word follows another one, by both or by itself. */
function lowerOf(contexts: Map<string, Followers> | undefined, unigrams: ReadonlyMap<string, number>) {
  const left = new Map<string, number>()
  return (before: string, word: string): number => {
    const followers = contexts?.get(before)
    const seen = followers?.counts.get(word)
    if (followers !== undefined && seen !== undefined) return seen / weightOf(followers)
    let weight = left.get(before)
    if (weight === undefined) {
      weight = 10 ** Number(backoff(before, contexts, (next) => unigrams.get(next) ?? 0))
      left.set(before, weight)
    }
    return weight * (unigrams.get(word) ?? 0)
  }
}

/** What is left open after a context, over what shorter contexts give to words that were not seen after it; log10. */
function backoff(
  context: string,
  contexts: Map<string, Followers> | undefined,
  lower: (word: string) => number,
): string {
  const followers = contexts?.get(context)
  if (followers === undefined) return '0'
  let seen_lower = 0
  for (const word of followers.counts.keys()) seen_lower += lower(word)
  const open = (followers.gaps + NOVELTY * followers.counts.size) / weightOf(followers)
  return log(open / Math.max(1e-4, 1 - seen_lower))
}

function log(likelihood: number): string {
  return Math.max(-99, Math.log10(Math.max(1e-12, likelihood))).toFixed(4)
}
