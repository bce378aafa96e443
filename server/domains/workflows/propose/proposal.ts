import type { WorkflowDefinition } from '../../../../contract/workflows.ts'
import type { ActionEffect } from '../../../skills/skill.ts'

/** A workflow that a sentence asks for, before anybody has agreed to it. */
export interface Proposal {
  name: string
  definition: WorkflowDefinition
  /** Two to six sentences: when it runs, what it does, what happens when something fails. */
  explanation: string
  /** A flowchart for Mermaid. */
  diagram: string
  /** What changes something, leaves the machine or removes something, a sentence each. */
  impact: string[]
  /** What was not understood and is left out; when there is any, the user is asked. */
  unclear: string[]
}

/** One action of an agent, as a clause was understood. */
export interface UnderstoodClause {
  agent_number: number
  agent_name: string
  action: string
  parameters: Record<string, unknown>
  effect: ActionEffect
  summary: string
  /** 0 to 1. */
  confidence: number
  /** Parameters that are needed and were not said. */
  missing: string[]
  /** It is only like what it was understood as, so that words of it may mean more. */
  is_guess?: boolean
  /** Words of it that are in no sentence for that action, and in no parameter. */
  unread?: readonly string[]
}

/** What bounds a repetition, in the words that were said: its first and last day, and days that are left out. */
export interface SaidBounds {
  /** The sentence without it. */
  rest: string
  said: readonly string[]
  /** Days of the week that are left out, 1 for Monday, when nothing else bounds it. */
  weekdays: readonly number[]
}

export interface ProposeContext {
  /** IANA zone of the user. */
  time_zone: string
  /** Epoch milliseconds. */
  now: number
  /** Names of the user's agents by number, for "when the notes agent finishes"; those of new users unless given. */
  agents?: AgentNames
  /** Understands one imperative clause as one action of an agent. */
  understand(clause: string): Promise<UnderstoodClause | undefined>
  /** What bounds the repetition that a sentence speaks of; nothing where nothing does. */
  bounds?(text: string): Promise<SaidBounds | undefined>
}

export type AgentNames = ReadonlyMap<number, string>

/** The agents that every user begins with. */
export const FIRST_AGENTS: AgentNames = new Map([
  [1, 'Concierge'],
  [2, 'Notes & Memory'],
  [3, 'Reminders & Calendar'],
  [4, 'Tasks & Lists'],
  [5, 'Data'],
  [6, 'Text'],
  [7, 'Watcher'],
  [8, 'Fetcher'],
  [9, 'Guardian'],
])
