import type { Plan } from './decide.ts'

/** What was asked back: a parameter that is missing, or whether to go on. */
export type Question = Extract<Plan, { kind: 'slot' | 'confirm' }>

/** One conversation has one open question, for two minutes (decision 34). */
const OPEN_MS = 120_000
const CONVERSATIONS_MAX = 10_000

export interface Conversations {
  /** The open question, or nothing when it is too old. */
  open(key: string, now: number): Question | undefined
  ask(key: string, question: Question, now: number): void
  close(key: string): void
}

/** Keeps open questions in memory: after a restart a question is simply asked again. */
export function openConversations(): Conversations {
  const questions = new Map<string, { question: Question; until: number }>()
  return {
    open: (key, now) => {
      const kept = questions.get(key)
      if (kept === undefined || kept.until > now) return kept?.question
      questions.delete(key)
      return undefined
    },
    ask: (key, question, now) => {
      questions.delete(key)
      const oldest = questions.keys().next()
      if (questions.size >= CONVERSATIONS_MAX && oldest.done !== true) questions.delete(oldest.value)
      questions.set(key, { question, until: now + OPEN_MS })
    },
    close: (key) => questions.delete(key),
  }
}

const YES =
  /^(?:yes|yeah|yep|yup|sure|ok|okay|please do|do it|go ahead|go on|confirm|confirmed|correct|right|of course|absolutely|definitely|y)(?:[\s,.!]+(?:please|do it|go ahead|go on|make it|do|thanks|thank you))*[\s.!]*$/iu
const NO =
  /^(?:no|nope|nah|cancel|never ?mind|forget it|don'?t|do not|stop|abort|leave it|n)(?:[\s,.!]+(?:thanks|thank you|please|don'?t|do not|it|that|do that))*[\s.!]*$/iu

/** How a reply answers "shall I?". */
export function readConsent(text: string): 'yes' | 'no' | undefined {
  const said = text.trim()
  if (YES.test(said)) return 'yes'
  return NO.test(said) ? 'no' : undefined
}
