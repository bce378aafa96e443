import type { Action } from '../../../skills/skill.ts'

/** An agent of the user, as far as a definition can be wrong about it. */
export interface KnownAgent {
  readonly name: string
  readonly is_active: boolean
  readonly actions: Readonly<Record<string, Action>>
  /** Names that mean one of the actions, in small letters: the phrases of voice commands. */
  readonly aliases: ReadonlySet<string>
  /** It may have actions that are not known here: an agent from outside. */
  readonly open?: boolean
}

/** What a definition is held against. */
export interface Known {
  /** By number; agent 0 has the actions of workflows themselves. */
  readonly agents: ReadonlyMap<number, KnownAgent>
  /** IANA zone of the user. */
  readonly time_zone: string
  /** Epoch milliseconds. */
  readonly now: number
  /** What is wrong with the phrase of a voice command, as a sentence without its full stop. */
  readonly findPhraseProblem: (phrase: string) => string | undefined
  /** Why the credential that the trigger names signs nothing, as the rest of a sentence. */
  readonly secret_problem?: string | undefined
}
