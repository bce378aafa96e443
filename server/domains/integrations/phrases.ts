import type { HttpAction } from '../../../contract/integrations.ts'
import { parametersOf } from './settled.ts'

/** Parameters that a phrase has slots for, each of which may be left out: it is asked for then. */
const SLOTS_MAX = 4
const WORDS_MAX = 9
/** What a slot of a phrase may be called. */
const SLOT = /^[a-z][a-z0-9_]{0,39}$/

/**
 * How an action can be asked for: always with the name of its service, so that nothing that is said to others is taken for
 * it. Once by the words of its name, once by what it is for.
 */
export function phrasesOf(service: string, action: HttpAction): string[] {
  const name = wordsOf(service)
  if (name === '') return []
  const { required } = parametersOf(action)
  const slots = required.filter((one) => SLOT.test(one)).slice(0, SLOTS_MAX)
  const said = slots.map((one) => ` [${wordsOf(one)} {${one}}]`).join('')
  const ways = [wordsOf(action.name), wordsOf(action.summary ?? '')].filter(
    (words) => words !== '' && words.split(' ').length <= WORDS_MAX,
  )
  return [...new Set(ways)].map((words) => `${name} ${words}${said}`)
}

/** Whether a phrase always has the name of its service in it. */
export function isNamedIn(service: string, phrase: string): boolean {
  const sure = phrase.replaceAll(/\{[^{}]*\}/g, ' | ').replaceAll(/\[[^[\]]*\]|\([^()]*\)/g, ' | ')
  const name = wordsOf(service)
  return name !== '' && sure.split('|').some((words) => ` ${wordsOf(words)} `.includes(` ${name} `))
}

/** The word that a service is called by first. */
export function firstWord(service: string): string {
  return wordsOf(service).split(' ')[0] ?? ''
}

/** Words that say of nothing what it is: many names begin with one. */
const ARTICLES = new Set(['', 'a', 'an', 'the', 'my'])

/** The words that orders begin with. */
export function firstWordsOf(phrases: readonly string[]): Set<string> {
  return new Set(phrases.flatMap(beginnings)).difference(ARTICLES)
}

const OPTIONAL = /^\s*\[([^[\]]*)\]/
const CHOICE = /^\s*\(([^()]*)\)/

/** First words of a phrase: of each that may be left out, and of the first that may not. */
function beginnings(phrase: string): string[] {
  const [whole = '', optional] = OPTIONAL.exec(phrase) ?? []
  if (optional !== undefined)
    return [...optional.split('|').map(firstWord), ...beginnings(phrase.slice(whole.length))]
  const [, choice] = CHOICE.exec(phrase) ?? []
  if (choice !== undefined) return choice.split('|').map(firstWord)
  return /^\s*\{/.test(phrase) ? [] : [firstWord(phrase)]
}

/** The words of a text, and nothing that a template could take for something else. */
function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}
