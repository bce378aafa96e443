import type { Subject } from '../workflows/spoken/course.ts'
import type { Meaning } from '../language/catalogue.ts'
import type { Plan } from './decide.ts'

/** What was asked back: a parameter that is missing, or whether to go on. */
export type Question = Extract<Plan, { kind: 'slot' | 'confirm' }>

/** The last command of a conversation, which the next sentence may correct or go on from. */
export interface Last {
  /** As it was said. */
  text: string
  meaning: Meaning | undefined
  parameters: Readonly<Record<string, unknown>>
  /** How surely it was understood so; 1 once it was done. */
  confidence: number
  /** What it has started, when an agent was asked. */
  execution_id: string | undefined
  /** Whether it came to a change of how things are set up. */
  is_set_up: boolean
}

/** One conversation has one open question, for two minutes (decision 34). */
const OPEN_MS = 120_000
const CONVERSATIONS_MAX = 10_000

export interface Conversations {
  /** The open question, or nothing when it is too old. */
  open(key: string, now: number): Question | undefined
  ask(key: string, question: Question, now: number): void
  close(key: string): void
  /** The last change of configuration that a conversation has made. */
  lastDone(key: string): string | undefined
  did(key: string, modification_id: string): void
  /** The agent or workflow that was spoken of last, unless something else was since. */
  subject(key: string, now: number): Subject | undefined
  spokeOf(key: string, subject: Subject | undefined, now: number): void
  last(key: string, now: number): Last | undefined
  said(key: string, last: Last, now: number): void
}

/** Keeps it in memory: after a restart a question is simply asked again. */
export function openConversations(): Conversations {
  const questions = new Map<string, { question: Question; until: number }>()
  const changes = new Map<string, string>()
  const lasts = new Map<string, { last: Last; until: number }>()
  const subjects = new Map<string, { subject: Subject; until: number }>()
  return {
    open: (key, now) => {
      const kept = questions.get(key)
      if (kept === undefined || kept.until > now) return kept?.question
      questions.delete(key)
      return undefined
    },
    ask: (key, question, now) => setNewest(questions, key, { question, until: now + OPEN_MS }),
    close: (key) => questions.delete(key),
    lastDone: (key) => changes.get(key),
    did: (key, modification_id) => setNewest(changes, key, modification_id),
    subject: (key, now) => {
      const kept = subjects.get(key)
      return kept === undefined || kept.until <= now ? undefined : kept.subject
    },
    spokeOf: (key, subject, now) => {
      if (subject === undefined) subjects.delete(key)
      else setNewest(subjects, key, { subject, until: now + OPEN_MS })
    },
    last: (key, now) => {
      const kept = lasts.get(key)
      return kept === undefined || kept.until <= now ? undefined : kept.last
    },
    said: (key, last, now) => setNewest(lasts, key, { last, until: now + OPEN_MS }),
  }
}

/** Lets the oldest conversation go when there are too many. */
function setNewest<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key)
  const oldest = kept.keys().next()
  if (kept.size >= CONVERSATIONS_MAX && oldest.done !== true) kept.delete(oldest.value)
  kept.set(key, value)
}
