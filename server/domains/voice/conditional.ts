import { possibleTongues } from '../language/understand.ts'
import type { Understood } from '../language/understand.ts'
import { nothingDone } from './saying.ts'
import type { Plan } from './decide.ts'

/** What begins a condition: in English, and in other languages where the sentence may be in one. */
const IF = 'if|unless|in case|as long as|as soon as|provided that|whenever|when'
const IF_ELSEWHERE = `${IF}|falls|wenn|sobald|es sei denn|si|cuando|en caso de que|a menos que`
/** No condition: it is when or whether something is to be done that somebody wants to be reminded of. */
const NONE = '(?! (?:in doubt|to|i (?:say|tell)|möglich|nötig|es geht|du kannst|puedes|puedas|es posible)\\b)'
function beginning(words: string): RegExp {
  return new RegExp(`^(?:(?:only|but) )*(?<condition>(?:${words})${NONE}(?= )[^,]{2,80})`, 'iu')
}
const CONDITION = beginning(IF)
const CONDITION_ELSEWHERE = beginning(IF_ELSEWHERE)
/** The order that follows a condition without a comma. */
const ORDER =
  /\s+(?:remind|add|put|note|wake|tell|set|then|to|erinner\p{L}*|setz\p{L}*|recu[eé]rda\p{L}*|añade|pon)\b.*$/iu
/** What leads to the words of which somebody is reminded: "remind me at 9: if the bus is late, walk". */
const TOLD = /(?::|\b(?:that|about|of|to|dass|an|über|que|de|sobre))\s*["“]?$/iu

/**
 * What an agent would do at once and for certain although it was to be done only under a condition: that would become words
 * of a reminder or an entry of a list.
 *
 * @param said - the sentence without whom it addresses and what is only polite.
 */
export function conditional({ meaning, parameters }: Understood, said: string): Plan | undefined {
  if (meaning === undefined) return undefined
  const { text } = parameters
  // Titles and entries of lists may begin so.
  const isOwn = typeof text === 'string' && !TOLD.test(said.slice(0, said.indexOf(text)))
  const condition = possibleTongues(said).length === 0 ? CONDITION : CONDITION_ELSEWHERE
  const [found] = [said, ...(isOwn ? [text] : [])].flatMap(
    (one) => condition.exec(one)?.groups?.['condition'] ?? [],
  )
  if (found === undefined) return undefined
  return nothingDone(
    { meaning, parameters },
    `I cannot watch for “${found.replace(ORDER, '')}”. Say it without that, or make a workflow of it, such as: every day at 8, if my to do list is not empty, tell me what is on it.`,
  )
}
