import type { Kysely } from 'kysely'
import { iso } from '../../kernel/clock.ts'
import { firstIdAt } from '../../kernel/ids.ts'
import { countUpTo } from '../retention/impact.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import type { WorkflowTables } from './store.ts'

/** Rows that are forgotten in one transaction; a run has up to 200 steps. */
const RUNS_AT_ONCE = 50
const WORKFLOWS_AT_ONCE = 20
const VERSIONS_AT_ONCE = 200

/** Runs that ended before the cutoff, with their steps. */
export const forgetRuns: Sweep = async (tx, { history }) => {
  const db = tx.tables<WorkflowTables>()
  const old = await db
    .selectFrom('workflow_runs')
    .select('id')
    .where('id', '<', firstIdAt(history))
    .where('ended_at', 'is not', null)
    .where('ended_at', '<', iso(history))
    .orderBy('id')
    .limit(RUNS_AT_ONCE)
    .execute()
  await forget(
    db,
    old.map(({ id }) => id),
  )
  return old.length === RUNS_AT_ONCE
}

/** Workflows that were deleted before the cutoff, with their history. */
export const forgetWorkflows: Sweep = async (tx, { deleted }) => {
  const db = tx.tables<WorkflowTables>()
  const gone = await db
    .selectFrom('workflows')
    .select(['id', 'user_id'])
    .where('deleted_at', '<', iso(deleted))
    .limit(WORKFLOWS_AT_ONCE)
    .execute()
  let room = RUNS_AT_ONCE
  for (const { id, user_id } of gone) {
    const runs = await db
      .selectFrom('workflow_runs')
      .select('id')
      .where('user_id', '=', user_id)
      .where('workflow_id', '=', id)
      .limit(room)
      .execute()
    await forget(
      db,
      runs.map((run) => run.id),
    )
    // One with a long history goes with its last piece.
    if (runs.length === room) return true
    room -= runs.length
    await db.deleteFrom('workflow_versions').where('workflow_id', '=', id).execute()
    await db.deleteFrom('workflows').where('id', '=', id).execute()
  }
  return gone.length === WORKFLOWS_AT_ONCE
}

/** Definitions that neither a workflow has nor a run had. */
export const forgetVersions: Sweep = async (tx) => {
  const db = tx.tables<WorkflowTables>()
  const unused = await db
    .selectFrom('workflow_versions as old')
    .select('old.version')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('workflows')
            .select('id')
            .whereRef('workflows.version', '=', 'old.version')
            .whereRef('workflows.id', '=', 'old.workflow_id'),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('workflow_runs as run')
            .select('run.id')
            .whereRef('run.user_id', '=', 'old.user_id')
            .whereRef('run.workflow_id', '=', 'old.workflow_id')
            .whereRef('run.version', '=', 'old.version'),
        ),
      ),
    )
    .limit(VERSIONS_AT_ONCE)
    .execute()
  if (unused.length > 0)
    await db
      .deleteFrom('workflow_versions')
      .where(
        'version',
        'in',
        unused.map(({ version }) => version),
      )
      .execute()
  return unused.length === VERSIONS_AT_ONCE
}

async function forget(db: Kysely<WorkflowTables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.deleteFrom('workflow_steps').where('run_id', 'in', ids).execute()
  await db.deleteFrom('workflow_runs').where('id', 'in', ids).execute()
}

/** How many runs ended before the cutoff. */
export const oldRuns: Outdated = (reader, { history }) =>
  countUpTo(
    reader
      .tables<WorkflowTables>()
      .selectFrom('workflow_runs')
      .select('id')
      .where('id', '<', firstIdAt(history))
      .where('ended_at', '<', iso(history)),
  )

/** How many workflows were deleted before the cutoff. */
export const oldWorkflows: Outdated = (reader, { deleted }) =>
  countUpTo(
    reader
      .tables<WorkflowTables>()
      .selectFrom('workflows')
      .select('id')
      .where('deleted_at', '<', iso(deleted)),
  )
