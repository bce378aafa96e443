import { ORDER_CHARS_MAX } from '../normalise.ts'
import { distance } from './distance.ts'

/** What a text means when the typing errors in it are repaired. */
export interface Repaired {
  /** As many words as before, each in its place: whoever captures words can still take them as they were written. */
  text: string
  /** What was written, and what it was taken for. */
  changed: [from: string, to: string][]
  /** How many known words were compared: the work that it took. */
  compared: number
}

export interface Spelling {
  repair(text: string): Repaired
  /** Whether a word is one of those that are known. */
  knows(word: string): boolean
}

/** Below this a word has too many neighbours to be taken for one of them. */
const LENGTH_MIN = 4
/** Nothing longer is a word of command, and leaving out two letters of it is much work. */
const LENGTH_MAX = 24
/** Two errors are repaired in words longer than this. */
const LENGTH_ONE_ERROR = 8
const COMPARED_MAX = 50

/** A run of what is not white space, and within it one plain word with punctuation around it. */
const CHUNK = /\S+/gu
const PLAIN_WORD = /^(?<before>[("¿¡]*)(?<word>\p{L}+)(?<after>[)".,:;!?…]*)$/u
/** What stands in quotes, and what follows a colon or a line end, is what the user says, not how it is said. */
const QUOTED = /"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|`[^`]*`|(?<![\p{L}\p{N}])['‘][^'’]*['’](?![\p{L}\p{N}])/gu
const PAYLOAD = /(?::(?!\/\/)|\n)\s*\S/u

/**
 * Repairs typing errors against words that are known: one error in a word, two in a long one. What it knows it leaves
 * alone, and so it does names, numbers, addresses, quoted text and what follows a colon.
 *
 * @param words - The words of known texts; one that occurs more often is the likelier one.
 * @param protect - Says of a word in lower case that it is right though it is none of these: a name, another language.
 * @see Garbe, "Symmetric Delete Spelling Correction", 2012: words that share a rest after leaving out letters are near.
 */
export function openSpelling(
  words: Iterable<string>,
  { protect = () => false }: { protect?: (word: string) => boolean } = {},
): Spelling {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(keyOf(word), (counts.get(keyOf(word)) ?? 0) + 1)
  const index = indexOf(counts.keys())

  /** The known word that this one most likely should be. */
  const nearest = (key: string): { word: string | undefined; compared: number } => {
    const most = errorsIn(key)
    const near = new Set<string>()
    for (const rest of without(key, most)) {
      for (const word of index.get(rest) ?? []) if (near.size < COMPARED_MAX) near.add(word)
    }
    const ranked = [...near]
      .map((word) => ({ word, errors: distance(key, word, most) }))
      .filter(({ word, errors }) => errors <= Math.min(most, errorsIn(word)))
      .map(({ word, errors }) => ({ word, cost: costOf(key, word, errors, counts.get(word) ?? 0) }))
      .toSorted((a, b) => a.cost - b.cost || (a.word < b.word ? -1 : 1))
    return { word: ranked[0]?.word, compared: near.size }
  }

  return {
    knows: (word) => counts.has(keyOf(word)),
    repair: (text) => {
      const changed: [string, string][] = []
      const shouted = text === text.toUpperCase()
      let compared = 0
      let place = 0
      if (text.length > ORDER_CHARS_MAX) return { text, changed, compared }
      const free = freePlaces(text)
      const repaired = text.replaceAll(CHUNK, (chunk: string, at: number) => {
        place += 1
        const { before = '', word = '', after = '' } = PLAIN_WORD.exec(chunk)?.groups ?? {}
        const key = keyOf(word)
        if (free(at + before.length) || !isRepairable(key)) return chunk
        // A capital letter within a sentence begins a name.
        if (place > 1 && !shouted && word !== word.toLowerCase()) return chunk
        if (counts.has(key) || protect(key)) return chunk
        const found = nearest(key)
        compared += found.compared
        if (found.word === undefined) return chunk
        const to = inCaseOf(word, found.word)
        changed.push([word, to])
        return before + to + after
      })
      return { text: repaired, changed, compared }
    },
  }
}

/** Words are compared as the statistics compare them: without case, accents and apostrophes. */
function keyOf(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
}

function isRepairable(key: string): boolean {
  return key.length >= LENGTH_MIN - 1 && key.length <= LENGTH_MAX
}

function errorsIn(word: string): number {
  return word.length > LENGTH_ONE_ERROR ? 2 : 1
}

/** Errors first; then a wrong first letter, which is rare; then how seldom the word is. */
function costOf(key: string, word: string, errors: number, count: number): number {
  return errors * 100 + (key[0] === word[0] ? 0 : 4) - Math.log(1 + count)
}

/** Known words under everything that is left of them when letters are left out. */
function indexOf(words: Iterable<string>): Map<string, string[]> {
  const index = new Map<string, string[]>()
  for (const word of words) {
    if (word.length < LENGTH_MIN || word.length > LENGTH_MAX || !/^\p{L}+$/u.test(word)) continue
    for (const rest of without(word, errorsIn(word))) {
      const there = index.get(rest)
      if (there === undefined) index.set(rest, [word])
      else there.push(word)
    }
  }
  return index
}

/** The word, and what is left of it without one letter, or without two. */
function without(word: string, most: number): Set<string> {
  const rests = new Set([word])
  let last = [word]
  for (let left = 0; left < most; left += 1) {
    const shorter = last.flatMap((rest) =>
      Array.from({ length: rest.length }, (_, at) => rest.slice(0, at) + rest.slice(at + 1)),
    )
    last = [...new Set(shorter)]
    for (const rest of last) rests.add(rest)
  }
  return rests
}

/** Says which places of a text are the user's own words. */
function freePlaces(text: string): (at: number) => boolean {
  const quoted = [...text.matchAll(QUOTED)].map(({ 0: all, index }) => [index, index + all.length] as const)
  const payload = text.search(PAYLOAD)
  return (at) => (payload >= 0 && at > payload) || quoted.some(([from, to]) => at >= from && at < to)
}

function inCaseOf(written: string, word: string): string {
  if (written === written.toLowerCase()) return word
  if (written === written.toUpperCase() && written.length > 1) return word.toUpperCase()
  return word.charAt(0).toUpperCase() + word.slice(1)
}
