import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { WorkflowExecution } from '../../../contract/workflows.ts'
import { firstIdAt } from '../../kernel/ids.ts'
import type { Priority } from '../../kernel/job.ts'
import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'

/** A workflow. Its definition is the version that it names; the figures count its runs. */
export interface WorkflowRow {
  id: string
  user_id: string
  name: string
  name_key: string
  description: string
  version: number
  is_active: number
  /** When it was last made active: what times of its schedule are counted from. */
  active_since: string | null
  created_at: string
  updated_at: string
  deleted_at: string | null
  last_executed: string | null
  execution_count: number
  finished_count: number
  completed_count: number
}

/** A definition as it was at one time. It never changes, so that runs can keep the one that they started with. */
export interface VersionRow {
  version: number
  user_id: string
  workflow_id: string
  definition: string
}

/** One run of a workflow. `trigger_data` and `input` are JSON. */
export interface RunRow {
  id: string
  user_id: string
  workflow_id: string
  version: number
  status: WorkflowExecution['status']
  priority: Priority
  trigger_source: string
  trigger_data: string
  input: string
  /** How many workflows started each other before this one. */
  depth: number
  /** The run whose results it goes on from, and the step from which on it is a run of its own. */
  replay_of: string | null
  from_step: string | null
  /** Unique within the workflow: what would start it twice starts it once. */
  once_key: string | null
  error: string | null
  created_at: string
  started_at: string | null
  ended_at: string | null
}

export type StepStatus =
  | 'pending'
  | 'executing'
  | 'waiting'
  | 'completed'
  | 'failed'
  | 'skipped'
  | 'stopped'
  | 'unknown'

/** What is recorded of a step: nothing before it has begun. `input`, `result` and `tries` are JSON. */
export interface StepRow {
  run_id: string
  step_id: string
  user_id: string
  status: StepStatus
  attempts: number
  /** The order in which a run's records were made. */
  seq: number
  started_at: string | null
  ended_at: string | null
  input: string | null
  result: string | null
  error: string | null
  execution_id: string | null
  /** Epoch ms at which it is tried again, or its waiting is over. */
  wake: number | null
  /** What a waiting step waits for, by its kind and name, and the answer that came. */
  waits_for: string | null
  answer: string | null
  /** Attempts that failed before the last one. */
  tries: string | null
}

/** A workflow with its definition, which is JSON. */
export type Listed = WorkflowRow & Pick<VersionRow, 'definition'>

/** A run that has not ended. There may be many of them, so that what they were given is not read. */
export type OpenRun = Pick<RunRow, 'id' | 'workflow_id' | 'created_at' | 'started_at'>

export interface WorkflowTables {
  workflows: WorkflowRow
  workflow_versions: VersionRow
  workflow_runs: RunRow
  workflow_steps: StepRow
}
type Db = Kysely<WorkflowTables>

const find = hot<WorkflowTables, { user_id: string; id: string }, WorkflowRow>((db, value) =>
  db
    .selectFrom('workflows')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id'))
    .where('deleted_at', 'is', null),
)
const version = hot<WorkflowTables, { version: number }, VersionRow>((db, value) =>
  db.selectFrom('workflow_versions').selectAll().where('version', '=', value('version')),
)
const countStart = hot<WorkflowTables, { id: string; now: string }>((db, value) =>
  db
    .updateTable('workflows')
    .set((eb) => ({ last_executed: value('now'), execution_count: eb('execution_count', '+', 1) }))
    .where('id', '=', value('id')),
)
const countEnd = hot<WorkflowTables, { id: string; completed: number }>((db, value) =>
  db
    .updateTable('workflows')
    .set((eb) => ({
      finished_count: eb('finished_count', '+', 1),
      completed_count: eb('completed_count', '+', value('completed')),
    }))
    .where('id', '=', value('id')),
)
const insertRun = hot<WorkflowTables, RunRow>((db, value) =>
  db.insertInto('workflow_runs').values({
    id: value('id'),
    user_id: value('user_id'),
    workflow_id: value('workflow_id'),
    version: value('version'),
    status: value('status'),
    priority: value('priority'),
    trigger_source: value('trigger_source'),
    trigger_data: value('trigger_data'),
    input: value('input'),
    depth: value('depth'),
    replay_of: value('replay_of'),
    from_step: value('from_step'),
    once_key: value('once_key'),
    error: value('error'),
    created_at: value('created_at'),
    started_at: value('started_at'),
    ended_at: value('ended_at'),
  }),
)
const runById = hot<WorkflowTables, { user_id: string; id: string }, RunRow>((db, value) =>
  db
    .selectFrom('workflow_runs')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)
