import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { iso } from '../../../kernel/clock.ts'
import type { RunRow, WorkflowRow, WorkflowTables } from '../store.ts'
import type { Period } from './period.ts'

type Db = Kysely<WorkflowTables>

/** What is looked at of one stretch of time; more is only said to be more. */
export const RUNS_MAX = 500
/** No run takes longer, so one that ended in a period began at most so long before it. */
const RUN_MS_MAX = 2 * 86_400_000

export type SaidRun = Pick<
  RunRow,
  'id' | 'workflow_id' | 'status' | 'error' | 'created_at' | 'started_at' | 'ended_at'
>
const COLUMNS = ['id', 'workflow_id', 'status', 'error', 'created_at', 'started_at', 'ended_at'] as const

/** The queries of what is said of workflows. */
export const spokenStore = {
  workflows: (
    db: Db,
    user_id: string,
  ): Promise<Pick<WorkflowRow, 'id' | 'name' | 'version' | 'is_active'>[]> =>
    db
      .selectFrom('workflows')
      .select(['id', 'name', 'version', 'is_active'])
      .where('user_id', '=', user_id)
      .where('deleted_at', 'is', null)
      .orderBy('name_key')
      .execute(),

  /** Runs that were started in a period, newest first. */
  started(db: Db, user_id: string, { since, until }: Period, workflow_id?: string): Promise<SaidRun[]> {
    let query = db
      .selectFrom('workflow_runs')
      .select(COLUMNS)
      .where('user_id', '=', user_id)
      .where('id', '>=', idFrom(since))
      .where('created_at', '>=', iso(since))
      .where('created_at', '<', iso(until))
    if (workflow_id !== undefined) query = query.where('workflow_id', '=', workflow_id)
    return query.orderBy('id', 'desc').limit(RUNS_MAX).execute()
  },

  /** Runs that ended in a period as failed, newest first. */
  failed: (db: Db, user_id: string, { since, until }: Period): Promise<SaidRun[]> =>
    db
      .selectFrom('workflow_runs')
      .select(COLUMNS)
      .where('user_id', '=', user_id)
      .where('id', '>=', idFrom(since - RUN_MS_MAX))
      .where('status', '=', 'failed')
      .where('ended_at', '>=', iso(since))
      .where('ended_at', '<', iso(until))
      .orderBy('id', 'desc')
      .limit(RUNS_MAX)
      .execute(),

  /** The newest run of a workflow that failed, of those that ended in a period if there is one. */
  lastFailed(
    db: Db,
    user_id: string,
    workflow_id: string,
    period: Period | undefined,
  ): Promise<SaidRun | undefined> {
    let query = db
      .selectFrom('workflow_runs')
      .select(COLUMNS)
      .where('user_id', '=', user_id)
      .where('workflow_id', '=', workflow_id)
      .where('status', '=', 'failed')
    if (period !== undefined)
      query = query.where('ended_at', '>=', iso(period.since)).where('ended_at', '<', iso(period.until))
    return query.orderBy('id', 'desc').limit(1).executeTakeFirst()
  },

  /** The executions of steps of runs that have not ended. */
  async performing(db: Db, user_id: string): Promise<string[]> {
    const open = db
      .selectFrom('workflow_runs')
      .select('id')
      .where('user_id', '=', user_id)
      // As they stand, or the index of the unfinished is not used.
      .where('status', 'in', [sql.lit('queued' as const), sql.lit('executing' as const)])
    const rows = await db
      .selectFrom('workflow_steps')
      .select('execution_id')
      .where('run_id', 'in', open)
      .where('execution_id', 'is not', null)
      .execute()
    return rows.flatMap(({ execution_id }) => execution_id ?? [])
  },

  /** The newest runs of a workflow. */
  latest: (db: Db, user_id: string, workflow_id: string, limit: number): Promise<SaidRun[]> =>
    db
      .selectFrom('workflow_runs')
      .select(COLUMNS)
      .where('user_id', '=', user_id)
      .where('workflow_id', '=', workflow_id)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute(),

  last: (db: Db, user_id: string, workflow_id: string): Promise<SaidRun | undefined> =>
    db
      .selectFrom('workflow_runs')
      .select(COLUMNS)
      .where('user_id', '=', user_id)
      .where('workflow_id', '=', workflow_id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
}

/** What every id of a later millisecond is greater than: ids begin with their time. The clock may have been set back a little. */
function idFrom(ms: number): string {
  const hex = Math.max(0, Math.floor(ms) - 60_000)
    .toString(16)
    .padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}
