import type { Workflow, WorkflowExecution, StepRecord } from '../../../contract/workflows.ts'
import { maskSecrets } from '../../kernel/mask.ts'
import { stored } from '../../kernel/stored.ts'
import { NOTHING, readDefinition } from './definition.ts'
import type { ShownStep } from './history-store.ts'
import type { RunRow, WorkflowRow } from './store.ts'

/** Said in the place of what a row no longer tells. */
const DAMAGED = 'The record of this is damaged.'

export function toWorkflow(row: WorkflowRow, definition: string): Workflow {
  const { id, user_id, name, description, created_at, updated_at, last_executed, execution_count } = row
  return {
    id,
    user_id,
    name,
    description: readDefinition(definition) === NOTHING ? DAMAGED : description,
    definition: readDefinition(definition),
    is_active: row.is_active !== 0,
    created_at,
    updated_at,
    last_executed,
    execution_count,
    success_rate: row.finished_count === 0 ? 0 : row.completed_count / row.finished_count,
  }
}

/** What a program is shown of a workflow: that it is there, so that it can be started, and no more of what is in it. */
export function toVeiled(row: WorkflowRow): Workflow {
  return { ...toWorkflow(row, ''), description: '' }
}

/** How a value that was recorded is shown: with its secrets masked, unless runs are compared. */
export type Show = <T>(value: T) => T

/** What is shown of a step. */
export function toRecord(row: ShownStep, show: Show): StepRecord {
  return {
    step_id: row.step_id,
    status: row.status,
    attempts: row.attempts,
    started_at: row.started_at,
    ended_at: row.ended_at,
    ...(row.result === null ? {} : { result: show(stored(row.result) ?? DAMAGED) }),
    ...(row.error === null ? {} : { error: show(row.error) }),
  }
}

/** How the row of a run is shown. */
interface Showing {
  /** Ids of the steps of the definition, for those that have not begun. */
  order: readonly string[]
  performing: ReadonlyMap<string, { started_at: string }> | undefined
  show?: Show
}

/** A row of the history. */
export function toExecution(
  row: RunRow,
  steps: readonly ShownStep[],
  { order, performing, show = maskSecrets }: Showing,
): WorkflowExecution {
  const known = new Map(steps.map((step) => [step.step_id, toRecord(step, show)]))
  const named = new Set([...order, ...known.keys(), ...(performing?.keys() ?? [])])
  const { id: execution_id, status, trigger_source, started_at, ended_at } = row
  const ends = started_at !== null && ended_at !== null
  return {
    execution_id,
    status,
    trigger_source,
    started_at,
    ended_at,
    duration: ends ? Math.max(0, Date.parse(ended_at) - Date.parse(started_at)) : null,
    ...(row.error === null ? {} : { error: show(row.error) }),
    steps: [...named].map((id) => withPerforming(known.get(id) ?? notBegun(id), performing?.get(id))),
  }
}

function notBegun(step_id: string): StepRecord {
  return { step_id, status: 'pending', attempts: 0, started_at: null, ended_at: null }
}

/** Most of what is performed is recorded only with its end. */
function withPerforming(record: StepRecord, performing: { started_at: string } | undefined): StepRecord {
  if (performing === undefined || record.status !== 'pending') return record
  return { ...record, status: 'executing', attempts: record.attempts + 1, started_at: performing.started_at }
}
