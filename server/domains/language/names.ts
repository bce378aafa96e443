import { toForm } from '../../kernel/unicode.ts'
import type { KnownAgent } from './catalogue.ts'
import { readNumber } from './numbers.ts'

/** Number of the agent that a text names: by number, by its whole name, or by a word that only its name has. */
export function agentNamed(
  text: string,
  agents: readonly Pick<KnownAgent, 'agent_number' | 'name'>[],
): number | undefined {
  const said = keyOf(
    text
      .replace(/^(?:the\s+)?agent\s+(?:number\s+)?/i, '')
      .replace(/^the\s+/i, '')
      .replace(/\s+agent$/i, ''),
  )
  if (said === '' || said === 'and') return undefined
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

/**
 * Names are compared as they are written, without tricks of look-alike letters: those make another name. Only "&" is
 * never said.
 */
function keyOf(text: string): string {
  return toForm(text, 'NFKC').toLowerCase().replaceAll('&', ' and ').trim().replaceAll(/\s+/g, ' ')
}
