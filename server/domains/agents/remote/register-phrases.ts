import { Fault } from '../../../kernel/fault.ts'
import type { Registration } from './skill.ts'

/** Phrases that all programs of one user may bring: every sentence of the user is held against each of them. */
export const USER_PHRASES_MAX = 2_000

/** Sentences that a program says it understands: those of its actions and its voice commands. */
export function countPhrases({ actions, voice_commands }: Registration): number {
  return actions.reduce((sum, { phrases = [] }) => sum + phrases.length, voice_commands.length)
}

/** @throws Fault `AGENT_CONFIG_INVALID` when a program would bring more phrases than the others of its user leave. */
export function checkPhrases(own: Registration, others: readonly Registration[]): void {
  const count = countPhrases(own)
  const taken = others.reduce((sum, one) => sum + countPhrases(one), 0)
  if (count === 0 || count + taken <= USER_PHRASES_MAX) return
  const left = Math.max(0, USER_PHRASES_MAX - taken)
  throw new Fault(
    'AGENT_CONFIG_INVALID',
    `All programs of a user have at most ${USER_PHRASES_MAX} phrases; the others have ${taken}, this one would have ${count}.`,
    {
      reason: 'too_many_phrases',
      phrases: count,
      phrases_left: left,
      issues: [{ path: '/actions', message: `must not have more than ${left} phrases with /voice_commands` }],
    },
  )
}
