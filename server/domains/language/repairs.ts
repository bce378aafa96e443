import type { Skill } from '../../skills/skill.ts'
import type { Catalogue } from './catalogue.ts'
import type { Repair } from './heard.ts'
import type { Own } from './learnt/own.ts'
import { OUT_OF_SCOPE } from './out-of-scope.ts'
import { openSpelling } from './spelling/spelling.ts'
import type { Spelling } from './spelling/spelling.ts'

const WORD = /\p{L}+/gu
/** Common words that are near to one of an order, beside those of the sentences below: "none of this adds up" is no note. */
const NEAR =
  `ball bell bend bone clan clock dead dome dose dove fist fold fond gist heard kind load lone lust main male
  mark mask mate meal mend mist mole node none poll pool real roll rose sake save seal shot soap soul stew
  stock stone store tame tape taste tear tile tire toll tone trail tray trip vote wage warn wave weak west
  wild wing wire wore worn`.split(/\s+/)
/** Words that are no errors, although nobody says them to an agent: what was lost is no list. */
const ENGLISH: ReadonlySet<string> = new Set([...NEAR, ...OUT_OF_SCOPE.flatMap(wordsIn)])

export interface Repairs {
  repairIn(catalogue: Catalogue, own: Own): Repair
  /** Whether a word is one that is said to agents. */
  knows(word: string): boolean
}

/**
 * Repairs spelling against the words of the skills' own phrases and examples: sentences as people wrote them have errors
 * of their own. What a user calls something, in a phrase,
 * a name or a taught sentence, is never taken for another word; it is no word that others are taken for either, because
 * an index of its own for each user would cost more than it finds.
 */
export function openRepairs(skills: () => readonly Skill[]): Repairs {
  let spelling: Spelling | undefined
  const spell = (): Spelling => (spelling ??= openSpelling(skills().flatMap(wordsInSkill)))
  /** "Und" is no "undo". */
  let foreign: ReadonlySet<string> | undefined
  const own_words = new WeakMap<Catalogue, ReadonlySet<string>>()
  const repairIn: Repairs['repairIn'] = (catalogue, own) => (text) => {
    const { text: read, changed } = spell().repair(text)
    if (changed.length === 0) return { text, repairs: [] }
    const kept = own_words.getOrInsertComputed(catalogue, () => wordsOf(catalogue))
    const taught = new Set(own.examples.flatMap((one) => wordsIn(one.text)))
    foreign ??= new Set(skills().flatMap(wordsInTongues))
    const isOwn = (word: string): boolean =>
      kept.has(word) || taught.has(word) || foreign?.has(word) === true || ENGLISH.has(word)
    const repairs = changed.flatMap(([said, to]) => (isOwn(said.toLowerCase()) ? [] : [{ said, read: to }]))
    return { text: withOwn(text, read, isOwn), repairs }
  }
  return { repairIn, knows: (word) => spell().knows(word) }
}

function wordsInSkill({ actions }: Skill): string[] {
  return Object.values(actions).flatMap(({ phrases, examples }) =>
    [...phrases.map((phrase) => phrase.replaceAll(/\{[^}]*\}/g, ' ')), ...examples].flatMap(wordsIn),
  )
}

/** Words of the phrases in other languages. */
function wordsInTongues({ phrases }: Skill): string[] {
  return Object.values(phrases ?? {})
    .flatMap((actions) => Object.values(actions))
    .flat()
    .map((one) => (typeof one === 'string' ? one : one[0]))
    .flatMap((phrase) => wordsIn(phrase.replaceAll(/\{[^}]*\}/g, ' ')))
}

/** A repaired text with the user's own words as they were: each word has its place. */
function withOwn(text: string, read: string, isOwn: (word: string) => boolean): string {
  const [before, after] = [text.split(/(\s+)/u), read.split(/(\s+)/u)]
  return after
    .map((chunk, place) => {
      const was = before[place] ?? chunk
      return was !== chunk && wordsIn(was).some(isOwn) ? was : chunk
    })
    .join('')
}

function wordsOf({ phrases, agents, off }: Catalogue): Set<string> {
  const names = [...agents, ...off.agents].map(({ name }) => name)
  return new Set([...phrases, ...off.phrases, ...names].flatMap(wordsIn))
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? []
}
