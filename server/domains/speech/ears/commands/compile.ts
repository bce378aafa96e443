import type { Hints } from '../../kinds.ts'
import { writeArpa } from './arpa.ts'
import type { Classes } from './classes.ts'
import { classesOf } from './classes.ts'
import type { Node } from './phrase.ts'
import { readPhrase } from './phrase.ts'
import { GAP, sample, seeded } from './sample.ts'
import { wordsOf } from './words.ts'

/** How a word is said: phones of CMUdict, several when it is said in several ways. */
export type Lexicon = ReadonlyMap<string, readonly string[]>

/** Files that the recogniser is given of somebody's hints. */
export interface Compiled {
  /** How words follow one another in commands. */
  arpa: string
  /** All words that can be heard and how each is said, as a file of the engine. */
  dictionary: string
}

/** Hints that have been read. */
export interface Knowledge {
  signature: string
  phrases: readonly Phrase[]
  classes: Classes
}

interface Phrase {
  phrase: string
  node: Node
  is_unfinished: boolean
}

export interface Sources {
  /** Words that are said in general, with their likelihoods. */
  general: ReadonlyMap<string, number>
  lexicon: Lexicon
  /** How a word is said that no lexicon has; empty when that can't be told. */
  pronounce: (word: string) => string
}

/** Phrases beyond these are left out, and all sentences together are this many at most. */
const PHRASES_MAX = 5000
const SENTENCES_MAX = 40_000
const WAYS_MAX = 40

/** Reads what can be said; a phrase that is none is left out. */
export function readHints({ signature, phrases, unfinished = [], names }: Hints): Knowledge {
  const parts = new Set(unfinished)
  const read = phrases.slice(0, PHRASES_MAX).flatMap((phrase) => {
    const node = readPhrase(phrase)
    return node === undefined ? [] : [{ phrase, node, is_unfinished: parts.has(phrase) }]
  })
  return { signature, phrases: read, classes: classesOf(names) }
}

/** Compiles what can be said to somebody's system. */
export function compileHints(hints: Hints, { general, lexicon, pronounce }: Sources): Compiled {
  const { classes, phrases } = readHints(hints)
  const sentences = sentencesOf(phrases, classes, hints)
  const own = new Map(
    Object.entries(hints.pronunciations).flatMap(([text, phones]) => {
      const [word, ...more] = wordsOf(text)
      return word === undefined || more.length > 0 ? [] : [[word, phones] as const]
    }),
  )
  const said = new Map<string, readonly string[]>()
  function ways(word: string): readonly string[] {
    return said.getOrInsertComputed(word, () => {
      const phones = own.get(word)
      if (phones !== undefined) return [phones, ...(lexicon.get(word) ?? [])]
      return lexicon.get(word) ?? [pronounce(word)].filter((one) => one !== '')
    })
  }
  const known = sentences.filter((words) => words.every((word) => word === GAP || ways(word).length > 0))
  const vocabulary = new Map(general)
  for (const words of known)
    for (const word of words) if (word !== GAP && !vocabulary.has(word)) vocabulary.set(word, 0)
  const lines: string[] = []
  for (const word of vocabulary.keys())
    for (const [number, phones] of ways(word).entries())
      lines.push(`${number === 0 ? word : `${word}(${number + 1})`} ${phones}`)
  return { arpa: writeArpa(known, vocabulary), dictionary: `${lines.join('\n')}\n` }
}

/** Commands as they may be said. The same for the same hints. */
function sentencesOf(
  phrases: readonly { node: Node }[],
  classes: Classes,
  { names }: Hints,
): (readonly string[])[] {
  const random = seeded(1)
  const ways = Math.min(WAYS_MAX, Math.ceil(SENTENCES_MAX / Math.max(1, phrases.length)))
  const sentences: (readonly string[])[] = []
  for (const { node } of phrases) {
    const seen = new Set<string>()
    for (let way = 0; way < ways; way += 1) {
      const words = sample(node, classes, random)
      const text = words.join(' ')
      if (words.length > 0 && !seen.has(text)) sentences.push(words)
      seen.add(text)
      // A phrase that has been said in three ways alone after ten has no more.
      if (way > 10 && seen.size <= 3) break
    }
  }
  // Each name is there at least once, however the dice fall.
  for (const type of Object.keys(names))
    for (const node of classes.of(type)) sentences.push(sample(node, classes, random))
  return sentences
}
