import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { RunRow, StepRow, WorkflowTables } from './store.ts'

type Db = Kysely<WorkflowTables>

const SHOWN = ['run_id', 'step_id', 'status', 'attempts', 'seq', 'started_at', 'ended_at', 'error'] as const
const SHOWN_RESULT_MAX = 2_000

/** What the history shows of a step. */
export type ShownStep = Pick<StepRow, (typeof SHOWN)[number] | 'result'>

export interface RunFilter {
  status?: RunRow['status'] | undefined
  trigger_source?: string | undefined
  since?: string | undefined
  until?: string | undefined
  before?: string | undefined
  limit: number
}

/** The queries of past and present runs, as they are shown. */
export const historyStore = {
  /** Of one workflow or of all, newest first. */
  runs(db: Db, user_id: string, workflow_id: string | undefined, filter: RunFilter): Promise<RunRow[]> {
    let query = db.selectFrom('workflow_runs').selectAll().where('user_id', '=', user_id)
    if (workflow_id !== undefined) query = query.where('workflow_id', '=', workflow_id)
    if (filter.status !== undefined) query = query.where('status', '=', filter.status)
    if (filter.trigger_source !== undefined) query = query.where('trigger_source', '=', filter.trigger_source)
    if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since)
    if (filter.until !== undefined) query = query.where('created_at', '<=', filter.until)
    if (filter.before !== undefined) query = query.where('id', '<', filter.before)
    return query.orderBy('id', 'desc').limit(filter.limit).execute()
  },

  /** What is shown of the steps of several runs, in no order: sorting those of a whole page costs more than reading them. */
  stepsOf: (db: Db, run_ids: readonly string[]): Promise<ShownStep[]> =>
    db
      .selectFrom('workflow_steps')
      .select(SHOWN)
      .select(
        sql<string | null>`CASE WHEN length(result) <= ${SHOWN_RESULT_MAX} THEN result END`.as('result'),
      )
      .where('run_id', 'in', run_ids)
      .execute(),
}
