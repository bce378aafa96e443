import type { Job } from '../../../kernel/job.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { ActionError } from '../../../skills/skill.ts'
import type { Plan } from '../definition.ts'
import type { Json } from '../evaluate/value.ts'
import { workflowStore } from '../store.ts'
import type { RunRow } from '../store.ts'
import type { EngineParts } from './parts.ts'
import type { Settled } from './settle.ts'
import { hasFailed, hasOutcome, toRow } from './state.ts'
import type { RunState, StepState, Steps } from './state.ts'

/** The kind of job that runs are. */
export const RUN_JOB = 'workflows.run'

/** Bytes of all results of a run as JSON: they are told together when it ends. */
const RESULTS_BYTES_MAX = 1_048_576

/** Writes what becomes of a run, with its events, in the transactions of others. */
export class Journal {
  readonly #parts: EngineParts
  readonly #job: Pick<Job, 'finish' | 'hold' | 'key'>

  constructor(parts: EngineParts, job: Pick<Job, 'finish' | 'hold' | 'key'>) {
    this.#parts = parts
    this.#job = job
  }

  /** Records the named steps as they are in `steps`; answers the run with them. */
  put(tx: Tx, run: RunState, steps: Steps, changed: readonly string[]): RunState {
    let { seq, result_bytes } = run
    for (const id of changed) {
      const state = steps.get(id)
      if (state === undefined) continue
      const row = toRow(run.row, id, state)
      workflowStore.putStep(tx.connection, row)
      seq = Math.max(seq, state.seq)
      result_bytes += row.result?.length ?? 0
      if (!hasOutcome(state)) continue
      // What had begun outside of this transaction has a record of its own that must not stay open.
      if (state.status === 'stopped' && state.execution_id !== null)
        this.#parts.executions.stop.end(tx, run.row.user_id, state.execution_id)
      this.#tell(tx, run.row, id, state)
    }
    return { ...run, steps, seq, result_bytes }
  }

  #tell(tx: Tx, { id: execution_id, user_id, workflow_id }: RunRow, step_id: string, state: StepState): void {
    if (state.status === 'stopped') return
    const isLost = hasFailed(state)
    this.#parts.kernel.events.tell(tx, 'workflow:step_completed', user_id, {
      workflow_id,
      execution_id,
      step_id,
      result: isLost ? { error: state.error } : state.result,
      status: isLost ? 'failed' : state.status === 'skipped' ? 'skipped' : 'completed',
    })
  }

  /** @throws ActionError when the results of a run would be more than can be told at its end. */
  checkSize({ result_bytes }: RunState, result: Json): void {
    const bytes = result_bytes + JSON.stringify(result).length
    if (bytes > RESULTS_BYTES_MAX)
      throw new ActionError(
        `The results of this run have ${bytes} bytes; ${RESULTS_BYTES_MAX} are the most that are kept.`,
      )
  }

  /** Ends the run, with its job. */
  async end(
    tx: Tx,
    run: RunState,
    { definition }: Plan,
    { status, error }: NonNullable<Settled['end']>,
  ): Promise<void> {
    this.#job.finish(tx)
    const row = endRun(this.#parts, tx, run, status, error)
    if (status === 'completed' || !definition.error_handling.notification_on_error) return
    await this.#parts.notifications.notify(tx, row.user_id, {
      source_agent: 0,
      severity: 'warning',
      text: `The workflow ${this.#parts.nameOf(row)} failed: ${error ?? ''}`.slice(0, 2000),
      data: { workflow_id: row.workflow_id, execution_id: row.id },
    })
  }

  /** Leaves the run until a time, or until something wakes it. */
  park(tx: Tx, { row }: RunState, run_at: number): void {
    this.#job.hold(tx)
    const { id: key, user_id, priority } = row
    this.#parts.kernel.jobs.enqueue(tx, {
      kind: RUN_JOB,
      key,
      user_id,
      lane: user_id,
      payload: {},
      run_at,
      priority,
    })
  }
}

/** Records the end of a run, and tells those who wait for it. */
export function endRun(
  { kernel, waiters }: Pick<EngineParts, 'kernel' | 'waiters'>,
  tx: Tx,
  { row, steps }: RunState,
  status: RunRow['status'],
  error: string | null,
): RunRow {
  const ended: RunRow = { ...row, status, error, ended_at: kernel.now() }
  workflowStore.advanceRun(tx.connection, ended)
  workflowStore.countEnd(tx.connection, row.workflow_id, status === 'completed')
  const duration = row.started_at === null ? 0 : Math.max(0, kernel.clock.now() - Date.parse(row.started_at))
  kernel.events.tell(tx, 'workflow:completed', row.user_id, {
    workflow_id: row.workflow_id,
    execution_id: row.id,
    success: status === 'completed',
    duration,
    results: resultsOf(steps),
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
