import { ActionError } from './skill.ts'
import { sayChoice } from './say.ts'

/** Something of the user's that a sentence may mean. `also` holds further words that it is known by. */
export interface Candidate<T> {
  value: T
  text: string
  also?: string
}

/** Words that say nothing about which thing is meant. */
const EMPTY_WORDS = new Set(
  'a an and about at by for from i in is it me my of off on or our please some that the this those to was were what where which who with your'.split(
    ' ',
  ),
)

/** Folds a word to a form in which singular and plural are the same: not a correct singular, only a stable one. */
export function fold(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(s|x|z|ch|sh|o)es$/.test(word)) return word.slice(0, -2)
  if (word.length > 3 && /[^su]s$/.test(word)) return word.slice(0, -1)
  return word
}

function allWords(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]s?\b/g, '')
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(fold)
}

/** The folded words that tell things apart; all of them when none does. */
export function keyWords(text: string): string[] {
  const words = allWords(text)
  const telling = words.filter((word) => !EMPTY_WORDS.has(word))
  return telling.length > 0 ? telling : words
}

/**
 * What a text means among the candidates: those that are exactly it, else those that differ in case, number and
 * punctuation only, else those that contain all its telling words.
 */
export function matching<T>(said: string, candidates: readonly Candidate<T>[]): T[] {
  const exact = candidates.filter(({ text }) => text === said)
  if (exact.length > 0) return exact.map(({ value }) => value)
  const folded = allWords(said).join(' ')
  if (folded === '') return []
  const same = candidates.filter(({ text }) => allWords(text).join(' ') === folded)
  if (same.length > 0) return same.map(({ value }) => value)
  const wanted = keyWords(said)
  return candidates
    .filter(({ text, also }) => {
      const present = new Set(allWords(`${text} ${also ?? ''}`))
      return wanted.every((word) => present.has(word))
    })
    .map(({ value }) => value)
}

/**
 * The one candidate that is meant, or `undefined` when there is none.
 *
 * @throws ActionError naming the candidates when several are.
 */
export function oneMatching<T>(said: string, candidates: readonly Candidate<T>[]): T | undefined {
  const found = matching(said, candidates)
  if (found.length <= 1) return found[0]
  const names = candidates.filter(({ value }) => found.includes(value)).map(({ text }) => `"${text}"`)
  throw new ActionError(`"${said}" could be ${sayChoice(names)}. Which one do you mean?`)
}