const once = hot<WorkflowTables, { workflow_id: string; once_key: string }, RunRow>((db, value) =>
  db
    .selectFrom('workflow_runs')
    .selectAll()
    .where('workflow_id', '=', value('workflow_id'))
    .where('once_key', '=', value('once_key')),
)
const advanceRun = hot<WorkflowTables, Pick<RunRow, 'id' | 'status' | 'error' | 'started_at' | 'ended_at'>>(
  (db, value) =>
    db
      .updateTable('workflow_runs')
      .set({
        status: value('status'),
        error: value('error'),
        started_at: value('started_at'),
        ended_at: value('ended_at'),
      })
      .where('id', '=', value('id')),
)
// An index of some rows alone is used only where the query names them by literals: a parameter may be anything.
const openRuns = hot<WorkflowTables, { user_id: string }, OpenRun>((db, value) =>
  db
    .selectFrom('workflow_runs')
    .select(['id', 'workflow_id', 'created_at', 'started_at'])
    .where('user_id', '=', value('user_id'))
    .where('status', 'in', [sql.lit('queued' as const), sql.lit('executing' as const)])
    .orderBy('id'),
)
const allOpen = hot<WorkflowTables, object, Pick<RunRow, 'id' | 'user_id' | 'priority'>>((db) =>
  db
    .selectFrom('workflow_runs')
    .select(['id', 'user_id', 'priority'])
    .where('status', 'in', [sql.lit('queued' as const), sql.lit('executing' as const)]),
)
const startedSince = hot<WorkflowTables, { since: string }, Pick<RunRow, 'user_id' | 'created_at'>>(
  (db, value) =>
    db
      .selectFrom('workflow_runs')
      .select(['user_id', 'created_at'])
      .where('id', '>=', value('since'))
      // What was refused was not counted.
      .where((eb) => eb.or([eb('started_at', 'is not', null), eb('ended_at', 'is', null)]))
      .where('trigger_source', 'not like', 'manual:%')
      .where('trigger_source', 'not like', 'replay:%')
      .orderBy('id'),
)
const steps = hot<WorkflowTables, { run_id: string }, StepRow>((db, value) =>
  db.selectFrom('workflow_steps').selectAll().where('run_id', '=', value('run_id')).orderBy('seq'),
)
const putStep = hot<WorkflowTables, StepRow>((db, value) => {
  const row = {
    run_id: value('run_id'),
    step_id: value('step_id'),
    user_id: value('user_id'),
    status: value('status'),
    attempts: value('attempts'),
    seq: value('seq'),
    started_at: value('started_at'),
    ended_at: value('ended_at'),
    input: value('input'),
    result: value('result'),
    error: value('error'),
    execution_id: value('execution_id'),
    wake: value('wake'),
    waits_for: value('waits_for'),
    answer: value('answer'),
    tries: value('tries'),
  }
  const { run_id: _, step_id: __, user_id: ___, ...change } = row
  return db
    .insertInto('workflow_steps')
    .values(row)
    .onConflict((conflict) => conflict.columns(['run_id', 'step_id']).doUpdateSet(change))
})
const answerStep = hot<WorkflowTables, Pick<StepRow, 'run_id' | 'step_id' | 'answer'>>((db, value) =>
  db
    .updateTable('workflow_steps')
    .set({ answer: value('answer') })
    .where('run_id', '=', value('run_id'))
    .where('step_id', '=', value('step_id')),
)
const waiting = hot<WorkflowTables, { user_id: string; waits_for: string }, StepRow>((db, value) =>
  db
    .selectFrom('workflow_steps')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('waits_for', '=', value('waits_for'))
    .where('status', '=', sql.lit('waiting' as const))
    .where('answer', 'is', null),
)

/** Nothing where the version is gone. */
const DEFINITION = sql<string>`coalesce(workflow_versions.definition, '')`.as('definition')

type ListFilter = Partial<{
  active: boolean | undefined
  after: string | undefined
  limit: number
  veiled: boolean
}>

