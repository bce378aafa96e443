import { Type } from 'typebox'
import type { Issue } from '../../contract/errors.ts'
import type { Static, TObject, TProperties, TSchema } from 'typebox'
import type { Capabilities, CapabilityName, Stored } from './capabilities.ts'

/** `write` can be taken back; `destructive` removes something of the user's; `network` leaves the machine. */
export type ActionEffect = 'read' | 'write' | 'destructive' | 'network'

/**
 * How a spoken slot becomes a parameter. The default follows from the schema: text, number, or items for arrays.
 * `expression`, `amount`, `unit`, `data` and `aggregation` accept only what `data/slots.ts` recognises, `passage` only
 * what `text/slots.ts` does, `name`, `title`, `priority` and `table` only what `tasks/slots.ts` does, `address` only what
 * `fetcher/slots.ts` does, `workflow` only what names one of the user's, `period` only a stretch of time that lies
 * behind; all thirteen are handed over as they were said. A `name` after "the" or "my" is a `title`, which may be any words.
 */
export type SlotType =
  | 'text'
  | 'number'
  | 'time'
  | 'duration'
  | 'items'
  | 'quantity'
  | 'agent'
  /** An agent by its name: a bare number may be anything. */
  | 'agent_name'
  | 'action'
  | 'word'
  | 'expression'
  | 'amount'
  | 'unit'
  | 'data'
  | 'aggregation'
  | 'passage'
  | 'name'
  | 'title'
  | 'priority'
  | 'table'
  | 'address'
  | 'workflow'
  | 'period'

/** What an action says and returns. `text` is one or two spoken sentences; `data` follows the result schema. */
export interface Performed<R> {
  data: R
  text: string
}

/** One thing that agents of a skill can do, declared once for validation, templates, tools and forms. */
export interface Action<
  N extends CapabilityName = CapabilityName,
  P extends TObject = TObject,
  R extends TSchema = TSchema,
> {
  /** One sentence for people: what it does. */
  readonly summary: string
  readonly parameters: P
  readonly result: R
  readonly effect: ActionEffect
  /**
   * The result depends on the parameters alone (and the clock): large parameters are worked on outside the event loop,
   * in a worker that is ended at the time-out.
   */
  readonly pure?: true
  /** Even small parameters may take long: a pure action that is always worked on in a worker. */
  readonly heavy?: true
  /** It is done by an agent from outside, whatever its effect: nothing here belongs to it. */
  readonly remote?: true
  /** Each of its phrases has the name of its service in it: although it is done elsewhere, nobody else is meant by them. */
  readonly named?: true
  /** Everything that is wrong with parameters, in place of what their schema says. */
  readonly check?: (parameters: Readonly<Record<string, unknown>>) => Issue[]
  /** What of parameters that fit their schema is refused before anything of them is kept. */
  readonly refuses?: (parameters: Readonly<Record<string, unknown>>) => Issue[]
  /** Doing it again does no harm, although it leaves the machine: it is tried again after a crash. */
  readonly repeatable?: true
  /** It keeps words as they were said, so that any sentence fits its phrases: what is unlike an order is asked about. */
  readonly verbatim?: true
  /** Templates: `{slot}`, `[optional words]`, `(a|b)`. Slots are parameter names. */
  readonly phrases: readonly string[]
  /** Parameters that a phrase stands for, by the phrase: what is said besides goes before them. */
  readonly presets?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Whole sentences that mean this action; the statistical tier learns from them. */
  readonly examples: readonly string[]
  readonly slots?: Readonly<Record<string, SlotType>>
  /** What a question is about, where no phrase says which of its words are: all of it. */
  readonly asked?: string
  /** One of these must be said besides what the schema requires; the question of the first asks for it. */
  readonly needsOne?: readonly string[]
  /**
   * How parameters stand in sentences that no phrase fits, by name, each with the value as the first group: without them
   * what was guessed would be done to something else than was said.
   */
  readonly mentions?: Readonly<Record<string, RegExp>>
  /**
   * Words of sentences, in small letters, by which it is never meant, however like its own they are: a yes to the question
   * would be to another wish.
   */
  readonly never?: RegExp
  /** It ends or prevents something, so that it may be meant by what forbids that: "do not run it again". */
  readonly ends?: true
  /** Question that asks for a parameter which was not said, by parameter name. */
  readonly questions?: Readonly<Record<string, string>>
  /**
   * Whether these parameters touch more than one item: destructive actions then always ask. The sentence says what
   * would happen, and `undefined` means that nothing needs asking. An `AskError` asks for a parameter.
   */
  readonly confirm?: (can: Pick<Capabilities, N>, parameters: Static<P>) => Promise<string | undefined>
  /** How it goes on when it touches more than a few items. */
  readonly pieces?: Pieces<N, P, R>
  /** Does it. Actions that write run inside one transaction and may await nothing but their capabilities. */
  readonly perform: (
    can: Pick<Capabilities, N>,
    parameters: Static<P>,
  ) => Promise<Performed<Static<R>>> | Performed<Static<R>>
}

/**
 * The pieces of an action that touches many items. More than a few are done one by one, each in a transaction of its own:
 * stopping it leaves what is done done, and nothing half done.
 */
export interface Pieces<
  N extends CapabilityName = CapabilityName,
  P extends TObject = TObject,
  R extends TSchema = TSchema,
  T = unknown,
> {
  /** What there is to do now. @throws ActionError as `perform` does. */
  readonly plan: (can: Pick<Capabilities, N>, parameters: Static<P>) => Promise<readonly T[]>
  readonly each: (can: Pick<Capabilities, N>, piece: T) => Promise<void>
  /** The answer. `count` is greater than the pieces there are when a crash has lost the earlier ones' names. */
  readonly join: (parameters: Static<P>, done: readonly T[], count: number) => Performed<Static<R>>
}

