import type { TSchema } from 'typebox'
import type { Call } from '../../kernel/answers.ts'
import { canonical } from '../../kernel/canonical.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { storedFields } from '../../kernel/stored.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Lists } from './entries.ts'
import type { ModificationRow } from './store.ts'

/** Everything of an object that a change must be able to bring back; `undefined` means that it is not there. */
export type State = Readonly<Record<string, unknown>>

/** How one kind of object is read and put back. Each domain registers its kinds once. */
export interface Kind {
  read(db: Pick<Reader, 'tables'>, user_id: string, id: string): Promise<State | undefined>
  /** Makes the object be in this state, or not be there. */
  restore(tx: Tx, user_id: string, id: string, state: State | undefined): Promise<void>
  /** Whether what is not there could come back: it is kept for some time after its deletion. */
  isKept?(db: Pick<Reader, 'tables'>, user_id: string, id: string): Promise<boolean>
  /** Whether nothing else has taken what a state needs for itself alone, such as its name. */
  isFree?(db: Pick<Reader, 'tables'>, user_id: string, id: string, state: State): Promise<boolean>
  /** @throws Fault when a state does not go together that was never saved as a whole: parts of it are from several changes. */
  checkMixed?(db: Pick<Reader, 'tables'>, user_id: string, id: string, state: State): Promise<void>
  /**
   * What it is called now, also when it was deleted: "agent 7". Without it an object is called by its kind.
   *
   * @param state - as a change has it, for what has no name but what it is.
   */
  called?(
    db: Pick<Reader, 'tables'>,
    user_id: string,
    id: string,
    state: State | undefined,
  ): Promise<string | undefined>
  /** Where it has lists whose entries are changed and taken back one by one, whatever became of the others since. */
  lists?: Lists
  /** How a modification changes it; kinds without it are changed by their own operations alone. */
  modify?: Modify
}

/** How `POST /system/modify` changes an object. */
export interface Modify {
  type: ModificationRow['type']
  /** All objects of the kind that a user has, by id. */
  all(db: Pick<Reader, 'tables'>, user_id: string): Promise<[id: string, state: State][]>
  /** The id of what a client names. @throws Fault when there is no such thing, or it is not the caller's to change. */
  find(call: Call, ref: string | undefined): string
  /** Checks the whole state that is wanted, before anything is written. @throws Fault */
  check(call: Call, id: string, wanted: State): Promise<void>
  /** Makes it so, and records that under this description. @throws Fault */
  apply(tx: Tx, user_id: string, id: string, wanted: State, description: string): Promise<void>
}

/** One object before and after. */
export interface Step {
  kind: string
  target: string
  before: State | undefined
  after: State | undefined
}

/** Whether two states are the same, whatever the order of their keys. */
export function isSame(a: State | undefined, b: State | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonical(a) === canonical(b)
}

/** The steps that take back these, last first. */
export function reverse(steps: readonly Step[]): Step[] {
  return steps
    .toReversed()
    .map(({ kind, target, before, after }) => ({ kind, target, before: after, after: before }))
}

/** Joins the steps on one object: what was before the first, what is after the last. */
export function merge(steps: readonly Step[]): Step[] {
  const merged = new Map<string, Step>()
  for (const step of steps) {
    const key = `${step.kind} ${step.target}`
    const earlier = merged.get(key)
    merged.set(key, earlier === undefined ? step : { ...step, before: earlier.before })
  }
  return [...merged.values()].filter(({ before, after }) => !isSame(before, after))
}

/** A state as a row keeps it. */
export function toText(state: State | undefined): string | null {
  return state === undefined ? null : JSON.stringify(state)
}

/** A state as a row kept it. @throws Fault `ROLLBACK_FAILED` where somebody has damaged it: nothing is to be made of it. */
export function toState(text: string | null): State | undefined {
  if (isWhole(text)) return readState(text)
  throw new Fault('ROLLBACK_FAILED', 'What was recorded of this change is damaged.')
}

/** The same for showing: a damaged one is as if there was none. */
export function readState(text: string | null): State | undefined {
  return text === null ? undefined : storedFields<State>(text)
}

export function isWhole(text: string | null): boolean {
  return text === null || readState(text) !== undefined
}

/** @throws Fault `VALIDATION_ERROR` with everything that a state lacks, or has too much. */
export function refuseState(schema: TSchema, state: State): void {
  const issues = findIssues(schema, state).map(({ path, message }) => ({
    path: `/after_state${path}`,
    message,
  }))
  const [first] = issues
  if (first !== undefined) throw new Fault('VALIDATION_ERROR', `${first.path} ${first.message}.`, { issues })
}
