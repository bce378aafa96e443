import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { hot } from '../../../kernel/store/dialect.ts'
import type { Connection } from '../../../kernel/store/connection.ts'
import type { WorkflowRow, WorkflowTables } from '../store.ts'

/** Ids from the newest run of a page to the oldest. */
interface Page {
  user_id: string
  from: string
  before: string
}

/** Runs that were started by the same thing, counted. */
export interface Starts {
  workflow_id: string
  version: number
  trigger_source: string
  /** The trigger, of those that a schedule has started. */
  key: string | null
  uses: number
  bytes: number
  newest: string
}

/** Performances of one step, counted. */
export interface Performed {
  version: number
  step_id: string
  uses: number
  bytes: number
  newest: string
}

/** Runs that are counted at once, so that others get a turn in between. */
export const PAGE = 500

const bounds = hot<WorkflowTables, Page, { runs: number; oldest: string | null }>((db, value) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('workflow_runs')
        .select('id')
        .where('user_id', '=', value('user_id'))
        .where('id', '>=', value('from'))
        .where('id', '<', value('before'))
        .orderBy('id', 'desc')
        .limit(sql.lit(PAGE))
        .as('newest'),
    )
    .select((eb) => [eb.fn.countAll<number>().as('runs'), eb.fn.min<string | null>('id').as('oldest')]),
)
const KEY = sql<string | null>`CASE WHEN trigger_source = 'schedule'
  THEN substr(once_key, 1, instr(once_key, ' ') - 1) END`
const starts = hot<WorkflowTables, Page, Starts>((db, value) =>
  db
    .selectFrom('workflow_runs')
    .select((eb) => [
      'workflow_id',
      'version',
      'trigger_source',
      KEY.as('key'),
      eb.fn.countAll<number>().as('uses'),
      sql<number>`sum(octet_length(trigger_data))`.as('bytes'),
      eb.fn.max<string>('id').as('newest'),
    ])
    .where('user_id', '=', value('user_id'))
    .where('id', '>=', value('from'))
    .where('id', '<', value('before'))
    // What was refused started nothing, and a replay goes on from what was started before.
    .where((eb) => eb.or([eb('started_at', 'is not', null), eb('ended_at', 'is', null)]))
    .where('replay_of', 'is', null)
    .groupBy(['workflow_id', 'version', 'trigger_source', KEY]),
)
const performed = hot<WorkflowTables, Page, Performed>((db, value) =>
  db
    .selectFrom('workflow_runs')
    .innerJoin('workflow_steps', 'workflow_steps.run_id', 'workflow_runs.id')
    .select((eb) => [
      'workflow_runs.version',
      'workflow_steps.step_id',
      eb.fn.countAll<number>().as('uses'),
      sql<number>`sum(coalesce(octet_length(workflow_steps.result), 0))`.as('bytes'),
      eb.fn.max<string>('workflow_steps.started_at').as('newest'),
    ])
    .where('workflow_runs.user_id', '=', value('user_id'))
    .where('workflow_runs.id', '>=', value('from'))
    .where('workflow_runs.id', '<', value('before'))
    // A replay begins with records of what another run performed.
    .where((eb) => eb('workflow_steps.started_at', '>=', eb.ref('workflow_runs.created_at')))
    .where('workflow_steps.status', 'not in', [sql.lit('skipped' as const), sql.lit('pending' as const)])
    .groupBy(['workflow_runs.version', 'workflow_steps.step_id']),
)

/** The queries of what a picture of the system shows of workflows. */
export const drawnStore = {
  /** All that a user has or had, with the definitions that they have now. */
  workflows: (
    db: Kysely<WorkflowTables>,
    user_id: string,
  ): Promise<(WorkflowRow & { definition: string })[]> =>
    db
      .selectFrom('workflows')
      .innerJoin('workflow_versions', 'workflow_versions.version', 'workflows.version')
      .selectAll('workflows')
      .select('workflow_versions.definition')
      .where('workflows.user_id', '=', user_id)
      .orderBy('workflows.id')
      .execute(),
  bounds: (connection: Connection, page: Page) => bounds.all(connection, page)[0],
  starts: (connection: Connection, page: Page) => starts.all(connection, page),
  performed: (connection: Connection, page: Page) => performed.all(connection, page),
}
