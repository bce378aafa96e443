import type { KnownAgent } from './catalogue.ts'
import { readNumber } from './numbers.ts'

export interface Addressed {
  /** The number that was said; there may be no such agent. */
  agent_number: number
  /** What is said to it. */
  rest: string
}

const BY_NUMBER =
  /^(?:(?:hey|ok|okay|ask|tell)\s+)?agent\s+(?:number\s+)?(?<number>\d{1,4}|[a-z]+(?:[\s-][a-z]+)?)\s*(?:[,:.!-]\s*|\s(?:to\s+)?)(?<rest>\S[\s\S]*)$/iu
const NUMBER_WORDS_MAX = 2

/** The agent that a sentence begins by addressing, by its number or by its name and a comma: "agent 3, ...", "notes: ...". */
export function findAddress(sentence: string, agents: readonly KnownAgent[]): Addressed | undefined {
  const byNumber = BY_NUMBER.exec(sentence)?.groups
  if (byNumber !== undefined) {
    const found = numberAtStart(byNumber['number'] ?? '', byNumber['rest'] ?? '')
    if (found !== undefined) return found
  }
  const named =
    /^(?:(?:hey|ok|okay)\s+)?(?<name>[\p{L}\p{N}&' -]{2,80}?)\s*[,:]\s*(?<rest>\S[\s\S]*)$/iu.exec(
      sentence,
    )?.groups
  const agent = named === undefined ? undefined : agentNamed(named['name'] ?? '', agents)
  return agent === undefined || named === undefined
    ? undefined
    : { agent_number: agent, rest: named['rest'] ?? '' }
}

/** "agent twenty five ..." and "agent six summarise ...": the longest run of words that is a number. */
function numberAtStart(said: string, rest: string): Addressed | undefined {
  const words = said.split(/[\s-]+/)
  for (let count = Math.min(words.length, NUMBER_WORDS_MAX); count > 0; count -= 1) {
    const agent_number = readNumber(words.slice(0, count).join(' '))
    if (agent_number === undefined || !Number.isInteger(agent_number) || agent_number < 0) continue
    return { agent_number, rest: [...words.slice(count), rest].join(' ') }
  }
  return undefined
}

/** Number of the agent that a text names: by number, by its whole name, or by a word that only its name has. */
export function agentNamed(text: string, agents: readonly KnownAgent[]): number | undefined {
  const said = keyOf(
    text
      .replace(/^(?:the\s+)?agent\s+(?:number\s+)?/i, '')
      .replace(/^the\s+/i, '')
      .replace(/\s+agent$/i, ''),
  )
  if (said === '') return undefined
  const number = readNumber(said)
  if (number !== undefined) return agents.find(({ agent_number }) => agent_number === number)?.agent_number
  const whole = agents.find(({ name }) => keyOf(name) === said)
  if (whole !== undefined) return whole.agent_number
  const partly = agents.filter(({ name }) =>
    keyOf(name)
      .split(/[^\p{L}\p{N}]+/u)
      .includes(said),
  )
  return partly.length === 1 ? partly[0]?.agent_number : undefined
}

/** Names are compared as they are written, without tricks of look-alike letters: those make another name. */
function keyOf(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ')
}