/** The queries of workflows and their runs. */
export const workflowStore = {
  find: (connection: Connection, user_id: string, id: string): WorkflowRow | undefined =>
    find.all(connection, { user_id, id })[0],
  version: (connection: Connection, number: number): VersionRow | undefined =>
    version.all(connection, { version: number })[0],
  countStart: (connection: Connection, id: string, now: string) => countStart.run(connection, { id, now }),
  countEnd: (connection: Connection, id: string, completed: boolean) =>
    countEnd.run(connection, { id, completed: completed ? 1 : 0 }),

  insertRun: (connection: Connection, row: RunRow) => insertRun.run(connection, row),
  run: (connection: Connection, user_id: string, id: string): RunRow | undefined =>
    runById.all(connection, { user_id, id })[0],
  once: (connection: Connection, workflow_id: string, once_key: string): RunRow | undefined =>
    once.all(connection, { workflow_id, once_key })[0],
  /** Those that a schedule, a webhook or another agent has started. */
  startedSince: (connection: Connection, since: number) =>
    startedSince.all(connection, { since: firstIdAt(since) }),
  advanceRun: (connection: Connection, row: RunRow) => advanceRun.run(connection, row),
  /** Of all users. */
  allOpen: (connection: Connection) => allOpen.all(connection, {}),
  /** Of one workflow or of all. */
  openRuns: (connection: Connection, user_id: string, workflow_id?: string): OpenRun[] =>
    openRuns
      .all(connection, { user_id })
      .filter((run) => workflow_id === undefined || run.workflow_id === workflow_id),

  steps: (connection: Connection, run_id: string) => steps.all(connection, { run_id }),
  putStep: (connection: Connection, row: StepRow) => putStep.run(connection, row),
  answerStep: (connection: Connection, row: Pick<StepRow, 'run_id' | 'step_id' | 'answer'>) =>
    answerStep.run(connection, row),
  waiting: (connection: Connection, user_id: string, waits_for: string) =>
    waiting.all(connection, { user_id, waits_for }),

  /** Also when it is deleted: a rollback brings it back. */
  anyById: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('workflows')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** With its definition, also when it is deleted. */
  stated: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('workflows')
      .leftJoin('workflow_versions', 'workflow_versions.version', 'workflows.version')
      .selectAll('workflows')
      .select(DEFINITION)
      .where('workflows.user_id', '=', user_id)
      .where('workflows.id', '=', id)
      .executeTakeFirst(),

  byName: (db: Db, user_id: string, name_key: string) =>
    db
      .selectFrom('workflows')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('name_key', '=', name_key)
      .where('deleted_at', 'is', null)
      .executeTakeFirst(),

  /** By name, from a name on; definitions are not read where they are `veiled`. */
  list(db: Db, user_id: string, filter: ListFilter = {}): Promise<Listed[]> {
    let query = db
      .selectFrom('workflows')
      .leftJoin('workflow_versions', 'workflow_versions.version', 'workflows.version')
      .selectAll('workflows')
      .select(filter.veiled === true ? sql<string>`''`.as('definition') : DEFINITION)
      .where('workflows.user_id', '=', user_id)
      .where('deleted_at', 'is', null)
    if (filter.active !== undefined) query = query.where('is_active', '=', filter.active ? 1 : 0)
    if (filter.after !== undefined) query = query.where('name_key', '>', filter.after)
    query = query.orderBy('name_key')
    return (filter.limit === undefined ? query : query.limit(filter.limit)).execute()
  },

  /** Also of deleted ones. */
  names: (db: Db, user_id: string) =>
    db.selectFrom('workflows').select(['id', 'name']).where('user_id', '=', user_id).execute(),

  async counts(db: Db, user_id: string): Promise<{ total_count: number; active_count: number }> {
    const row = await db
      .selectFrom('workflows')
      .select((eb) => [
        eb.fn.countAll<number>().as('total_count'),
        eb.fn.sum<number | null>('is_active').as('active_count'),
      ])
      .where('user_id', '=', user_id)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    return { total_count: row.total_count, active_count: row.active_count ?? 0 }
  },

  async addVersion(
    db: Db,
    { user_id, workflow_id, definition }: Omit<VersionRow, 'version'>,
  ): Promise<number> {
    const row = await db
      .insertInto('workflow_versions')
      .values({ user_id, workflow_id, definition } as VersionRow)
      .returning('version')
      .executeTakeFirstOrThrow()
    return row.version
  },

  insert: (db: Db, row: WorkflowRow) => db.insertInto('workflows').values(row).execute(),

  update: (db: Db, user_id: string, id: string, change: Partial<WorkflowRow>) =>
    db.updateTable('workflows').set(change).where('user_id', '=', user_id).where('id', '=', id).execute(),
}
