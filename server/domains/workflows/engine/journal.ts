import type { Tx } from '../../../kernel/store/store.ts'
import { Fault } from '../../../kernel/fault.ts'
import { maskSecrets } from '../../../kernel/mask.ts'
import type { Plan } from '../definition.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow } from '../store.ts'
import { STOPPED_UNDER_WAY } from './outcome.ts'
import type { EngineParts } from './parts.ts'
import { bytesOf, hasFailed, hasOutcome, toRow, tooMuch } from './state.ts'
import type { RunState, StepState, Steps } from './state.ts'

/** The kind of job that runs are. */
export const RUN_JOB = 'workflows.run'

/** Bytes of all results of a run as JSON: they are told together when it ends. */
const RESULTS_BYTES_MAX = 1_048_576

const TOO_MUCH = 'WORKFLOW_EXECUTION_FAILED'

/** Bytes that further results of a run may have. */
export function roomOf({ result_bytes }: RunState): number {
  return RESULTS_BYTES_MAX - result_bytes
}

/** Whether it was refused for its size, which another attempt would not change. */
export function isTooMuch(error: unknown): error is Fault {
  return error instanceof Fault && error.name === TOO_MUCH
}

/** Records the named steps as they are in `steps`; answers the run with them. */
export function putSteps(
  parts: EngineParts,
  tx: Tx,
  run: RunState,
  steps: Steps,
  changed: readonly string[],
): RunState {
  let { seq, result_bytes } = run
  const recorded = new Map(steps)
  for (const [index, id] of changed.entries()) {
    const known = steps.get(id)
    // A wait that is over as soon as it begins has changed twice: it is recorded, and told, as it ended.
    if (known === undefined || changed.lastIndexOf(id) !== index) continue
    const state = asStopped(parts, tx, run.row, known)
    recorded.set(id, state)
    const row = toRow(run.row, id, state)
    workflowStore.putStep(tx.connection, row)
    seq = Math.max(seq, state.seq)
    if (!hasOutcome(state)) continue
    result_bytes += bytesOf(row.result)
    tellStep(parts, tx, run.row, id, state)
  }
  return { ...run, steps: recorded, seq, result_bytes }
}

/**
 * A step that is stopped, with the record of its own that it has once it has begun outside of this transaction: that must
 * not stay open. Nobody knows whether what it was for has happened by then.
 */
function asStopped({ executions }: EngineParts, tx: Tx, { user_id }: RunRow, state: StepState): StepState {
  const { status, execution_id } = state
  if (status !== 'stopped' || execution_id === null) return state
  if (!executions.stop.end(tx, user_id, execution_id)) return state
  return {
    ...state,
    status: 'unknown',
    error: STOPPED_UNDER_WAY,
  }
}

function tellStep(
  { kernel }: EngineParts,
  tx: Tx,
  { id: execution_id, user_id, workflow_id }: RunRow,
  step_id: string,
  state: StepState,
): void {
  if (state.status === 'stopped') return
  const isLost = hasFailed(state)
  kernel.events.tell(tx, 'workflow:step_completed', user_id, {
    workflow_id,
    execution_id,
    step_id,
    result: maskSecrets(isLost ? { error: state.error } : state.result),
    status: isLost ? 'failed' : state.status === 'skipped' ? 'skipped' : 'completed',
  })
}

/** @throws Fault `WORKFLOW_EXECUTION_FAILED` when the results of a run would be more than can be told at its end. */
export function checkSize(run: RunState, result: Json): void {
  const bytes = bytesOf(JSON.stringify(result))
  if (bytes > roomOf(run)) throw new Fault(TOO_MUCH, tooMuch(bytes, roomOf(run)))
}

/** Has a run taken up at a time. */
export function enqueueRun(
  { kernel }: EngineParts,
  tx: Tx,
  { id: key, user_id, priority }: Pick<RunRow, 'id' | 'user_id' | 'priority'>,
  run_at: number,
): boolean {
  return kernel.jobs.enqueue(tx, {
    kind: RUN_JOB,
    key,
    user_id,
    lane: user_id,
    payload: {},
    priority,
    run_at,
  })
}

/** Tells the user of a run that has failed, if its workflow wants that. */
export async function tellFailure(
  { notifications, nameOf }: Pick<EngineParts, 'notifications' | 'nameOf'>,
  tx: Tx,
  row: RunRow,
  { error_handling }: Plan['definition'],
): Promise<void> {
  if (!error_handling.notification_on_error) return
  const { id: execution_id, user_id, workflow_id, error } = row
  await notifications.notify(tx, user_id, {
    source_agent: 0,
    severity: 'warning',
    text: `The workflow ${nameOf(row)} failed: ${maskSecrets(error ?? '')}`.slice(0, 2000),
    data: { workflow_id, execution_id },
  })
}

interface RunEnd {
  status: RunRow['status']
  error: string | null
  /** Nothing is recorded of the run yet. */
  isNew?: boolean
}

/** Records the end of a run, and tells those who wait for it. */
export function endRun(
  { kernel, waiters }: Pick<EngineParts, 'kernel' | 'waiters'>,
  tx: Tx,
  { row, steps }: RunState,
  { status, error, isNew = false }: RunEnd,
): RunRow {
  const ended: RunRow = { ...row, status, error, ended_at: kernel.now() }
  if (isNew) workflowStore.insertRun(tx.connection, ended)
  else workflowStore.advanceRun(tx.connection, ended)
  workflowStore.countEnd(tx.connection, row.workflow_id, status === 'completed')
  // Of a damaged one nobody knows when it began.
  const duration = Math.max(0, kernel.clock.now() - Date.parse(row.started_at ?? '')) || 0
  kernel.events.tell(tx, 'workflow:completed', row.user_id, {
    workflow_id: row.workflow_id,
    execution_id: row.id,
    success: status === 'completed',
    duration,
    results: maskSecrets(resultsOf(steps)),
  })
  tx.afterCommit(() => waiters.settle(row.id, ended))
  return ended
}

/** The results by step; a step that has none is null. */
export function resultsOf(steps: Steps): Record<string, unknown> {
  return Object.fromEntries(
    [...steps].flatMap(([id, step]) =>
      hasOutcome(step) ? [[id, step.status === 'completed' ? step.result : null]] : [],
    ),
  )
}
