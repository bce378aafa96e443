import type { TongueCode } from '../../../skills/skill.ts'
import type { Utterance } from '../normalise.ts'

export type { TongueCode }

/**
 * A language in which actions can be said. Its phrases stand beside the skills; what a closed slot of them holds it says
 * in the words that the readers of slots know, so that there is one reader of times and not one for each language:
 * "morgen um halb acht" is "tomorrow at 7:30". A language that the readers know themselves says everything as it is.
 */
export interface Tongue {
  readonly code: TongueCode
  /** A word as it is compared: without accents, and one form for those of a verb. */
  readonly keyOf: (word: string) => string
  /** The words of an utterance as they are compared: without politeness and fillers, and with them where they are more. */
  readonly hear: (utterance: Utterance) => readonly Utterance[]
  /** A value of a slot as the readers know it; `undefined` for what is no such value. */
  readonly say: (slot_type: string, text: string) => string | undefined
  /** A text at its commas and its words for "and". */
  readonly part: (text: string) => readonly string[]
  /** An order for a summary of what somebody has, in English: "make a briefing from notes and reminders". */
  readonly sumUp: (order: string) => string | undefined
  /** An order without the words that it is to be asked about first. */
  readonly unreserved: (order: string) => string
  /** Whether an order says what is not to be done. */
  readonly isNegated: (order: string) => boolean
  /** What in a sentence tells the half of the day that is meant, as the readers know it: "wake". */
  readonly lean: (sentence: string) => string
  /** What a sentence begins with that addresses an agent: its end is where the number begins. */
  readonly lead: RegExp
  /** The number that a text consists of. */
  readonly readNumber: (text: string) => number | undefined
}
