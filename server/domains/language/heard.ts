import type { Catalogue, Meaning } from './catalogue.ts'
import type { Accepting } from './fill.ts'
import type { Tongues } from './languages/tongues.ts'
import type { Place } from './learnt/own.ts'
import type { Utterance } from './normalise.ts'

/** A sentence and where it is said. */
export interface Heard {
  text: string
  /** The language it is said to be in, such as `de-AT`; English where nobody says. */
  language?: string | undefined
  now: number
  time_zone: string
  wake_words: readonly string[]
  /** The agent of the conversation, which gets the benefit of the doubt. */
  active_agent: number | undefined
  /** The one agent that may be meant, when the sentence was said to it. */
  only_agent: number | undefined
  /** The one action that may be meant, when its user has said so. */
  only_action?: string | undefined
  /** Whether its user has named the agent: then what is meant is among what that one can do. */
  is_addressed?: boolean | undefined
  /** It is a part of a longer order, which its user agrees to as a whole. */
  is_part?: boolean | undefined
  /** What "it" means: the agent of a number, or a workflow that whoever asks knows. */
  it?: { agent_number: number } | 'workflow' | undefined
}

export interface Candidate {
  agent_number: number
  action: string
  confidence: number
  /** What the sentence says for it. */
  entities: Record<string, unknown>
}

/**
 * What decided: words that were taught, a phrase, what was said before, what sentences are like, or a language model
 * among the likeliest.
 */
export type Tier = 'learnt' | 'template' | 'context' | 'statistics' | 'model' | 'none'

/** What a language model was asked for, and what it came to. */
export type ModelUse = 'chose' | 'none' | 'late' | 'failed' | 'wrong'

/** What led to a decision, for whoever asks why. Scores add up to 1 or less. */
export interface Why {
  scores: { agent_number: number; agent_name: string; action: string; score: number }[]
  /** How much the sentence was like any that the agents know. */
  in_scope?: number
  /** The agent of the conversation, and whether another would have been chosen without it. */
  active?: { agent_number: number; decided: boolean }
  /** Words that were read as others. */
  repairs?: { said: string; read: string }[]
  model?: ModelUse
}

/** What a sentence means, as far as is known. */
export interface Understood {
  tier: Tier
  meaning: Meaning | undefined
  parameters: Record<string, unknown>
  /** The first thing that was not said and is needed. */
  missing: { parameter: string; question: string } | undefined
  confidence: number
  routing_confidence: number
  /** The next best, best first, at most three. */
  alternatives: Candidate[]
  /** The next agents, best first, at most three. */
  fallbacks?: number[]
  /** Why it went there, in a sentence. */
  reason: string
  why?: Why
  /** The likeliest meanings, best first, at most five, of a sentence that was guessed. */
  likely?: readonly Meaning[]
  /** The agent that it addresses, where it means nothing to that one. */
  addressed?: number
  /** Whether it is meant for an agent that is switched off; the reason says that. */
  is_off?: true
  /** Two times or more that were said where the action takes one, of which all but one would be lost. */
  times?: readonly string[]
  /** Words that bound what repeats in a way that the action cannot keep: "in summer". */
  unkept?: string
}

/** The statistical tier: labels `skill/action`, best first, and how much the text looks like any of them, 0 to 1. */
export type Classify = (
  text: string,
) => Promise<{ ranked: { label: string; probability: number }[]; in_scope: number }>

export interface Tools {
  catalogue: Catalogue
  accepts: Accepting
  classify: Classify
  /** What sentences mean that were taught word by word. */
  taught?: ReadonlyMap<string, Place>
  /** The phrases of other languages. */
  tongues?: Tongues
  /** Reads words as those that were meant. */
  repair?: Repair
  /** Whether a word is one that is said to agents. */
  knows?: (word: string) => boolean
  /** Whether a sentence asks for a new workflow, also where it is a phrase of an agent. */
  isProposal?: (text: string, isPhrase: boolean) => boolean
}

/** Repairs the spelling of a text, and says which words it read as which. */
export type Repair = (text: string) => { text: string; repairs: { said: string; read: string }[] }

export interface Said {
  heard: Heard
  utterance: Utterance
  only: number | undefined
  addressed: boolean
}

/** What means nothing, and why. */
export function nothing(reason: string): Understood {
  return {
    tier: 'none',
    meaning: undefined,
    parameters: {},
    missing: undefined,
    confidence: 0,
    routing_confidence: 0,
    alternatives: [],
    reason,
  }
}

/** An agent that does nothing of what is said: it is switched off, or listens to no sentences. */
export type Off = Catalogue['agents'][number] & { is_deaf?: true }

export function switchedOff({ agent_number, name, is_deaf }: Off): Understood {
  const reason = is_deaf
    ? `Agent ${agent_number}, ${name}, does not listen to sentences: that is switched off for it.`
    : `Agent ${agent_number}, ${name}, is switched off. To switch it on, say: turn on agent ${agent_number}.`
  return { ...nothing(reason), is_off: true }
}

export function nameOf({ agent_number, agent_name }: Meaning): string {
  return agent_number === 0 ? 'the system' : `agent ${agent_number}, ${agent_name}`
}

/** To three decimals. */
export function round(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000
}

/** The first parameter that is needed and was not said. */
export function findMissing({ action }: Meaning, parameters: Record<string, unknown>): Understood['missing'] {
  const required = (action.parameters as { required?: readonly string[] }).required ?? []
  const absent = required.find((name) => !(name in parameters))
  const needed = action.needsOne ?? []
  const parameter =
    absent ?? (needed.length === 0 || needed.some((name) => name in parameters) ? undefined : needed[0])
  if (parameter === undefined) return undefined
  return {
    parameter,
    question: action.questions?.[parameter] ?? `What is the ${parameter.replaceAll('_', ' ')}?`,
  }
}
