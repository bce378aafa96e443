/** How a sentence takes up the one before it. */
export interface Lead {
  /**
   * `for`: it names whom that was for. `no`: something was wrong. `make`: another value. `also`: the same again with
   * another value. `same`: the same again for somebody else.
   */
  kind: 'for' | 'no' | 'make' | 'also' | 'same'
  rest: string
  /** Whether it is asked, not ordered. */
  is_question: boolean
}

const NO = '(?:no+|nope|nah|wrong|not that|sorry|actually|nein|nee|falsch)'
const FOR =
  '(?:(?:that|it|this) (?:was|is|should (?:go|have gone)) (?:meant )?(?:for|to)|(?:i|we) (?:meant|mean|wanted)(?: it for)?|(?:wrong (?:agent|one)|not (?:the )?agent \\w+)[\\s,.:;-]+|(?:give|send|pass|tell|ask) (?:it|that|this) to)'
const MAKE = '(?:make (?:it|that)|change (?:it|that) to|rather|instead|better)'
const SAME = '(?:and )?(?:do )?(?:the )?same(?: thing)?(?: again)? (?:for|with|to|by|on)'
const ALSO = '(?:and also|and what about|and how about|what about|how about|and|also|plus)'

/** The first that fits counts. */
const LEADS: readonly (readonly [kind: Lead['kind'], pattern: RegExp])[] = [
  ['for', RegExp(`^(?:${NO}[\\s,.!:;-]+)*${FOR}\\s*(?<rest>\\S.*)$`, 'isu')],
  ['make', RegExp(`^(?:${NO}[\\s,.!:;-]+)*${MAKE}\\s+(?<rest>\\S.*)$`, 'isu')],
  ['same', RegExp(`^(?:${NO}[\\s,.!:;-]+)*${SAME}\\s+(?<rest>\\S.*)$`, 'isu')],
  ['no', RegExp(`^(?:${NO}[\\s,.!:;-]+)+(?<rest>\\S.*)$`, 'isu')],
  ['also', RegExp(`^${ALSO}[\\s,]+(?<rest>\\S.*)$`, 'isu')],
]

/** Longer than this it says everything itself. */
const CHARACTERS_MAX = 200

/** How a sentence takes up the one before it, when it does. */
export function readLead(text: string): Lead | undefined {
  const said = text.trim()
  if (said.length > CHARACTERS_MAX) return undefined
  for (const [kind, pattern] of LEADS) {
    const rest = pattern.exec(said)?.groups?.['rest']
    if (rest === undefined) continue
    return { kind, rest: rest.replace(/[\s?!.]+$/u, ''), is_question: /\?\s*$/u.test(said) }
  }
  return undefined
}

/** A number alone is a value before it is an agent: "no, seven". */
export function isBareNumber(text: string): boolean {
  return !/\bagent\b/iu.test(text) && /^(?:the )?[\p{L}\d-]+$/u.test(text) && !/^the /iu.test(text)
}

const TALK =
  /\b(?:that|this|it|not|you|i|is|was|what|why|wrong|right|please|thanks?|everything|anything|nothing|undefined)\b/iu
/** What begins so would take something away: it must not become one more thing of a list. */
const REMOVAL =
  /^(?:delete|remove|erase|clear|wipe|empty|cancel|forget|drop|undo|stop|get rid of|throw away)\b/iu

/** Whether words can be things of a list, or name an action, rather than talk about what was done. */
export function areThings(text: string): boolean {
  return text.split(/\s+/u).length <= 6 && !TALK.test(text) && !REMOVAL.test(text)
}
