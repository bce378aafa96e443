import type { KnownAgent } from './catalogue.ts'
import { TONGUES } from './languages/known.ts'
import { agentNamed } from './names.ts'
import { readNumber } from './numbers.ts'

export interface Addressed {
  /** The number that was said; there may be no such agent. */
  agent_number: number
  /** What is said to it. */
  rest: string
}

const LEAD = /^(?:(?:hey|ok|okay|ask|tell)\s+)?agent\s+(?:number\s+)?/iu
const DIGITS = /^\d{1,4}(?!\d)/u
const WORD = /\p{L}+(?=[\s,:.!-])/giu
/** "nine thousand nine hundred and ninety nine". */
const NUMBER_WORDS_MAX = 7
/** What stands between the number and what is said. The "to" of "ask agent 4 to add" is no part of it, that of "to do" is. */
const SAID = /^\s*(?:(?:[,:!-]|\.(?!\d))\s*|\s(?:to\s+(?!dos?\b)|que\s+)?)(?<rest>\S[\s\S]*)$/iu

/** "ask Marvin to flip a coin": nobody else is asked so. */
const ASKED =
  /^(?:(?:hey|ok|okay)\s+)?(?:ask|tell)\s+(?<name>[\p{L}\p{N}&' -]{2,80}?)\s+to\s+(?<rest>\S[\s\S]*)$/iu

/**
 * The agent that a sentence begins by addressing, by its number or by its name: "agent 3, ...", "notes: ...", "ask notes
 * to ...".
 */
export function findAddress(sentence: string, agents: readonly KnownAgent[]): Addressed | undefined {
  const lead = LEAD.exec(sentence)?.[0]
  const numbered = lead === undefined ? undefined : numberAtStart(sentence.slice(lead.length))
  if (numbered !== undefined) return numbered
  const named =
    /^(?:(?:hey|ok|okay)\s+)?(?<name>[\p{L}\p{N}&' -]{2,80}?)\s*[,:]\s*(?<rest>\S[\s\S]*)$/iu.exec(
      sentence,
    )?.groups
  for (const { name = '', rest = '' } of [named ?? {}, ASKED.exec(sentence)?.groups ?? {}]) {
    const agent_number = name === '' ? undefined : agentNamed(name, agents)
    if (agent_number !== undefined) return { agent_number, rest }
  }
  return inTongues(sentence, named, agents)
}

/** The same in the other languages: "Agent drei, ...", "agente tres: ...", "Notizen, ...". */
function inTongues(
  sentence: string,
  named: Record<string, string> | undefined,
  agents: readonly KnownAgent[],
): Addressed | undefined {
  for (const { lead, readNumber: read, say } of TONGUES) {
    const begin = lead.exec(sentence)?.[0]
    const numbered = begin === undefined ? undefined : numberAtStart(sentence.slice(begin.length), read)
    if (numbered !== undefined) return numbered
    const said = named === undefined ? undefined : say('agent', named['name'] ?? '')
    const agent_number = said === undefined ? undefined : agentNamed(said, agents)
    if (agent_number !== undefined) return { agent_number, rest: named?.['rest'] ?? '' }
  }
  return undefined
}

/** "twenty five ..." and "six summarise ...": the longest run of words that is a number. */
function numberAtStart(text: string, read = readNumber): Addressed | undefined {
  const digits = DIGITS.exec(text)?.[0].length
  const words = [...text.matchAll(WORD)].slice(0, NUMBER_WORDS_MAX)
  const ends = digits === undefined ? words.map((word) => word.index + word[0].length).toReversed() : [digits]
  for (const end of ends) {
    const agent_number = read(text.slice(0, end))
    const rest = SAID.exec(text.slice(end))?.groups?.['rest']
    if (rest === undefined || agent_number === undefined) continue
    if (Number.isInteger(agent_number) && agent_number >= 0) return { agent_number, rest }
  }
  return undefined
}
