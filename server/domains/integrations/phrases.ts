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

/** The words of a text, and nothing that a template could take for something else. */
function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}
