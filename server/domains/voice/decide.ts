import {
  CONFIDENCE_HEARD,
  CONFIDENCE_TO_ACT,
  CONFIDENCE_TO_ANSWER,
  CONFIDENCE_TO_GUESS,
} from '../../../contract/limits.ts'
import type { Warning } from '../agents/index.ts'
import type { Meaning } from '../language/catalogue.ts'
import type { Understood } from '../language/understand.ts'
import type { Course } from '../workflows/spoken/course.ts'
import { describe } from './describe.ts'
import type { Around } from './describe.ts'

/** What a yes leads to, and the workflow that it makes when it makes one. */
export interface Offer extends Pick<Extract<Course, { kind: 'agree' }>, 'proposal' | 'agreed'> {
  /** The session whose sign-in was too old for it, and since when it waits, in epoch ms, for a newer one. */
  waits?: { session_id: string; since: number }
}
/** What is done about a command to workflows, once nothing is to be asked any more. */
export type Doing = Extract<Course, { kind: 'say' | 'do' | 'sensitive' }>

/** What was heard less surely is no command that is known. */
export const CONFIDENCE_HEARD_AT_ALL = 0.45

/** What is done about a sentence. */
export type Plan =
  | { kind: 'execute'; meaning: Meaning; parameters: Record<string, unknown> }
  | {
      kind: 'slot'
      meaning: Meaning
      parameters: Record<string, unknown>
      parameter: string
      question: string
      /** What may be answered, in its order, when there is a choice: "the second one". */
      choices?: readonly string[]
    }
  | {
      kind: 'confirm'
      meaning: Meaning
      parameters: Record<string, unknown>
      question: string
      /** What a yes leads to, when that is not to execute the meaning, and what is agreed to. */
      offer?: Offer
    }
  | { kind: 'course'; meaning: Meaning; parameters: Record<string, unknown>; course: Doing }
  | { kind: 'declined' }
  /** It answers a question that was answered by somebody else meanwhile. */
  | { kind: 'late' }
  | { kind: 'unknown' }

/**
 * Decides what to do with what was understood: nothing with an effect runs on statistics alone under the upper
 * threshold, and a destructive action on more than one item always asks (decision 34).
 *
 * What only reads is done at less, but not at so little that the answer would be to another question.
 *
 * @param warning - what a destructive action would do to several items, when it would, or what has to be asked for.
 * @param heard - how surely it was heard so, 0 to 1, when it was spoken.
 */
export function decide(
  { tier, meaning, parameters, missing, confidence }: Understood,
  warning: Warning | undefined,
  around: Around,
  heard?: number,
): Plan {
  if (meaning === undefined) return { kind: 'unknown' }
  if (missing !== undefined) return { kind: 'slot', meaning, parameters, ...missing }
  if (typeof warning === 'object') return { kind: 'slot', meaning, parameters, ...warning }
  if (warning !== undefined) return { kind: 'confirm', meaning, parameters, question: warning }
  // A language model chooses among guesses, and makes none of them surer.
  const isGuess = tier === 'statistics' || tier === 'model'
  // What removes something is asked about whenever it was only guessed, however likely the guess.
  const surest =
    (heard ?? 1) >= CONFIDENCE_HEARD &&
    (meaning.action.effect === 'destructive'
      ? tier === 'template'
      : confidence >= (isGuess ? CONFIDENCE_TO_GUESS : CONFIDENCE_TO_ACT))
  if (meaning.action.effect !== 'read' && !surest) {
    return confirmed({ meaning, parameters }, around)
  }
  if (
    (tier === 'statistics' && confidence < CONFIDENCE_TO_ANSWER) ||
    (heard ?? 1) < CONFIDENCE_HEARD_AT_ALL
  ) {
    const asked = confirmed({ meaning, parameters }, around)
    return { ...asked, question: `I am not sure what you mean. ${asked.question}` }
  }
  return { kind: 'execute', meaning, parameters }
}

/** A command to the system that was understood. */
interface Ordered {
  meaning: Meaning
  parameters: Record<string, unknown>
}

/**
 * What a command to the system leads to, as a plan of the conversation.
 *
 * @param isHeard - it was spoken, and answers no question: a name is easily heard as another one, however surely, so that
 *   what is set up by one, and what answers a run, is asked about with the name that was taken for it.
 */
export function planOf(
  { meaning, parameters }: Ordered,
  course: Course,
  { isHeard, ...around }: Around & { isHeard: boolean },
): Plan {
  const { about } = course
  const isSetUp =
    course.kind === 'sensitive' || (course.kind === 'do' && meaning.action.effect === 'destructive')
  if (isHeard && isSetUp && about?.name !== undefined) {
    const { known: _known, name: _name, ...others } = parameters
    return confirmed({ meaning, parameters: { ...others, [about.kind]: about.name } }, around)
  }
  switch (course.kind) {
    case 'ask': {
      // What was said before has named nothing, or several: only the answer counts.
      const { workflow: _, ...others } = parameters
      // In a phrase of a workflow, a name is what the phrase calls so.
      if (meaning.triggers === undefined) delete others['name']
      return { ...course, kind: 'slot', meaning, parameters: others }
    }
    case 'agree': {
      const { kind: _kind, question, about: _about, ...offer } = course
      return { kind: 'confirm', meaning, parameters, question, offer }
    }
    default:
      return { kind: 'course', meaning, parameters, course }
  }
}

/** Asks whether to do what was understood. */
function confirmed({ meaning, parameters }: Ordered, around: Around): Extract<Plan, { kind: 'confirm' }> {
  const question = `Shall I ${describe(meaning, parameters, around)}?`
  return { kind: 'confirm', meaning, parameters, question }
}

const TRY_SAYING: Readonly<Record<string, string>> = {
  remember: 'remember that the spare key is under the stone',
  recall: 'what did I say about the boiler',
  remind: 'remind me in ten minutes to stretch',
  timer: 'set a timer for five minutes',
  add: 'put milk and eggs on the shopping list',
  calculate: 'what is 17 percent of 2,340',
  convert: 'convert 5 miles to km',
  summarise: 'agent 6, summarise this: ...',
  help: 'what can you do',
}

/** Sentences that could be said instead: those of the likeliest actions, then what works for everybody. */
export function suggestions(likely: readonly { action: string }[]): string[] {
  const near = likely.flatMap(({ action }) => TRY_SAYING[action] ?? [])
  return [...new Set([...near, ...SUGGESTED.flatMap((action) => TRY_SAYING[action] ?? [])])].slice(
    0,
    SUGGESTED.length,
  )
}
const SUGGESTED = ['help', 'remind', 'calculate']