/** Declares pieces with their own type, which only they themselves know. */
export function pieces<N extends CapabilityName, P extends TObject, R extends TSchema, T>(
  declaration: Pieces<N, P, R, T>,
): Pieces<N, P, R> {
  return declaration as unknown as Pieces<N, P, R>
}

/** Languages besides English in which actions can be said. */
export type TongueCode = 'de' | 'es'

/** A phrase in another language; in a pair it stands for parameters besides what is said. */
export type Phrase = string | readonly [phrase: string, stands_for: Readonly<Record<string, unknown>>]

/** Phrases by action. */
export type Phrases = Readonly<Record<string, readonly Phrase[]>>

/** What agents of one kind can do, and the agent that every new user gets for it. */
export interface Skill {
  readonly name: string
  readonly agent: { readonly number: number; readonly name: string; readonly description: string }
  readonly needs: readonly CapabilityName[]
  readonly actions: Readonly<Record<string, Action>>
  /** How its actions are said in other languages. */
  readonly phrases?: Readonly<Record<TongueCode, Phrases>>
  /** What is done when the check of a document is due, and in which collection these are. */
  readonly check?: Check
  /** What its collections hold, by their names. A document of any other is not the skill's. */
  readonly keeps?: Readonly<Record<string, Keeping>>
}

/** What a collection holds. What does not fit is not brought in from elsewhere, and is passed over when it is read. */
export interface Keeping {
  /** Schema of `group`, `at` and `body`. */
  readonly document: TSchema
  /** What no schema can say. It is asked at every reading, so it must cost next to nothing, and it never throws. */
  readonly agrees?: (document: Kept) => boolean
  /** What is worth its cost only for a document that comes from elsewhere. It never throws either. */
  readonly isSound?: (document: Kept) => boolean
  /** What it does by itself once it is there, as a clause without its subject. */
  readonly acts?: (document: Kept) => string
  /** Types of slots in which the names of its groups are said, as those of lists are. */
  readonly named?: readonly SlotType[]
}
type Kept<B = unknown> = Pick<Stored<B>, 'group' | 'at' | 'body'>

/** The farthest that a clock can tell from 1970, to either side. Places of a list are far nearer. */
const AT_MAX = 8_640_000_000_000_000
const AT = Type.Number({ minimum: -AT_MAX, maximum: AT_MAX })
const GROUP = Type.String({ maxLength: 256 })

/** Declares what a collection holds, with the type of its documents inferred from their schema. */
export function keeping<B extends TSchema>({
  body,
  group = GROUP,
  at = AT,
  ...checks
}: {
  body: B
  group?: TSchema
  at?: TSchema
  agrees?: (document: Kept<Static<B>>) => boolean
  isSound?: (document: Kept<Static<B>>) => boolean
  acts?: (document: Kept<Static<B>>) => string
  named?: readonly SlotType[]
}): Keeping {
  return { document: shape({ group, at, body }), ...checks } as Keeping
}

/** Whether something can be read without an error. */
export function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** What came of a check: what is known now, what to tell the user if anything, and when to look again. */
export interface Checked {
  /**
   * Handed to the next look. It is kept beside the document and not in it: else what the user did to the document could
   * not be taken back once a check has looked.
   */
  state: unknown
  /** Told to the user as a notification. */
  text?: string
  severity?: 'info' | 'warning' | 'critical'
  /** Epoch milliseconds; the check ends without. */
  next_due?: number
}
export interface Check {
  readonly collection: string
  /** Documents of this group are checked; of another one they rest. */
  readonly group: string
  /**
   * Looks, outside any transaction; whatever it throws is tried again later. `state` is what the look before answered.
   */
  readonly look: (
    can: Capabilities,
    record: Stored<unknown>,
    state: unknown,
    signal: AbortSignal,
  ) => Promise<Checked>
}

/** The document in which the state of another document's checks is kept. */
export function stateOf({ collection }: Pick<Check, 'collection'>, record_id: string) {
  return { collection: `${collection}_state`, id: `${record_id}:state` }
}

/** Refuses parameters that are well-formed but make no sense; the sentence is shown to the user. */
export class ActionError extends Error {
  /** What the answer begins with: most of all failures are the action's own. */
  readonly code: 'AGENT_002' | 'AGENT_003' | 'AGENT_004' = 'AGENT_002'
}

/** One parameter was not said, or means several things: whoever speaks is asked for it. */
export class AskError extends ActionError {
  readonly parameter: string
  /** What may be answered, in its order, where there is a choice. */
  readonly choices: readonly string[] | undefined

  constructor(parameter: string, question: string, choices?: readonly string[]) {
    super(question)
    this.parameter = parameter
    this.choices = choices
  }
}

/** The agent is not set up for it: its user has to let it use something first. */
export class UnsetError extends ActionError {
  override readonly code = 'AGENT_004'
}

/** Whoever was to do it did not in time, or could not be asked. */
export class LateError extends ActionError {
  override readonly code = 'AGENT_003'
}

/** A closed parameter or result object. */
export function shape<P extends TProperties>(properties: P): Type.TObject<P> {
  return Type.Object(properties, { additionalProperties: false })
}

/** Declares an action with the types of its parameters and result inferred from their schemas. */
export function action<N extends CapabilityName, P extends TObject, R extends TSchema>(
  declaration: Action<N, P, R>,
): Action {
  return declaration
}
