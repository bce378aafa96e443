import { toForm } from '../../../kernel/unicode.ts'

/** A longer text is no command; the bound keeps the work for one text small. */
const WORDS_MAX = 100
/** Letters looked at in one word: a pasted key or address says nothing more by its tail. */
const WORD_LENGTH_MAX = 40
/** Words further apart than this seldom belong together. */
const PAIR_DISTANCE_MAX = 8
/**
 * Damps the idf weight. Full idf gives rare words too much say when each intent has few examples; measured
 * on CLINC150 and HWU64, 0.4 to 0.8 is best.
 */
const IDF_POWER = 0.6

/** The two top bits of a feature say its kind, so that each kind can be weighed and pruned by itself. */
const KIND = { words: 0, pair: 1, letters: 2 } as const
type Kind = (typeof KIND)[keyof typeof KIND]

/** The features seen in training: their hashes in ascending order, and the weight of each. */
export interface Vocabulary {
  readonly hashes: Uint32Array
  readonly idf: Float32Array
  /** The weight a feature would have that occurs in one more text. */
  readonly unseen_idf: number
}

/** A text as a sparse vector of length 1. */
export interface Vector {
  readonly ids: Int32Array
  readonly values: Float32Array
  /** How much of the text is known, 0 to 1: the length of the known part when the whole has length 1. */
  readonly known: number
}

/** Cuts a text into lower-case words without accents or apostrophes; only the length of a number counts. */
export function tokens(text: string): string[] {
  const plain = toForm(text.toLowerCase(), 'NFKD').replace(/[\p{M}'’]/gu, '')
  const words: string[] = []
  for (const [word] of plain.matchAll(/\p{L}+|\p{N}+/gu)) {
    if (words.length === WORDS_MAX) break
    words.push(/^\p{N}/u.test(word) ? '0'.repeat(Math.min(word.length, 4)) : word.slice(0, WORD_LENGTH_MAX))
  }
  return words
}

/**
 * Counts the features of a text: words, neighbouring words (with the edges of the text), pairs of words
 * whatever their order, and runs of 2 to 4 letters inside a word.
 */
export function features(words: readonly string[]): Map<number, number> {
  const counts = new Map<number, number>()
  const add = (kind: Kind, hash: number) => {
    const id = ((kind << 30) | (hash >>> 2)) >>> 0
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const hashes = words.map(hashWord)
  addWords(hashes, add)
  for (const word of words) addLetters(` ${word} `, add)
  return counts
}

function addWords(hashes: readonly number[], add: (kind: Kind, hash: number) => void): void {
  let before = EDGE
  for (const [at, hash] of hashes.entries()) {
    add(KIND.words, hash)
    add(KIND.words, mix(follow(before), hash))
    before = hash
    for (const other of hashes.slice(at + 1, at + 1 + PAIR_DISTANCE_MAX)) {
      if (other !== hash) add(KIND.pair, mix(Math.min(hash, other), Math.max(hash, other)))
    }
  }
  add(KIND.words, mix(follow(before), EDGE))
}

/** One step does not care which of two hashes is first; a step taken with the earlier one alone does. */
function follow(hash: number): number {
  return mix(hash, 1)
}

function addLetters(word: string, add: (kind: Kind, hash: number) => void): void {
  for (let start = 0; start < word.length; start += 1) {
    let hash = EDGE
    for (let length = 1; length <= 4 && start + length <= word.length; length += 1) {
      hash = mix(hash, word.charCodeAt(start + length - 1))
      if (length >= 2) add(KIND.letters, hash)
    }
  }
}

const EDGE = 0x811c9dc5

function hashWord(word: string): number {
  let hash = EDGE
  for (let at = 0; at < word.length; at += 1) hash = mix(hash, word.charCodeAt(at))
  return hash
}

/** One step of FNV-1a followed by the finaliser of MurmurHash3: all bits of the result are equally good. */
function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/**
 * Collects the features of the texts. A pair seen in one text only is chance, and most pairs are. What one text alone
 * has that is out of scope is as good as unknown.
 */
export function buildVocabulary(
  texts: readonly ReadonlyMap<number, number>[],
  isOutside: (place: number) => boolean,
): Vocabulary {
  const document_counts = new Map<number, number>()
  const inside = new Set<number>()
  for (const [place, text] of texts.entries()) {
    const isInside = !isOutside(place)
    for (const hash of text.keys()) {
      document_counts.set(hash, (document_counts.get(hash) ?? 0) + 1)
      if (isInside) inside.add(hash)
    }
  }
  const kept = [...document_counts].filter(
    ([hash, count]) => count > 1 || (hash >>> 30 !== KIND.pair && inside.has(hash)),
  )
  const hashes = Uint32Array.from(kept, ([hash]) => hash).toSorted()
  const idf = (count: number) => (Math.log((1 + texts.length) / (1 + count)) + 1) ** IDF_POWER
  return {
    hashes,
    idf: Float32Array.from(hashes, (hash) => idf(document_counts.get(hash) ?? 0)),
    unseen_idf: idf(0),
  }
}

/** Weighs the features of a text: sub-linear counts times idf, words and letters with equal share. */
export function vectorise(vocabulary: Vocabulary, counts: ReadonlyMap<number, number>): Vector {
  const ids: number[] = []
  const values: number[] = []
  const known = { words: 0, letters: 0 }
  const unknown = { words: 0, letters: 0 }
  for (const [hash, count] of counts) {
    const kind = hash >>> 30
    const block = kind === KIND.letters ? 'letters' : 'words'
    const id = find(vocabulary.hashes, hash)
    const value = (1 + Math.log(count)) * (vocabulary.idf[id] ?? vocabulary.unseen_idf)
    if (id === -1) {
      // Pairs are pruned, so that a missing one does not mean that the text is strange.
      if (kind !== KIND.pair) unknown[block] += value ** 2
      continue
    }
    known[block] += value ** 2
    ids.push(id)
    values.push(value)
  }
  return scale(vocabulary, ids, values, known, unknown)
}

interface Share {
  words: number
  letters: number
}

function scale(
  vocabulary: Vocabulary,
  ids: number[],
  values: number[],
  known: Share,
  unknown: Share,
): Vector {
  const parts = (known.words > 0 ? 1 : 0) + (known.letters > 0 ? 1 : 0)
  const words = 1 / Math.sqrt(known.words * parts || 1)
  const letters = 1 / Math.sqrt(known.letters * parts || 1)
  const first_letters = (KIND.letters << 30) >>> 0
  const share = (block: keyof Share) => known[block] / (known[block] + unknown[block] || 1)
  return {
    ids: Int32Array.from(ids),
    values: Float32Array.from(values, (value, at) =>
      (vocabulary.hashes[ids[at] ?? 0] ?? 0) >= first_letters ? value * letters : value * words,
    ),
    known: Math.sqrt((share('words') + share('letters')) / 2),
  }
}

/** Finds a hash by bisection; -1 when it is not there. */
function find(hashes: Uint32Array, hash: number): number {
  let low = 0
  let high = hashes.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = hashes[middle] ?? 0
    if (found === hash) return middle
    if (found < hash) low = middle + 1
    else high = middle - 1
  }
  return -1
}
