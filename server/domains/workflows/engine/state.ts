import { stored } from '../../../kernel/stored.ts'
import type { Json } from '../evaluate/value.ts'
import type { RunRow, StepRow, StepStatus } from '../store.ts'

/** An attempt at a step that failed, before another one was made. */
export interface Try {
  execution_id: string | null
  started_at: string | null
  ended_at: string
  error: string
}

/** What is known of a step that has begun. */
export interface StepState {
  readonly status: StepStatus
  readonly attempts: number
  /** Place among the records of the run. */
  readonly seq: number
  readonly started_at: string | null
  readonly ended_at: string | null
  /** The parameters of an action of the engine itself; those of others are in their execution. */
  readonly input: Json | undefined
  readonly result: Json
  readonly error: string | null
  readonly execution_id: string | null
  /** Epoch ms at which it is tried again, or its waiting is over. */
  readonly wake: number | null
  readonly waits_for: string | null
  readonly answer: Json | undefined
  readonly tries: readonly Try[]
}

export type Steps = ReadonlyMap<string, StepState>

/** A run as it is recorded; steps that have not begun are not there. */
export interface RunState {
  readonly row: RunRow
  readonly steps: Steps
  readonly seq: number
  /** Bytes of the results of all steps that have ended. */
  readonly result_bytes: number
}

const OUTCOMES: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'skipped',
  'stopped',
  'unknown',
] satisfies StepStatus[])
const OPEN: ReadonlySet<string> = new Set(['pending', 'executing', 'waiting'] satisfies StepStatus[])

export function hasOutcome(step: Pick<StepState, 'status'> | undefined): boolean {
  return step !== undefined && OUTCOMES.has(step.status)
}

/** Whether a step may begin: not before its next attempt is due, nor while it waits for an answer. */
export function mayBegin(step: StepState, now: number): boolean {
  return !hasOutcome(step) && step.status !== 'waiting' && (step.wake === null || step.wake <= now)
}

/** Whether it ended in a way that the error handling is for. */
export function hasFailed(step: StepState | undefined): boolean {
  return step?.status === 'failed' || step?.status === 'unknown'
}

export const NEW_STEP: StepState = {
  status: 'pending',
  attempts: 0,
  seq: 0,
  started_at: null,
  ended_at: null,
  input: undefined,
  result: null,
  error: null,
  execution_id: null,
  wake: null,
  waits_for: null,
  answer: undefined,
  tries: [],
}

/** A step whose next attempt begins. One that an earlier process has begun is the same. */
export function begin(known: StepState, started_at: string, newId: () => string): StepState {
  const goesOn = known.status === 'executing'
  return {
    ...known,
    status: 'executing',
    attempts: goesOn ? known.attempts : known.attempts + 1,
    started_at: goesOn ? known.started_at : started_at,
    execution_id: goesOn ? known.execution_id : newId(),
    wake: null,
  }
}

export function bytesOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text)
}

/** Why a result is not kept. */
export function tooMuch(bytes: number, room: number): string {
  return `Its result has ${bytes} bytes; ${room} are the most that the results of this run may still have.`
}

export function toState(row: RunRow, rows: readonly StepRow[]): RunState {
  return {
    row,
    steps: new Map(rows.map((step) => [step.step_id, toStep(step)])),
    seq: rows.reduce((most, { seq }) => Math.max(most, countIn(seq)), 0),
    result_bytes: rows.reduce((sum, step) => sum + (hasOutcome(step) ? bytesOf(step.result) : 0), 0),
  }
}

export function toStep(row: StepRow): StepState {
  return {
    ...row,
    attempts: countIn(row.attempts),
    seq: countIn(row.seq),
    wake: row.wake !== null && isTime(row.wake) ? Math.ceil(row.wake) : null,
    input: parsed(row.input),
    result: parsed(row.result) ?? null,
    answer: parsed(row.answer),
    tries: row.tries === null ? [] : triesIn(row.tries),
  }
}

export function toRow({ id, user_id }: RunRow, step_id: string, step: StepState): StepRow {
  return {
    ...step,
    run_id: id,
    step_id,
    user_id,
    input: toText(step.input),
    result: toText(step.result),
    answer: toText(step.answer),
    tries: step.tries.length === 0 ? null : JSON.stringify(step.tries),
  }
}

/** What a row counts, which nobody can tell any more of a damaged one. */
function countIn(value: number): number {
  return isCount(value) ? value : 0
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** Epoch ms that can be a date. */
function isTime(value: number | null): boolean {
  return value === null || (Number.isFinite(value) && !Number.isNaN(new Date(value).getTime()))
}

function isMoment(text: string | null): boolean {
  return text === null || !Number.isNaN(Date.parse(text))
}

function parsed(text: string | null): Json | undefined {
  return text === null ? undefined : stored<Json>(text)
}

function isDamaged(text: string | null): boolean {
  return text !== null && stored(text) === undefined
}

function triesIn(text: string): Try[] {
  const tries = stored<Try[]>(text)
  return Array.isArray(tries) ? tries : []
}

/** What of the record of a run is damaged, by which it can only be stopped and shown. */
export function damageOf(row: RunRow, steps: readonly StepRow[]): string | undefined {
  if (isDamaged(row.input) || isDamaged(row.trigger_data)) return 'What it was started with'
  if (![row.created_at, row.started_at].every(isMoment) || !isCount(row.depth)) return 'Its record'
  const step = steps.find(
    ({ status, attempts, seq, wake, started_at, ended_at, input, result, answer, tries }) =>
      !(OUTCOMES.has(status) || OPEN.has(status)) ||
      ![attempts, seq].every(isCount) ||
      !isTime(wake) ||
      ![started_at, ended_at].every(isMoment) ||
      [input, result, answer, tries].some(isDamaged),
  )
  return step && `The record of step ${step.step_id}`
}

export function toText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value)
}
